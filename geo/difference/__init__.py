"""Two partitions of the same ground, compared: which grids differ, which land and who moves."""

from geo.difference.compare import Difference, compare

__all__ = ["Difference", "compare"]
