"""What a planner sees: reasons, prices, decisions, what-if, the same answer in any order."""

import geopandas
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.errors import CrsError, FrameError, GeoError
from geo.merging import Decisions, MergeRules, Size, suggest_merges
from geo.merging.words import WORDS
from geo.reach.line import StraightLine
from tests.geo.merging.checker import check
from tests.geo.merging.counties import board, county

TOWN = {"township": "T"}
RULES = MergeRules(Size(30), maximum=Size(100))


def why(merges, unit):
    [left] = [left for left in merges.left if left.unit == unit]
    return left


def keys(merges):
    return sorted({p.key for p in merges.problems})


def test_a_pair():
    """12 50 25: B helps one of the two; A has less to walk."""
    merges = suggest_merges(board([[12, 50, 25]], **TOWN), MergeRules(Size(30), maximum=Size(80)))
    assert merges.units["state"].tolist() == ["merged", "merged", "left"]
    assert merges.units["group"].tolist() == ["A", "A", "C"]
    [suggestion] = merges.suggestions
    assert suggestion.members == ("A", "B")
    assert suggestion.triggers[0].sentence("en").startswith("A has 12 households, less than")
    assert suggestion.runner_up.members == ("A",)
    assert suggestion.runner_up.reason.key == "lost_travel"
    assert suggestion.terms["travel"] == 1200
    assert suggestion.others[0].key == "cap"
    taken = why(merges, "C")
    assert taken.reason.key == "taken"
    assert taken.reason.values["units"] == ["B"]
    assert merges.proved


def test_all_reasons_of_units_left():
    lone = suggest_merges(board([[5, None, 50]], **TOWN), RULES)
    assert why(lone, "A").reason.key == "isolated"
    corner = suggest_merges(board([[5, None], [None, 50]], **TOWN), RULES)
    assert why(corner, "A").reason.key == "corner"
    zone = suggest_merges(board([[5, 50]], township=["S", "T"]), RULES)
    assert why(zone, "A").reason.key == "zone"
    locked = suggest_merges(board([[5, 50]], **TOWN), RULES, decisions=Decisions(locked=["A"]))
    assert why(locked, "A").reason.key == "locked"
    around = suggest_merges(board([[5, 50]], **TOWN), RULES, decisions=Decisions(locked=["B"]))
    assert why(around, "A").reason.key == "locked_around"
    apart = suggest_merges(board([[5, 50]], **TOWN), RULES, decisions=Decisions(apart=["AB"]))
    assert why(apart, "A").reason.key == "apart"
    cap = suggest_merges(board([[5, 98]], **TOWN), RULES)
    assert why(cap, "A").reason.key == "cap"
    span = suggest_merges(board([[5, 50]], **TOWN), MergeRules(Size(30), max_span=50))
    assert why(span, "A").reason.values["value"] == 100
    few = suggest_merges(board([[5, 6, 7]], **TOWN), RULES)
    assert why(few, "B").reason.key == "too_few"
    assert why(few, "B").reason.values["value"] == 18
    units = suggest_merges(board([[5, 6, 7, 8, 9]], **TOWN), MergeRules(Size(30), max_units=3))
    assert why(units, "B").reason.key == "max_units"
    unknown = suggest_merges(board([[5, 50]], township=[None, "T"]), RULES)
    assert why(unknown, "A").reason.key == "zone_unknown"
    river = geopandas.GeoDataFrame(geometry=[shapely.LineString([(105, 50), (105, -150)])],
                                   crs=4545)  # fmt: skip
    barrier = suggest_merges(board([[5, 50]], **TOWN), RULES, barriers=river)
    assert why(barrier, "A").reason.key == "barrier"
    bridge = geopandas.GeoDataFrame(geometry=[shapely.LineString([(50, -50), (150, -50)])],
                                    crs=4545)  # fmt: skip
    assert (
        suggest_merges(board([[5, 50]], **TOWN), RULES, barriers=river, bridges=bridge).left == ()
    )
    for merges in (lone, corner, zone, locked, around, apart, cap, span, few, units, unknown,
                   barrier):  # fmt: skip
        for left in merges.left:
            for reason in (left.reason, *left.neighbours):
                assert reason.key in WORDS
                assert "—" not in reason.sentence("zh") + reason.sentence("en"), reason


