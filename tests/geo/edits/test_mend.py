"""Filling gaps, resolving overlaps, cutting at the outline."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import to_store
from geo.edits import attempt
from geo.edits.noding import map_rings
from geo.partition import check_partitions
from tests.geo.cells import CRS, ORIGIN, drawn
from tests.geo.edits.squares import SIZE, VILLAGE, code, line, lonlat, partition, perform, sizes

GAP = """
    aab
    axb
    aab
"""


def problems(grids, villages):
    return [p.key for p in check_partitions(grids, villages)]


def with_shape(grids, letter, picture):
    """Replace the shape of a grid by another drawing's."""
    frame = grids.grids.to_crs(CRS)
    shapes = list(frame.geometry)
    shapes[list(frame["code"]).index(code(letter))] = shapely.coverage_union_all(
        drawn(picture).geometry.array
    )
    changed = frame.set_geometry(geopandas.GeoSeries(shapes, index=frame.index, crs=CRS))
    return type(grids)(to_store(changed), grids.villages, None, grids.taken)


def test_a_gap_goes_to_the_grid_that_is_named():
    grids = partition(GAP, hide="x")
    [at] = lonlat((1.5, 1.5))
    outcome = perform(grids, type="fill_gap", at=at, to=code("b"))
    assert sizes(outcome.grids) == {"001": 5.0, "002": 4.0}
    assert problems(outcome.grids, grids.villages) == []


def test_a_gap_goes_to_the_longest_neighbour():
    grids = partition(GAP, hide="x")
    [at] = lonlat((1.2, 1.5))
    outcome = perform(grids, type="fill_gap", at=at)
    assert sizes(outcome.grids) == {"001": 6.0, "002": 3.0}


def test_a_gap_at_the_outline():
    grids = partition("aax\nabb", hide="x")
    [at] = lonlat((2.5, 1.5))
    outcome = perform(grids, type="fill_gap", at=at, to=code("b"))
    assert sizes(outcome.grids) == {"001": 3.0, "002": 3.0}
    assert problems(outcome.grids, grids.villages) == []


def test_no_gap_and_no_neighbour():
    grids = partition("aab\naab\ncxb\n", hide="x")
    inside, gap = lonlat((0.5, 1.5), (1.5, 0.5))
    assert perform(grids, type="fill_gap", at=inside).problem.key == "no_gap_here"
    far = partition("abx", hide="x")
    [at] = lonlat((2.5, 0.5))
    assert perform(far, type="fill_gap", at=at, to=code("a")).problem.key == "not_adjacent"
    assert perform(grids, type="fill_gap", at=gap, to=code("c")).problem is None


def test_the_winner_gets_what_two_grids_share():
    grids = with_shape(partition("aab\naab"), "b", ".bb\n..b")
    assert problems(grids.grids, grids.villages) == ["overlap"]
    pair = [code("a"), code("b")]
    first = perform(grids, type="resolve_overlap", grids=pair, winner=code("a"))
    assert sizes(first.grids) == {"001": 4.0, "002": 2.0}
    second = perform(grids, type="resolve_overlap", grids=pair, winner=code("b"))
    assert sizes(second.grids) == {"001": 3.0, "002": 3.0}
    for outcome in (first, second):
        assert problems(outcome.grids, grids.villages) == []
    assert (
        perform(partition("ab"), type="resolve_overlap", grids=pair, winner=code("a")).problem.key
        == "no_overlap"
    )


def test_a_grid_is_cut_at_the_outline_of_its_village():
    grids = with_shape(partition("aa"), "a", "aaa")
    outcome = perform(grids, type="clip_to_village", grid=code("a"))
    assert sizes(outcome.grids) == {"001": 2.0}
    assert problems(outcome.grids, grids.villages) == []
    again = type(grids)(outcome.grids, grids.villages, None, grids.taken)
    assert perform(again, type="clip_to_village", grid=code("a")).problem.key == "nothing_outside"


def test_other_land_of_a_damaged_village_may_be_edited():
    grids = partition("aabx\naabb", hide="x")
    outcome = perform(grids, type="split", grid=code("a"), line=line((0.5, -1), (0.5, 3)))
    assert outcome.problem is None


