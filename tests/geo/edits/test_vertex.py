"""Moving a node that several grids share."""

import math

from geo.edits import attempt
from geo.partition import check_partitions
from tests.geo.edits.squares import code, lonlat, nodes_of, partition, perform, sizes

FOUR = """
    ab
    cd
"""


def move(grids, start, end):
    [begin], [goal] = lonlat(start), lonlat(end)
    return perform(grids, type="move_vertex", **{"from": begin, "to": goal})


def test_a_node_of_four_grids_moves_in_all_of_them():
    outcome = move(partition(FOUR), (1, 1), (1.2, 1.2))
    assert outcome.changed == tuple(code(x) for x in "abcd")
    assert sizes(outcome.grids) == {"001": 1.0, "002": 0.8, "003": 1.2, "004": 1.0}


def test_one_may_point_a_little_beside_the_node():
    assert move(partition(FOUR), (1.0002, 0.9999), (1.2, 1.2)).problem is None
    assert move(partition(FOUR), (1.1, 1.1), (1.2, 1.2)).problem.key == "vertex_not_found"


def test_the_end_of_a_border_slides_along_the_outline():
    outcome = move(partition(FOUR), (1, 0), (1.4, 0))
    assert sizes(outcome.grids)["003"] == 1.2
    beside = move(partition(FOUR), (1, 0), (1.4, 0.3))
    assert beside.problem.key == "vertex_on_outline"
    assert sizes(attempt(partition(FOUR), beside.fix).grids)["003"] == 1.2


def test_a_corner_of_the_village_does_not_move():
    outcome = move(partition(FOUR), (0, 0), (0.2, 0.2))
    assert (outcome.problem.key, outcome.fix) == ("vertex_on_outline", None)


def test_beyond_a_neighbouring_border_it_would_overlap():
    for goal in ((2.5, 1.5), (1.5, -0.5), (-0.3, 1)):
        outcome = move(partition(FOUR), (1, 1), goal)
        assert outcome.problem is not None
        assert outcome.problem.key.startswith("would_")


def test_a_locked_grid_holds_its_nodes():
    assert move(partition(FOUR, locked="a"), (1, 1), (1.2, 1.2)).problem.key == "grid_locked"


def test_moving_to_where_it_is():
    assert move(partition(FOUR), (1, 1), (1, 1)).problem.key == "no_change"


def test_a_node_of_two_villages_stays():
    grids = partition("ab", villages={"b": "500229001002"})
    assert move(grids, (1, 0), (1.2, 0.2)).problem.key == "vertex_on_outline"


def test_the_outline_keeps_the_node_a_border_has_left():
    grids = partition(FOUR)
    outcome = move(grids, (1, 0), (1.4, 0))
    [left] = lonlat((1, 0))
    at = min(nodes_of(grids.grids, code("c")), key=lambda n: math.dist(n, left))
    assert at in nodes_of(outcome.grids, code("c"))
    assert at not in nodes_of(outcome.grids, code("d"))
    back = move(type(grids)(outcome.grids, grids.villages), (1.4, 0), (1.1, 0))
    assert sizes(back.grids)["003"] == 1.05


def test_the_end_of_a_border_leaves_a_corner_of_the_outline():
    grids = partition("ab\n.b")
    assert sizes(grids.grids) == {"001": 1.0, "002": 2.0}
    outcome = move(grids, (1, 1), (0.5, 1))
    assert sizes(outcome.grids) == {"001": 0.75, "002": 2.25}
    assert check_partitions(outcome.grids, grids.villages) == []
    # the other way the border would lie on the outline
    assert move(grids, (1, 1), (1, 0.5)).problem is not None