def test_a_river_parts_only_the_border_along_it():
    #  A B      the river runs between A and B, and half of that between C and D
    #  C D
    river = geopandas.GeoDataFrame(geometry=[shapely.LineString([(100, 0), (100, -150)])],
                                   crs=4545)  # fmt: skip
    merges = suggest_merges(board([[5, 50], [5, 50]], **TOWN), RULES, barriers=river)
    assert merges.groups["members"].tolist() == [("A", "C", "D"), ("B",)]


def test_decisions():
    frame = board([[10, 40, 10], [40, 10, 40]], **TOWN)
    free = suggest_merges(frame, RULES)
    forced = suggest_merges(frame, RULES, decisions=Decisions(together=["AB", "CF"], apart=["EB"]))
    assert check(frame, RULES, forced, decisions=forced.decisions) == []
    members = forced.groups["members"].tolist()
    assert ("A", "B") in members
    assert ("C", "E", "F") in members
    assert ("D",) in members
    assert free.total("healthy_touched") <= forced.total("healthy_touched")
    pinned = suggest_merges(frame, RULES, decisions=Decisions(pinned=["DE"], locked=["B"]))
    assert pinned.groups.loc["D", "pinned"]
    assert pinned.suggestions[-1].triggers[-1].key == "pinned"
    refused = suggest_merges(
        frame, RULES,
        decisions=Decisions(together=["AX", "AF", "BD"], apart=["BD"], pinned=["BDF", "AC", "ABD"]),
    )  # fmt: skip
    assert keys(refused) == ["merge_decisions_contradict", "merge_pinned_refused",
                             "merge_unit_unknown"]  # fmt: skip
    assert ("A", "B", "F") not in refused.groups["members"].tolist()
    assert check(frame, RULES, refused, decisions=refused.decisions) == []


def test_together_that_no_rule_allows_is_told_and_the_rest_solved():
    frame = board([[10, 60, 70, 10]], **TOWN)
    merges = suggest_merges(frame, RULES, decisions=Decisions(together=["BC"]))
    [problem] = merges.problems
    assert problem.key == "merge_together_refused"
    assert problem.details["rule"] == "cap"
    assert merges.left == ()
    # one pair alone would do, both at once are too much
    both = suggest_merges(board([[60, 30, 60]], **TOWN), RULES,
                          decisions=Decisions(together=["AB", "BC"]))  # fmt: skip
    assert both.total("together_broken") == 1
    assert keys(both) == ["merge_together_refused"]


def test_seats():
    frame = board([[12, 50]], **TOWN, seat=[False, True])
    assert keys(suggest_merges(frame, RULES)) == ["merge_holds_seat"]
    assert keys(suggest_merges(frame, MergeRules(Size(30), keep_seats=False))) == []


def test_spans_in_time():
    frame = board([[12, 50]], **TOWN)
    minutes = suggest_merges(
        frame, MergeRules(Size(30), max_span=101.0, span_measure="time"), ways=StraightLine()
    )
    assert minutes.groups["span"].iloc[0] == pytest.approx(
        100 / (StraightLine().travel.straight_walk_kmh / 3.6)
    )
    short = MergeRules(Size(30), max_span=50.0, span_measure="time")
    assert suggest_merges(frame, short).left[0].reason.key == "span"


class Steep:
    """Ways that cost three times as much to the west: a :class:`geo.reach.matrix.Ways`."""

    mode = "terrain"

    def between(self, households, centers, pairs, measure, limit):
        step = centers[pairs.center, 0] - households[pairs.household, 0]
        cost = np.where(step < 0, -3 * step, step)
        return np.where(cost <= limit, cost, np.nan)


