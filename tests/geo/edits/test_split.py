"""Splitting grids by a line."""

import shapely

from geo.edits import attempt
from geo.edits.parse import edit_to_json
from tests.geo.edits.squares import VILLAGE, code, line, lonlat, nodes_of, partition, perform, sizes

TWO = """
    aabb
    aabb
"""


def test_a_line_across_makes_a_grid_and_the_larger_piece_keeps_the_code():
    #   ┌──┬────┬────┐
    #   │  ┊ a  │ b  │      a is cut at 0.5 of its 2 squares
    #   └──┴────┴────┘
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=line((0.5, -1), (0.5, 3)))
    assert outcome.problem is None
    assert sizes(outcome.grids) == {"001": 3.0, "002": 4.0, "003": 1.0}
    assert outcome.created == (code("c"),)
    assert set(outcome.changed) == {code("a"), code("c")}  # b has no border with the cut


def test_the_new_grid_takes_village_kind_and_name():
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=line((0.5, -1), (0.5, 3)))
    new = outcome.grids.iloc[-1]
    assert (new["village_code"], new["kind"], new["name"]) == (VILLAGE, "basic", "网格a-2")


def test_the_neighbour_gets_the_ends_of_the_line():
    before = partition(TWO)
    outcome = perform(before, type="split", grid=code("a"), line=line((-1, 0.7), (2.2, 0.7)))
    added = nodes_of(outcome.grids, code("b")) - nodes_of(before.grids, code("b"))
    assert len(added) == 1
    assert added < nodes_of(outcome.grids, code("a"))
    assert added < nodes_of(outcome.grids, code("c"))


def test_one_line_crosses_several_grids():
    outcome = perform(
        partition(TWO), type="split", grids=[code("a"), code("b")], line=line((-1, 1.5), (5, 1.5))
    )
    assert sizes(outcome.grids) == {"001": 3.0, "002": 3.0, "003": 1.0, "004": 1.0}


def test_a_line_that_comes_back_makes_three_pieces_from_west_to_east():
    there_and_back = line((0.5, 3), (0.5, -1), (1.2, -1), (1.2, 3))
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=there_and_back)
    assert sizes(outcome.grids) == {"001": 1.6, "002": 4.0, "003": 1.0, "004": 1.4}


def test_a_loop_cuts_out_an_island():
    loop = line((0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5), (0.5, 0.5))
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=loop)
    assert sizes(outcome.grids) == {"001": 3.0, "002": 4.0, "003": 1.0}


def test_a_line_that_stops_inside_is_offered_longer():
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=line((1, 3), (1, 0.5)))
    assert outcome.problem.key == "line_does_not_cross"
    again = attempt(partition(TWO), outcome.fix)
    assert again.problem is None
    assert sizes(again.grids)["001"] == 2.0


def test_lines_that_do_nothing_say_why():
    grids = partition(TWO)
    for drawn, key in (
        (line((9, 9), (10, 10)), "line_misses"),
        (line((-1, 1), (1, -1)), "line_misses"),  # touches the corner
        (line((0, 0), (0, 2)), "line_along_border"),
        (line((2, -1), (2, 3)), "line_along_border"),
    ):
        outcome = perform(grids, type="split", grid=code("a"), line=drawn)
        assert outcome.problem.key == key
        assert outcome.grids is grids.grids


def test_a_sliver_is_refused_or_stays_with_its_neighbour():
    near = line((0.005, -1), (0.005, 3), (0.5, 3), (0.5, -1))  # 0.5 m beside the border
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=near)
    assert outcome.problem.key == "would_leave_sliver"
    again = attempt(partition(TWO), outcome.fix)
    assert sizes(again.grids) == {"001": 3.0, "002": 4.0, "003": 1.0}


def test_codes_ever_used_are_not_given_again():
    before = partition(TWO)
    object.__setattr__(before, "taken", frozenset({f"{VILLAGE}017"}))
    outcome = perform(before, type="split", grid=code("a"), line=line((0.5, -1), (0.5, 3)))
    assert outcome.created == (f"{VILLAGE}018",)


def test_a_locked_grid_is_not_split_but_takes_a_node():
    grids = partition(TWO, locked="b")
    refused = perform(grids, type="split", grid=code("b"), line=line((3, -1), (3, 3)))
    assert refused.problem.key == "grid_locked"
    outcome = perform(grids, type="split", grid=code("a"), line=line((-1, 0.7), (2.2, 0.7)))
    assert nodes_of(grids.grids, code("b")) < nodes_of(outcome.grids, code("b"))
    assert len(nodes_of(outcome.grids, code("b"))) == len(nodes_of(grids.grids, code("b"))) + 1


def test_an_exclave_stays_with_the_piece_that_keeps_the_code():
    grids = partition(
        """
        aab.a
        aab.a
        """
    )
    outcome = perform(grids, type="split", grid=code("a"), line=line((0.5, -1), (0.5, 3)))
    assert sizes(outcome.grids) == {"001": 5.0, "002": 2.0, "003": 1.0}


def test_a_line_drawn_a_hair_beside_a_node_means_the_node():
    grids = partition(TWO)
    outcome = perform(grids, type="split", grid=code("a"), line=line((-1, 1), (2.00005, 1.00004)))
    assert outcome.problem is None
    assert nodes_of(outcome.grids, code("b")) == nodes_of(grids.grids, code("b"))


def test_the_answer_does_not_depend_on_the_order_of_rows():
    cut = {"type": "split", "grid": code("a"), "line": line((0.5, -1), (0.7, 3))}
    straight = perform(partition(TWO), **cut).grids
    before = partition(TWO)
    turned = type(before)(before.grids.iloc[::-1], before.villages, None, before.taken)
    other = perform(turned, **cut).grids
    for name in straight["code"]:
        one = straight.geometry[straight["code"] == name].iloc[0]
        two = other.geometry[other["code"] == name].iloc[0]
        assert shapely.to_wkb(one) == shapely.to_wkb(two)


def test_the_fix_can_be_sent_back():
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=line((1, 3), (1, 0.5)))
    assert edit_to_json(outcome.fix)["type"] == "split"
    assert lonlat((0, 0))


def test_a_line_that_makes_thousands_of_pieces_is_refused_at_once():
    turns = [(x / 1000, 3 if x % 2 else -1) for x in range(1, 2000)]
    outcome = perform(partition(TWO), type="split", grid=code("a"), line=line(*turns))
    assert outcome.problem.key == "too_many_grids"
