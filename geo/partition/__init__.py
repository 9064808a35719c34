"""Do the grids of a village tile it? No gap, no overlap, edge-matched.

Four checks, because each catches what the others miss:

* every polygon is valid by itself (a lone bow-tie is a valid coverage to GEOS);
* ``coverage_is_valid`` among the grids (a node missing on one side of a border leaves no gap
  that a difference shows, yet tears when the node is dragged);
* village minus union, and union minus village (a missing middle cell is a valid coverage);
* the areas add up (many slivers, each too thin to be told).

A difference is told when it is *thicker than 1 mm*: when a disc of that diameter fits in, so when
it does not vanish under a negative buffer of half of that. Nodes lie on the lattice of the store,
up to 0.1 mm beside the border they were computed on; thinner differences are that. Between grids,
where every node is shared, nothing thinner is allowed either: borders up to 1 mm apart are an edge
mismatch. So no width of gap between two grids falls between the checks.
"""

from geo.partition.areas import (
    THICKNESS_M,
    HouseholdCounter,
    find_gaps,
    find_outside,
    find_overlaps,
    thick_difference,
    thick_parts,
)
from geo.partition.check import check_partition, check_partitions, find_duplicates
from geo.partition.edges import find_mismatched_edges
from geo.shapes import find_invalid

__all__ = [
    "THICKNESS_M",
    "HouseholdCounter",
    "check_partition",
    "check_partitions",
    "find_duplicates",
    "find_gaps",
    "find_invalid",
    "find_mismatched_edges",
    "find_outside",
    "find_overlaps",
    "thick_difference",
    "thick_parts",
]
