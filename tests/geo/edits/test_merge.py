"""Merging adjacent grids."""

import shapely

from geo.partition import check_partitions
from tests.geo.edits.squares import code, line, nodes_of, partition, perform, sizes

ROW = """
    abcd
    abcd
"""


def test_the_lowest_code_stays_unless_another_is_named():
    outcome = perform(partition(ROW), type="merge", grids=[code("c"), code("b")])
    assert sizes(outcome.grids) == {"001": 2.0, "002": 4.0, "004": 2.0}
    assert outcome.removed == (code("c"),)
    named = perform(partition(ROW), type="merge", grids=[code("c"), code("b")], keep=code("c"))
    assert sizes(named.grids) == {"001": 2.0, "003": 4.0, "004": 2.0}


def test_a_chain_of_grids_is_joined():
    outcome = perform(partition(ROW), type="merge", grids=[code(x) for x in "dbca"])
    assert sizes(outcome.grids) == {"001": 8.0}


def test_grids_apart_or_at_a_corner_are_not_adjacent():
    apart = perform(partition(ROW), type="merge", grids=[code("a"), code("c")])
    assert apart.problem.key == "not_adjacent"
    corner = perform(partition("ab\ncd"), type="merge", grids=[code("a"), code("d")])
    assert corner.problem.key == "not_adjacent"
    two_pairs = perform(
        partition("abxcd"), type="merge", grids=[code("a"), code("b"), code("c"), code("d")]
    )
    assert two_pairs.problem.key == "not_adjacent"


def test_a_grid_and_the_one_in_its_hole():
    outcome = perform(partition("aaa\naba\naaa"), type="merge", grids=[code("a"), code("b")])
    assert sizes(outcome.grids) == {"001": 9.0}
    assert len(outcome.grids.geometry[0].interiors) == 0


def test_grids_of_two_villages_stay_apart():
    grids = partition("ab", villages={"b": "500229001002"})
    outcome = perform(grids, type="merge", grids=[code("a"), "500229001002002"])
    assert outcome.problem.key == "different_villages"


def test_a_locked_member_refuses():
    outcome = perform(partition(ROW, locked="b"), type="merge", grids=[code("a"), code("b")])
    assert outcome.problem.key == "grid_locked"


def test_big_grids_keep_their_small_ones():
    grids = partition("ab")
    small = grids.grids.copy()
    small["parent_code"] = grids.grids["code"]
    small["code"] = [code("k"), code("l")]
    whole = type(grids)(
        shapely_concat(grids.grids, small), grids.villages, None, frozenset(small["code"])
    )
    outcome = perform(whole, type="merge", grids=[code("a"), code("b")])
    assert outcome.problem is None
    parents = dict(zip(outcome.grids["code"], outcome.grids["parent_code"], strict=True))
    assert parents[code("k")] == parents[code("l")] == code("a")
    refused = perform(whole, type="split", grid=code("a"), line=line((0.5, -1), (0.5, 2)))
    assert refused.problem.key == "grid_has_children"


def test_small_grids_of_merged_big_ones_share_their_nodes():
    grids = partition("ab")
    small = grids.grids.copy()
    small["parent_code"] = grids.grids["code"]
    small["code"] = [code("k"), code("l")]
    whole = type(grids)(
        shapely_concat(grids.grids, small), grids.villages, None, frozenset(small["code"])
    )
    # cut up to the border of the two big grids: the small one beyond is in another ground
    cut = perform(whole, type="split", grid=code("k"), line=line((-1, 0.3), (2, 0.4)))
    one_sided = type(grids)(cut.grids, grids.villages, None, frozenset(cut.grids["code"]))
    outcome = perform(one_sided, type="merge", grids=[code("a"), code("b")])
    assert set(outcome.changed) == {code("a"), code("l")}
    shared = nodes_of(outcome.grids, code("l")) - nodes_of(cut.grids, code("l"))
    assert len(shared) == 1
    assert shared <= nodes_of(outcome.grids, code("k"))
    assert check_partitions(outcome.grids, grids.villages) == []


def shapely_concat(*frames):
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


def test_split_then_merge_gives_the_grid_back():
    before = partition(ROW)
    cut = perform(before, type="split", grid=code("b"), line=line((-1, 0.3), (5, 1.4)))
    again = type(before)(cut.grids, before.villages, None, before.taken)
    outcome = perform(again, type="merge", grids=[code("b"), *cut.created])
    assert sizes(outcome.grids) == sizes(before.grids)
    old, new = before.grids.geometry[1], outcome.grids.geometry[1]
    assert shapely.hausdorff_distance(old, new) < 2e-9