def test_one_way_counts():
    frame = board([[12, 50]], **TOWN)
    there = suggest_merges(frame, MergeRules(Size(30), max_span=300.0), ways=Steep())
    assert there.groups["travel"].iloc[0] == 1200
    assert there.groups["span"].iloc[0] == 300
    merges = suggest_merges(frame, MergeRules(Size(30), max_span=299.0), ways=Steep())
    assert merges.left[0].reason.key == "span"


def test_ways_are_searched_to_the_limit_and_once(monkeypatch):
    """What is beyond the limit is searched for the reasons that name it; nothing again."""
    asked = []
    between = Steep.between

    def counted(self, households, centers, pairs, measure, limit):
        asked.append((len(pairs.center), limit))
        return between(self, households, centers, pairs, measure, limit)

    monkeypatch.setattr(Steep, "between", counted)
    towns = ["S", "S", "S", "S", "T", "T", "T", "T"]
    frame = board([[12, 50, 12, 80], [9, 60, 9, 60]], township=towns)
    ways, rules = Steep(), MergeRules(Size(30), max_span=300.0)
    merges = suggest_merges(frame, rules, ways=ways)
    assert len(merges.suggestions) == 4
    assert {limit for _, limit in asked} == {300.0, 900.0}
    near, far = (sum(n for n, limit in asked if limit == most) for most in (300.0, 900.0))
    assert (near, far) == (24, 4)  # all in two rows of four; what is too far for whom is next
    asked.clear()
    again = suggest_merges(
        frame, rules, ways=ways, previous=merges, decisions=Decisions(locked=["A"])
    )
    assert sum(n for n, limit in asked if limit == 300.0) == 6  # of three units in one township
    assert again.groups.loc["E", "span"] == merges.groups.loc["E", "span"]


@pytest.mark.parametrize("seed", [1, 2])
def test_permuted_input_same_answer(seed):
    frame = county(150, 3, seed=seed)
    rules = MergeRules(Size(40), Size(80), Size(150), max_span=5000.0)
    order = np.random.default_rng(seed).permutation(len(frame))
    one, other = suggest_merges(frame, rules), suggest_merges(frame.iloc[order], rules)
    assert one.to_mapping() == other.to_mapping()
    assert repr(one.to_mapping()) == repr(other.to_mapping())
    assert_frame_equal(one.levels, other.levels)
    assert_frame_equal(one.units.iloc[order], other.units)
    assert_geodataframe_equal(one.groups, other.groups)
    assert one.groups.geometry.to_wkb().tolist() == other.groups.geometry.to_wkb().tolist()
    assert check(frame, rules, one) == []


def test_what_if_solves_only_what_changed(monkeypatch):
    from geo.merging import suggest

    frame = county(200, 4)
    rules = MergeRules(Size(40), maximum=Size(150))
    before = suggest_merges(frame, rules)
    solved = []
    solve = suggest.solve_zone
    monkeypatch.setattr(suggest, "solve_zone", lambda *a: solved.append(a[0]) or solve(*a))
    assert suggest_merges(frame, rules, previous=before).to_mapping() == before.to_mapping()
    assert solved == []
    group = next(s for s in before.suggestions if len(s.members) == 2)
    decisions = Decisions(apart=[group.members])
    after = suggest_merges(frame, rules, decisions=decisions, previous=before)
    assert len(solved) == 1
    assert after.to_mapping() == suggest_merges(frame, rules, decisions=decisions).to_mapping()
    together = Decisions(together=[group.members])
    solved.clear()
    suggest_merges(frame, rules, decisions=together, previous=after)
    assert len(solved) == 1
    zone = before.units.loc[group.members[0], "zone"]
    solved.clear()
    only = suggest_merges(frame, MergeRules(Size(50), maximum=Size(150)), only=[zone])
    assert len(solved) == 1
    asked = only.units["zone"] == zone
    assert (only.units.loc[~asked, "state"] != "merged").all()
    assert {left.reason.key for left in only.left if not asked[left.unit]} == {"not_asked"}
    frame.loc[group.members[0], "households"] += 1
    solved.clear()
    changed = suggest_merges(frame, rules, previous=before)
    assert len(solved) == 1
    assert changed.to_mapping() == suggest_merges(frame, rules).to_mapping()