def test_a_grid_over_two_others_is_mended_pair_by_pair():
    # the border of a and c shows as a fault of b and c only once b has left a
    grids = with_shape(partition("aab\naab\nccb\nccb"), "b", ".bb\n.bb\n.bb\n..b")
    for pair in ("ab", "cb"):
        outcome = perform(
            grids, type="resolve_overlap", grids=[code(x) for x in pair], winner=code(pair[0])
        )
        assert outcome.problem is None
        grids = type(grids)(outcome.grids, grids.villages, None, grids.taken)
    assert sizes(grids.grids) == {"001": 4.0, "002": 4.0, "003": 4.0}
    assert problems(grids.grids, grids.villages) == []


@pytest.mark.parametrize("seed", [1, 2, 212, 228, 244, 255, 263, 270, 277])
def test_outlines_that_cross_at_any_angle(seed):
    rng = np.random.default_rng(seed)
    grids = partition("aab\naab\nccb\nccb")
    west = np.sort(rng.uniform(0, 4, 3))
    over = shapely.Polygon(
        [(2.5, 4), *zip(rng.uniform(0.2, 1.8, 3), west[::-1], strict=True), (2.5, 0)]
    )
    frame = grids.grids.to_crs(CRS)
    grown = shapely.transform(over, lambda xy: xy * SIZE + ORIGIN)
    shapes = list(frame.geometry)
    shapes[1] = shapely.union(shapes[1], grown)
    damaged = to_store(frame.set_geometry(geopandas.GeoSeries(shapes, crs=CRS)))
    grids = type(grids)(damaged, grids.villages, None, grids.taken)
    for pair in ("ab", "cb"):
        outcome = perform(
            grids, type="resolve_overlap", grids=[code(x) for x in pair], winner=code(pair[0])
        )
        assert outcome.problem is None or outcome.problem.key == "no_overlap"
        grids = type(grids)(outcome.grids, grids.villages, None, grids.taken)
    assert sizes(grids.grids) == {"001": 4.0, "002": 4.0, "003": 4.0}
    assert problems(grids.grids, grids.villages) == []


def test_a_grid_drawn_twice_is_merged():
    grids = with_shape(partition("aab\naab"), "b", "aa.\naa.")
    outcome = perform(grids, type="resolve_overlap", grids=[code("a"), code("b")], winner=code("a"))
    assert outcome.problem.key == "would_empty"
    merged = attempt(grids, outcome.fix)
    assert (merged.removed, sizes(merged.grids)) == ((code("b"),), {"001": 4.0})


def test_a_grid_in_the_wrong_place_takes_the_gap_it_left():
    grids = with_shape(partition("abc\nabc"), "b", ".......bb\n.......bb")
    assert perform(grids, type="clip_to_village", grid=code("b")).problem.key == "would_empty"
    [at] = lonlat((1.5, 1.0))
    filled = perform(grids, type="fill_gap", at=at, to=code("b"))
    assert sizes(filled.grids) == {"001": 2.0, "002": 6.0, "003": 2.0}
    grids = type(grids)(filled.grids, grids.villages, None, grids.taken)
    outcome = perform(grids, type="clip_to_village", grid=code("b"))
    assert sizes(outcome.grids) == {"001": 2.0, "002": 2.0, "003": 2.0}
    assert problems(outcome.grids, grids.villages) == []


def shaken(grids, rng, share=1.0, reach=0.00045):
    """Return a partition whose grids each have their own idea of every node."""

    def shake(ring):
        xy = shapely.get_coordinates(ring)[:-1]
        moved = rng.uniform(-reach, reach, xy.shape) * (rng.random((len(xy), 1)) < share)
        return [*(xy + moved), (xy + moved)[0]]

    frame = grids.grids.to_crs(CRS)
    shapes = [map_rings(shape, shake) for shape in frame.geometry]
    noisy = frame.set_geometry(geopandas.GeoSeries(shapes, index=frame.index, crs=CRS))
    return type(grids)(to_store(noisy), grids.villages, None, grids.taken)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("share", [0.1, 1.0])
