"""Making a line the border between two grids."""

from tests.geo.edits.squares import code, line, nodes_of, partition, perform, sizes

TWO = """
    aabb
    aabb
"""
PAIR = [code("a"), code("b")]


def reshape(picture, drawn, **options):
    return perform(partition(picture, **options), type="reshape", grids=PAIR, line=drawn)


def test_a_bulge_from_border_to_border_changes_hands():
    #  ┌────┬────┐
    #  │ a  └┐ b │    b loses what lies left of the line
    #  │    ┌┘   │
    outcome = reshape(TWO, line((2, 0.5), (3, 0.5), (3, 1.5), (2, 1.5)))
    assert sizes(outcome.grids) == {"001": 5.0, "002": 3.0}


def test_the_line_may_begin_and_end_beyond_the_border():
    outcome = reshape(TWO, line((1.5, 0.5), (3, 0.5), (3, 1.5), (1.5, 1.5)))
    assert sizes(outcome.grids) == {"001": 5.0, "002": 3.0}


def test_a_line_that_winds_around_the_border():
    outcome = reshape(TWO, line((2, 0), (2.5, 0.5), (2, 1), (1.5, 1.5), (2, 2)))
    assert sizes(outcome.grids) == {"001": 4.0, "002": 4.0}
    assert outcome.problem is None


def test_more_than_half_of_a_grid_may_change_hands():
    outcome = reshape(TWO, line((2, 0), (0.2, 0.1), (0.2, 1.9), (2, 2)))
    assert sizes(outcome.grids)["001"] < 1.0


def test_a_new_border_beside_the_old_from_outline_to_outline():
    outcome = reshape(TWO, line((1.5, -1), (1.5, 3)))
    assert sizes(outcome.grids) == {"001": 3.0, "002": 5.0}


def test_from_the_outline_to_the_border():
    outcome = reshape(TWO, line((1.5, -1), (1.5, 0.5), (2, 1)))
    assert sizes(outcome.grids)["002"] == 4.375
    assert sizes(outcome.grids)["001"] == 3.625


def test_lines_that_do_not_make_a_border():
    assert reshape(TWO, line((2, 0), (2, 2))).problem.key == "line_along_border"
    assert reshape(TWO, line((0.5, 0.5), (1, 1))).problem.key == "line_misses_border"
    assert reshape(TWO, line((8, 8), (9, 9))).problem.key == "line_misses_border"
    assert reshape("acb", line((0.5, 0), (1.5, 0.5))).problem.key == "not_adjacent"


def test_a_locked_side_refuses():
    assert reshape(TWO, line((2, 0.5), (3, 1), (2, 1.5)), locked="b").problem.key == "grid_locked"


def test_a_third_grid_keeps_its_line():
    grids = partition("cc\nab")
    outcome = perform(grids, type="reshape", grids=PAIR, line=line((0.7, -1), (0.7, 3)))
    assert sizes(outcome.grids) == {"001": 0.7, "002": 1.3, "003": 2.0}
    assert nodes_of(grids.grids, code("c")) < nodes_of(outcome.grids, code("c"))


def test_the_border_of_an_island():
    grids = partition("aaa\naba\naaa")
    outcome = perform(grids, type="reshape", grids=PAIR, line=line((1, 1.2), (0.5, 1.5), (1, 1.8)))
    assert outcome.problem is None
    assert sizes(outcome.grids)["002"] == 1.15