def test_every_explanation_can_be_told_and_prices_are_right():
    frame = county(120, 2, seed=5)
    rules = MergeRules(Size(40), maximum=Size(150))
    merges = suggest_merges(frame, rules)
    exact = 0
    for s in merges.suggestions:
        up = s.runner_up
        for reason in (*s.triggers, *s.others, up.reason):
            assert "—" not in reason.sentence("zh") + reason.sentence("en"), reason
        worth = tuple(up.price.values())
        assert worth >= (0,) * len(worth)
        # forbidding the group by keeping two of it apart can only be as good as that or worse
        if up.exact:
            exact += 1
    assert exact


def bad_county():
    frame = county(40, 1, seed=2)
    frame["households"] = frame["households"].astype(object)
    frame["township"] = frame["township"].astype(object)
    frame.loc["U000001", "households"] = None
    frame.loc["U000002", "households"] = -3
    frame.loc["U000003", "households"] = "many"
    frame.loc["U000004", "households"] = 1.5
    frame.loc["U000005", "households"] = 0
    frame.loc["U000006", "township"] = None
    frame.loc["U000007", "geometry"] = None
    frame.loc["U000008", "geometry"] = shapely.Polygon()
    corners = frame.loc["U000009", "geometry"].bounds
    a, b, c, d = corners
    frame.loc["U000009", "geometry"] = shapely.Polygon([(a, b), (c, d), (c, b), (a, d)])
    far = shapely.box(-9e4, -9e4, -8e4, -8e4)
    frame.loc["U000010", "geometry"] = shapely.union(frame.loc["U000010", "geometry"], far)
    frame.loc["U000011", "geometry"] = far.buffer(-100)
    frame.index = ["U000012" if code == "U000013" else code for code in frame.index]
    return frame


def test_bad_input_always_comes_back_with_a_report():
    frame = bad_county()
    merges = suggest_merges(frame, MergeRules(Size(40), maximum=Size(150)))
    assert {
        "merge_people_faulty", "merge_zone_missing", "merge_shape_missing", "merge_shape_repaired",
        "merge_code_duplicate",
    } <= set(keys(merges))  # fmt: skip
    assert (merges.units.index == frame.index).all()
    faulty = merges.units["state"] == "faulty"
    assert set(merges.units.index[faulty]) == {
        *(f"U00000{k}" for k in (1, 2, 3, 4, 6, 7, 8)), "U000012"
    }  # fmt: skip
    assert len(merges.suggestions) > 3
    for problem in merges.problems:
        assert "—" not in problem.sentence("zh") or problem.key == "merge_people_faulty"
    assert suggest_merges(frame.iloc[:0], RULES).counts["groups"] == 0


def test_gaps_and_overlaps_up_to_a_tolerance():
    left, right = shapely.box(0, 0, 100, 100), shapely.box(100.8, 0, 200, 100)
    over = shapely.box(0, 90, 100, 200)
    frame = geopandas.GeoDataFrame(
        {"households": [50, 5, 5], "township": "T"}, index=["A", "B", "C"],
        geometry=[left, right, over], crs=4545,
    )  # fmt: skip
    merges = suggest_merges(frame, RULES)
    assert merges.groups["members"].tolist() == [("A", "B", "C")]
    assert keys(merges) == ["merge_borders_differ", "merge_units_overlap"]
    assert check(frame, RULES, merges, matched=False) == []
    frame.loc["B", "geometry"] = shapely.box(102, 0, 200, 100)
    assert why(suggest_merges(frame, RULES), "B").reason.key == "isolated"


