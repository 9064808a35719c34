"""Giving land to a grid: a drawn area, or natural villages."""

from geo.edits import attempt
from tests.geo.edits.squares import area, code, lonlat, nodes_of, partition, perform, sizes

TWO = """
    aabb
    aabb
"""


def transfer(grids, to, drawn, **more):
    return perform(grids, type="transfer", to=code(to), area=drawn, **more)


def square(west, south, east, north):
    return area((west, south), (east, south), (east, north), (west, north))


def test_the_drawn_land_goes_to_the_taker():
    outcome = transfer(partition(TWO), "a", square(1.5, 0.5, 3, 1.5))
    assert sizes(outcome.grids) == {"001": 5.0, "002": 3.0}


def test_land_of_another_village_does_not_count():
    grids = partition(TWO + "\n    cccc", villages={"c": "500229001002"})
    before = grids.grids.geometry[2].wkb
    outcome = transfer(grids, "a", square(1.5, -0.5, 3, 2.5))
    assert outcome.problem is None
    assert outcome.grids.geometry[2].wkb == before


def test_only_from_the_sources():
    grids = partition("abc")
    outcome = perform(
        grids,
        type="transfer",
        to=code("a"),
        area=square(0.5, 0.2, 2.5, 0.8),
        **{"from": [code("b")]},
    )
    assert outcome.problem.key == "would_disconnect"
    low = square(0.5, -0.5, 2.5, 0.5)
    outcome = perform(grids, type="transfer", to=code("a"), area=low, **{"from": [code("b")]})
    assert sizes(outcome.grids) == {"001": 1.5, "002": 0.5, "003": 1.0}


def test_cut_off_pieces_go_along_when_asked():
    strip = square(1.5, 0.4, 3.5, 0.6)  # cuts b below it off
    grids = partition("aabb")
    crossing = area((1.5, 0.4), (5, 0.4), (5, 0.6), (1.5, 0.6))
    outcome = transfer(grids, "a", crossing)
    assert outcome.problem.key == "would_disconnect"
    assert outcome.problem.details["parts"] == 2
    tidied = attempt(grids, outcome.fix)
    assert tidied.problem is None
    assert 0.7 < sizes(tidied.grids)["002"] < 0.9
    assert transfer(grids, "a", strip).problem is None


def test_a_grid_that_would_be_emptied_is_to_be_merged():
    outcome = transfer(partition(TWO), "a", square(1, -1, 5, 3))
    assert outcome.problem.key == "would_empty"
    merged = attempt(partition(TWO), outcome.fix)
    assert sizes(merged.grids) == {"001": 8.0}


def test_a_sliver_left_over_is_refused_and_tidied():
    nearly = square(1, -1, 3.995, 3)
    outcome = transfer(partition(TWO), "a", nearly)
    assert outcome.problem.key == "would_leave_sliver"
    assert outcome.fix is None  # nothing of b would be left


def test_land_that_does_not_touch_the_taker():
    outcome = transfer(partition("abc"), "a", square(2.2, 0.2, 2.8, 0.8))
    assert outcome.problem.key == "not_adjacent"


def test_an_area_over_the_taker_or_nothing():
    assert transfer(partition(TWO), "a", square(0.5, 0.5, 1, 1)).problem.key == "area_misses"
    assert transfer(partition(TWO), "a", square(7, 7, 8, 8)).problem.key == "area_misses"


def test_a_locked_grid_under_the_area_refuses_unless_it_is_no_source():
    grids = partition("aab\naac", locked="c")
    wide = square(1.5, 0.5, 2.5, 1.5)
    assert transfer(grids, "a", wide).problem.key == "grid_locked"
    outcome = perform(grids, type="transfer", to=code("a"), area=wide, **{"from": [code("b")]})
    assert outcome.problem is None
    assert nodes_of(grids.grids, code("c")) <= nodes_of(outcome.grids, code("c"))


def test_an_area_with_a_hole_leaves_an_island():
    ring = square(0.2, 0.2, 1.8, 1.8)
    ring["coordinates"].append(lonlat((0.8, 0.8), (0.8, 1.2), (1.2, 1.2), (1.2, 0.8), (0.8, 0.8)))
    grids = partition("aac\naac\nbbb")
    outcome = transfer(grids, "b", ring)
    assert outcome.problem.key in ("would_disconnect", "not_adjacent")


NATURAL = """
    wwxx
    yyzz
"""


def test_whole_natural_villages_by_code_or_number():
    grids = partition(TWO, natural=NATURAL)
    outcome = perform(grids, type="assign", natural_villages=["z"], to=code("a"))
    assert sizes(outcome.grids) == {"001": 6.0, "002": 2.0}
    by_id = perform(grids, type="assign", natural_villages=[4], to=code("a"))
    assert sizes(by_id.grids) == sizes(outcome.grids)


def test_unknown_natural_villages_and_those_of_other_villages():
    grids = partition(TWO, natural=NATURAL)
    outcome = perform(grids, type="assign", natural_villages=["q"], to=code("a"))
    assert outcome.problem.key == "natural_village_not_found"


def test_natural_villages_that_are_all_of_a_grid():
    grids = partition(TWO, natural=NATURAL)
    outcome = perform(grids, type="assign", natural_villages=["x", "z"], to=code("a"))
    assert outcome.problem.key == "would_empty"


def test_natural_villages_it_has_already():
    grids = partition(TWO, natural=NATURAL)
    outcome = perform(grids, type="assign", natural_villages=["w"], to=code("a"))
    assert outcome.problem.key == "area_misses"


def test_a_merge_is_offered_only_if_it_is_what_was_drawn():
    outcome = transfer(partition("abc"), "a", square(0.5, -1, 4, 2))
    assert outcome.problem.key == "would_empty"
    assert outcome.fix is None