def test_borders_that_differ_by_a_hair_are_matched(seed, share):
    sound = partition("aabbc\nadddc\nadedc\nadddc\nffggg")
    grids = shaken(sound, np.random.default_rng(seed), share)
    assert set(problems(grids.grids, grids.villages)) == {"edge_mismatch"}
    outcome = perform(grids, type="match_borders", village=VILLAGE)
    assert outcome.problem is None
    assert problems(outcome.grids, grids.villages) == []
    assert sizes(outcome.grids) == sizes(sound.grids)
    again = type(grids)(outcome.grids, grids.villages, None, grids.taken)
    assert perform(again, type="match_borders", village=VILLAGE).problem.key == "no_change"
    merged = perform(again, type="merge", grids=[code("a"), code("b")])
    assert merged.problem is None


def big_ones(letters):
    """Return a village of two big grids and the small ones they are made of."""
    grids = partition(letters)
    small = grids.grids
    west = small["code"].isin([code(x) for x in "abc"])
    big = small.iloc[:2].copy()
    big["code"] = [code("y"), code("z")]
    big = big.set_geometry(
        [shapely.coverage_union_all(small.geometry[w].array) for w in (west, ~west)], crs=small.crs
    )
    small["parent_code"] = np.where(west, code("y"), code("z"))
    frame = pd.concat([big, small], ignore_index=True)
    return type(grids)(frame, grids.villages, None, frozenset(frame["code"]))


@pytest.mark.parametrize("seed", range(8))
def test_small_grids_follow_when_big_ones_are_matched(seed):
    sound = big_ones("aabdd\naabdd\ncccee\nccfff")
    grids = shaken(sound, np.random.default_rng(seed), reach=0.00025)
    assert "edge_mismatch" in problems(grids.grids, grids.villages)
    outcome = perform(grids, type="match_borders", village=VILLAGE)
    assert outcome.problem is None
    assert problems(outcome.grids, grids.villages) == []
    assert sizes(outcome.grids) == sizes(sound.grids)


def test_a_grid_that_touched_itself_may_be_matched():
    # c's hole touches its outline in the middle of the drawing
    sound = partition("ccccc\nceecc\nceecc\ncccdd\ncccdd")
    frame = sound.grids.to_crs(CRS)
    shapes = [shapely.transform(frame.geometry[0], lambda xy: xy + 0.0003), *frame.geometry[1:]]
    moved = to_store(frame.set_geometry(geopandas.GeoSeries(shapes, crs=CRS)))
    grids = type(sound)(moved, sound.villages, None, sound.taken)
    outcome = perform(grids, type="match_borders", village=VILLAGE)
    assert outcome.problem is None
    assert sizes(outcome.grids) == sizes(sound.grids)


def test_matching_keeps_locked_grids():
    grids = shaken(partition("ab", locked="a"), np.random.default_rng(1))
    outcome = perform(grids, type="match_borders", village=VILLAGE)
    assert outcome.problem.key == "grid_locked"


def test_a_village_inside_another_is_no_gap():
    known = partition("aaaa\nabxa\naaaa", villages={"b": "500229001002"}, hide="x")
    villages = known.villages.copy()
    villages["geometry"] = None
    grids = type(known)(known.grids, villages, None, known.taken)
    theirs, gap = lonlat((1.5, 1.5), (2.5, 1.5))
    refused = perform(grids, type="fill_gap", at=theirs, to=code("a"))
    assert refused.problem.key == "no_gap_here"
    outcome = perform(grids, type="fill_gap", at=gap, to=code("a"))
    assert sizes(outcome.grids) == {"001": 11.0, "002": 1.0}


def test_a_gap_closed_in_by_grids_needs_no_outline():
    known = partition(GAP, hide="x")
    villages = known.villages.copy()
    villages["geometry"] = None
    grids = type(known)(known.grids, villages, None, known.taken)
    [at] = lonlat((1.5, 1.5))
    assert perform(grids, type="fill_gap", at=at).problem.key == "no_gap_here"
    outcome = perform(grids, type="fill_gap", at=at, to=code("b"))
    assert sizes(outcome.grids) == {"001": 5.0, "002": 4.0}