def test_units_on_top_of_each_other_are_told():
    """With the same nodes: no segment is left that has no equal."""
    frame = board([[50, 5]], **TOWN)
    frame.loc["C"] = frame.loc["A"]
    frame.loc["D"] = frame.loc["A"]
    frame.loc["D", "geometry"] = shapely.Polygon([(0, -100), (100, -100), (100, 0)])
    found = [p for p in suggest_merges(frame, RULES).problems if p.key == "merge_units_overlap"]
    assert [p.grids for p in found] == [("A", "C"), ("A", "D"), ("C", "D")]
    assert [p.details["area_m2"] for p in found] == [10_000, 5_000, 5_000]
    ring = shapely.box(0, -100, 100, 0) - shapely.box(40, -60, 60, -40)
    frame = board([[50, 5]], **TOWN)
    frame["geometry"] = [ring, shapely.box(40, -60, 60, -40)]
    assert "merge_units_overlap" not in keys(suggest_merges(frame, RULES))


def test_contradictory_rules_come_back_with_the_reason():
    frame = board([[5, 50]], **TOWN)
    for rules, key in (
        (MergeRules(Size(50), maximum=Size(40)), "merge_sizes_contradict"),
        (MergeRules(Size()), "merge_without_minimum"),
        (MergeRules(max_units=1), "parameter_value"),
        (MergeRules(within="street"), "parameter_value"),
        (MergeRules(min_shared_border_m=0), "parameter_value"),
    ):
        merges = suggest_merges(frame, rules)
        assert key in keys(merges)
        assert merges.suggestions == ()
        assert {left.reason.key for left in merges.left} <= {"rules"}


def test_refused_at_the_door():
    frame = board([[5, 50]], **TOWN)
    with pytest.raises(FrameError):
        suggest_merges(frame, MergeRules(Size(residents=30)))
    with pytest.raises(CrsError):
        suggest_merges(frame.to_crs(4490), RULES)
    with pytest.raises(CrsError):
        suggest_merges(frame, RULES, barriers=frame.to_crs(4490))
    for values in ({"minimum": "x"}, {"minimum": True}, {"nothing": 1}, {"max_units": 2.5},
                   {"minimum": {"dogs": 3}}, {"keep_seats": 1}):  # fmt: skip
        with pytest.raises(GeoError):
            MergeRules.from_mapping(values)
    for values in ({"apart": "AB"}, {"apart": ["AB"]}, {"locked": [["A"]]}, {"other": []}):
        with pytest.raises(GeoError):
            Decisions.from_mapping(values)
    for value in (RULES, MergeRules(Size(3, 4), max_span=5)):
        assert MergeRules.from_mapping(value.to_mapping()) == value
    decisions = Decisions(pinned=["BA"], locked=["C"])
    assert Decisions.from_mapping(decisions.to_mapping()) == decisions


def test_without_the_township_column_nothing_is_merged():
    frame = board([[5, 50]])
    merges = suggest_merges(frame, RULES, decisions=Decisions(pinned=["AB"]))
    assert keys(merges) == ["merge_pinned_refused", "merge_zone_column_missing"]
    assert merges.groups["members"].tolist() == [("A",), ("B",)]
    assert merges.units["state"].tolist() == ["faulty", "faulty"]
    assert why(merges, "A").reason.key == "zone_unknown"
    assert merges.total("left") == 1
    county_wide = suggest_merges(frame, MergeRules(Size(30), within="county"))
    assert county_wide.left == ()


def test_units_that_pile_up_are_told():
    """The same place a hundred times over: no contacts among them, and no hanging either."""
    frame = board([[5] * 100], **TOWN)
    at = np.arange(100) / 7.0
    frame["geometry"] = shapely.box(at, at, at + 1000.0, at + 1000.0)
    merges = suggest_merges(frame, RULES)
    assert keys(merges) == ["merge_units_pile_up"]
    assert merges.suggestions == ()
    assert len(merges.left) == 100


def test_units_in_several_parts_have_neighbours():
    frame = board([[12, 50, None, 12]], **TOWN)
    island = shapely.box(500, 0, 550, 50)
    two = shapely.MultiPolygon([frame.geometry["B"], island])
    frame["geometry"] = [frame.geometry["A"], two, frame.geometry["C"]]
    merges = suggest_merges(frame, RULES)
    assert merges.groups["members"].tolist() == [("A", "B"), ("C",)]
    assert check(frame, RULES, merges) == []
