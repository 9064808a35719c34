"""The numbers of a grid: which there are, how each is measured, and what it was measured from."""

from geo.indicators.content import content_key, content_keys
from geo.indicators.measure import measure_grids
from geo.indicators.people import COUNTS, People, counts_of, members_of
from geo.indicators.registry import INDICATORS, REGISTRY_VERSION, Indicator, document

__all__ = [
    "COUNTS",
    "INDICATORS",
    "REGISTRY_VERSION",
    "Indicator",
    "People",
    "content_key",
    "content_keys",
    "counts_of",
    "document",
    "measure_grids",
    "members_of",
]
