"""What a gap says, by costs made up: states apart, extensions, ranks, land drawn as reached."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import to_store
from geo.errors import FrameError, GeoError, ProfileError
from geo.profiles import parse_profile
from geo.reach.matrix import State
from geo.service.compare import compare_modes
from geo.service.gaps import measure_service
from geo.service.hints import MOST_TRIED, find_best_places
from geo.service.question import pose_question
from geo.service.shares import STATUSES
from tests.geo.cells import CRS, drawn, outline, points
from tests.geo.made_up import MadeUp

NAN = np.nan
PROFILE = parse_profile({"name": "made up"})
A, B = "500229001001", "500229002001"


def asked(costs, *, places=None, people=None, villages=A, centers=2, land=None, **options):
    """A question with households in a row of cells, and the made-up way to answer it."""
    table = np.array([np.resize(row, centers) for row in costs], float).reshape(-1, centers)
    count = len(table)
    places = [(10 * i + 0.5, 0.5) for i in range(count)] if places is None else places
    households = points(
        *places,
        residents=[1] * count if people is None else people,
        village_code=villages,
        **options.pop("columns", {}),
    )
    sites = points(
        *[(0, 9 + i) for i in range(centers)],
        code=[f"k{i}" for i in range(centers)],
        level="village",
    )
    ways = options.pop("ways", {})
    options = {
        "profile": PROFILE, "area_types": {}, "weight": "residents", "standard": 100,
    } | options  # fmt: skip
    return pose_question(households, sites, land, **options), MadeUp(table, **ways)


def test_not_reached_is_not_far():
    question, ways = asked(
        [[100, 300], [101, 300], [NAN], [50], [NAN]],
        people=[1, 2, 4, 8, 16],
        places=[(0, 0), (10, 0), (20, 0), (30, 0), (NAN, NAN)],
        ways={"lost": [3]},
    )
    found = measure_service(question, ways)
    assert found.mode == "road"
    expected = ["served", "far", "unreachable", "off_network", "unlocated"]
    assert found.homes.status.tolist() == expected
    assert found.homes.center.tolist()[:2] == ["k0", "k0"]
    assert found.homes.center.isna().tolist() == [False, False, True, True, True]
    assert found.homes.cost.isna().tolist() == [False, False, True, True, True]
    assert found.states.people.to_dict() == dict(zip(expected, (1, 2, 4, 8, 16), strict=True)) | {
        "no_center": 0
    }
    assert (found.homes.gap > 0).tolist() == [False, True, True, True, False]
    assert found.areas.people.sum() == 14, "of the unlocated nothing is known"
    assert [p.key for p in question.problems] == ["places_unknown"]
    (village,) = found.shares[found.shares.by == "village"].to_dict("records")
    assert (village["households"], village["served"], village["share"]) == (5, 1, 0.2)
    assert [village[name] for name in STATUSES[1:]] == [1, 1, 1, 1, 0]
    assert len(found.unserved) == 3


def test_a_level_without_a_center():
    question, ways = asked([[10], [10]], level="county")
    assert [p.key for p in question.problems] == ["level_without_center"]
    found = measure_service(question, MadeUp(np.zeros((2, 0))))
    assert found.homes.status.tolist() == ["no_center"] * 2
    assert found.areas.households.sum() == 2
    assert found.areas.without_way.tolist() == found.areas.households.tolist()
    numbers = ["nearest_cost", "farthest_cost", "mean_cost", "extension_90", "extension_all"]
    assert found.areas[numbers].isna().to_numpy().all()
    assert (found.areas.farthest == -1).all()
    assert found.areas.nearest_center.isna().all()
    assert ways.mode == "road"


def one_gap(costs, people, **options):
    count = len(costs)
    question, ways = asked(
        costs, people=people, places=[(0.1 * i, 0.5) for i in range(count)], **options
    )
    areas = measure_service(question, ways, split_large=False).areas
    assert len(areas) == 1
    return areas.iloc[0]


def test_what_it_would_take():
    gap = one_gap([[150, 160], [400, 130], [300, 900]], [5, 4, 1])
    assert (gap.people, gap.nearest_center, gap.nearest_cost) == (10, "k1", 130)
    assert (gap.farthest_cost, gap.farthest) == (300, 2)
    assert gap.mean_cost == (5 * 150 + 4 * 130 + 300) / 10
    assert (gap.extension_90, gap.extension_all) == (50, 200), "9 of 10 live within 150"
    assert gap.excess == 5 * 50 + 4 * 30 + 200
    cut_off = one_gap([[150], [NAN]], [9, 1])
    assert cut_off.extension_90 == 50
    assert np.isnan(cut_off.extension_all), "no standard serves who has no way"
    assert (cut_off.without_way, cut_off.mean_cost) == (1, 150)
    assert np.isnan(one_gap([[150], [NAN]], [8, 2]).extension_90)
    nobody = one_gap([[150], [170]], [0, 0])
    assert (nobody.extension_90, nobody.mean_cost, nobody.excess) == (70, 160, 0)
    assert nobody.site_people == 0


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.floats(0.1, 5000) | st.just(NAN), st.integers(0, 5)), min_size=1, max_size=12
    ),
    st.floats(1, 2000),
)
def test_the_extension_is_enough_and_the_least(table, standard):
    costs, people = zip(*table, strict=True)
    places = [(0.1 * i, 0) for i in range(len(costs))]

    def ask(limit):
        question, ways = asked(
            [[c] for c in costs], people=list(people), places=places, standard=limit
        )
        return measure_service(question, ways, split_large=False)

    found = ask(standard)
    for share, name in ((0.9, "extension_90"), (1.0, "extension_all")):
        for gap in found.areas[found.areas[name] > 0].to_dict("records"):
            mine = (found.homes.gap == gap["rank"]).to_numpy()
            weight = np.array(people) if gap["people"] else np.ones(len(people))
            if name == "extension_all":
                weight = np.ones(len(people))
            wide = ask(standard + gap[name]).homes.served.to_numpy()
            assert weight[mine & wide].sum() >= share * weight[mine].sum() - 1e-9
            less = np.array(costs)[mine] < np.nextafter(standard + gap[name], 0) - 1e-9
            assert weight[mine][less].sum() < share * weight[mine].sum()


def test_gaps_come_by_people_then_by_people_and_excess_then_by_households():
    question, ways = asked(
        [[110], [900], [200], [900], [900]], people=[3, 2, 2, 0, 0],
        places=[(0, 0), (10, 0), (20, 0), (30, 0), (30.1, 0)],
    )  # fmt: skip
    areas = measure_service(question, ways).areas
    assert areas.people.tolist() == [3, 2, 2, 0]
    assert areas.excess.tolist() == [30, 1600, 200, 0]
    assert areas.households.tolist() == [1, 1, 1, 2]


def test_households_on_land_drawn_as_reached_are_in_a_gap_all_the_same():
    frame = drawn("aaabbb")
    land = frame.assign(village_code=[A, B])
    places = [(0.5, 0.5), (1.0, 0.5), (5.5, 0.5), (4.5, 0.5)]
    question, ways = asked(
        [[200], [NAN], [200], [50]], places=places, villages=[A, A, B, B], land=land,
        ways={"land": outline(frame).buffer(1)},
    )  # fmt: skip
    found = measure_service(question, ways)
    assert found.homes.served.tolist() == [False, False, False, True]
    assert found.areas.households.sum() == 3
    assert (found.areas.area_m2 < 2 * np.pi * 50**2).all(), "circles around the households"
    inside = [
        int(shapely.covers(np.asarray(found.areas.geometry), home).sum())
        for home in to_store(question.households).geometry[:3]
    ]
    assert inside == [1, 1, 1]


# --- a look for a place -----------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 3), st.integers(0, 2)),
    min_size=1, max_size=30,
))  # fmt: skip
def test_the_best_place_against_all_places(table):
    x, y, people, member = np.array(table).T
    _, member = np.unique(member, return_inverse=True)
    radius = np.where(people > 1, 3.0, 2.0)
    places = np.column_stack([x, y]).astype(float)
    best, covered = find_best_places(places, radius, people, member)
    for gap in range(member.max() + 1):
        mine = member == gap
        apart = np.hypot(*(places[mine][:, None] - places[mine][None]).T)
        within = [people[mine][row <= radius[mine]].sum() for row in apart]
        assert covered[gap] == max(within)
        assert member[best[gap]] == gap
        to_best = np.hypot(*(places[mine] - places[best[gap]]).T)
        assert people[mine][to_best <= radius[mine]].sum() == covered[gap]


def test_of_a_very_large_gap_some_places_are_tried():
    count = 3 * MOST_TRIED
    rng = np.random.default_rng(3)
    places = rng.normal(0, 1000, (count, 2))
    ones = np.ones(count, np.int64)
    _, (covered,) = find_best_places(places, 800.0 * ones, ones, np.zeros(count, np.int64))
    middle = (np.hypot(*places.T) <= 800).sum()
    assert covered > 0.95 * middle


def test_the_place_is_a_household_of_the_gap():
    question, ways = asked(
        [[900]] * 4, places=[(0, 0), (0.9, 0), (1.8, 0), (2.7, 0)], people=[1, 1, 1, 1]
    )
    (gap,) = measure_service(question, ways, split_large=False).areas.to_dict("records")
    home = to_store(question.households).geometry[1]
    assert gap["site_people"] == 3
    assert (gap["site_lon"], gap["site_lat"]) == pytest.approx((home.x, home.y), abs=1e-8)


# --- questions --------------------------------------------------------------------------------

STANDARDS = {"urban": {"distance_m": 500, "walk_min": 10}, "mountain": {"drive_min": 20}}
RULES = parse_profile({"name": "rules", "standards": {"village": STANDARDS}})


def test_standards_by_area_type_measure_and_means():
    options = {"profile": RULES, "standard": None}
    urban = {"area_types": {A: "urban"}}
    question, _ = asked([[1]], **options, **urban)
    assert question.limits.tolist() == [500]
    question, _ = asked([[1]], measure="time", **options, **urban)
    assert question.limits.tolist() == [600]
    assert question.straight_m == {"urban": 600}, "60 m a minute"
    question, _ = asked([[1]], measure="time", means="drive", **options)
    assert question.limits.tolist() == [1200]
    with pytest.raises(ProfileError) as error:
        asked([[1]], measure="time", **options)
    (problem,) = error.value.problems
    assert problem.key == "missing_rule"
    assert problem.details["path"] == "standards.village.mountain.walk_min"


@pytest.mark.parametrize("word", ["level", "measure", "means", "weight"])
def test_words_nobody_knows(word):
    with pytest.raises(GeoError) as error:
        asked([[1]], **{word: "moon"})
    assert [(p.key, p.field) for p in error.value.problems] == [("parameter_value", word)]


def test_weights():
    question, _ = asked([[1], [1]], people=[2, None])
    assert question.people.tolist() == [2, 0]
    assert [p.key for p in question.problems] == ["weights_unknown"]
    assert asked([[1]], people=[9], weight="households")[0].people.tolist() == [1]
    with pytest.raises(FrameError) as error:
        asked([[1], [1], [1]], people=[-1, 2, 0.5])
    found = [(p.key, p.row, p.field) for p in error.value.problems]
    assert found == [("count_negative", 1, "residents"), ("count_not_whole", 3, "residents")]
    with pytest.raises(FrameError, match="elderly"):
        asked([[1]], weight="elderly")


def test_grids_by_column_or_by_place():
    squares = drawn("ab").assign(code=["g1", "g2"])
    places = [(0.5, 0.5), (1.5, 0.5), (1.0, 0.5), (7, 7)]
    question, ways = asked([[1], [200], [1], [200]], places=places, grids=squares)
    assert question.grids.tolist() == ["g1", "g2", "g1", ""], "on a border the lowest code"
    shares = measure_service(question, ways).shares
    grids = shares[shares.by == "grid"]
    assert grids.code.tolist() == ["", "g1", "g2"]
    assert grids.served.tolist() == [0, 2, 0]
    named = {"grid_code": ["x", "x", None, "y"]}
    question, ways = asked([[1]] * 4, columns=named, grids=squares)
    assert question.grids.tolist() == ["x", "x", "", "y"]
    question, ways = asked([[1]])
    assert "grid" not in set(measure_service(question, ways).shares.by)


def test_everything_in_the_zone_that_is_asked_for():
    question, _ = asked([[1]], zone=4546)
    home = shapely.Point(question.homes[0])
    back = to_store(points((0.5, 0.5))).to_crs(4546).geometry[0]
    assert question.zone == 4546
    assert home.distance(back) < 1e-4, "one went over the lattice"
    assert asked([[1]])[0].zone == int(CRS[5:])


def test_households_without_any_place():
    question, ways = asked([[NAN], [NAN]], places=[(NAN, NAN)] * 2)
    found = measure_service(question, ways)
    assert found.homes.status.tolist() == ["unlocated"] * 2
    assert found.areas.empty


def test_places_that_are_wrong_do_not_move_the_others():
    homes = to_store(points((0, 0), (1, 0), (2, 0), residents=[1] * 3, village_code=A))
    wrong = shapely.points([(0, 0), (np.inf, 30), (500, 95), (108, 91)])
    lost = geopandas.GeoDataFrame({"residents": [1] * 4}, geometry=wrong, crs=homes.crs)
    centers = to_store(points((0, 9), code=["k"], level=["village"]))
    options = {"profile": PROFILE, "area_types": {}, "standard": 1000}
    alone = pose_question(homes, centers, **options)
    question = pose_question(pd.concat([homes, lost], ignore_index=True), centers, **options)
    assert question.zone == alone.zone
    np.testing.assert_array_equal(question.homes[:3], alone.homes)
    found = measure_service(question)
    assert found.homes.served.tolist() == [True] * 3 + [False] * 4
    assert found.states.households.sum() == 7
    assert (found.homes.status[4:] == "unlocated").all()
    gaps = found.homes.gap > 0
    assert found.areas.households.sum() == gaps.sum()
    assert found.areas.is_valid.all()


def test_everybody_and_every_center_on_one_point():
    question, _ = asked([[0]] * 3, places=[(0, 9)] * 3)
    found = measure_service(question)  # the straight line
    assert found.served == 3
    assert (found.homes.cost == 0).all()


def test_without_drawing_only_the_counts_are_made():
    question, ways = asked([[50], [200]])
    near = ways.nearest(question.homes, question.sites, "distance")
    found = measure_service(question, ways, near=near, draw=False)
    drawn_ = measure_service(question, ways)
    assert found.areas.empty
    assert list(found.areas.columns) == list(drawn_.areas.columns)
    pd.testing.assert_frame_equal(found.states, drawn_.states)
    assert found.homes.gap.tolist() == [0, 0]
    other = asked([[50]])[0]
    with pytest.raises(GeoError, match="near"):
        measure_service(other, ways, near=near)


# --- the three ways beside each other ---------------------------------------------------------


def test_a_village_is_not_covered_on_the_straight_line_alone():
    villages = [A, A, B, B, "", "x"]
    question, _ = asked([[1]] * 6, villages=villages, people=[1, 2, 4, 8, 16, 32])
    straight = MadeUp([[50], [60], [50], [200], [1], [1]], "straight")
    road = MadeUp([[90], [NAN], [90], [90], [300], [1]], "road")
    alone = compare_modes(question, [straight])
    assert alone.based_on == "straight"
    assert alone.villages.set_index("village").verdict[A] == "covered"
    assert alone.differences.empty
    found = compare_modes(question, [road, straight])
    assert found.based_on == "road"
    table = found.villages.set_index("village")
    assert table.verdict.to_dict() == {A: "partly", B: "covered", "": "not_covered", "x": "covered"}
    assert table.straight_only.to_dict() == {A: 1, B: 0, "": 1, "x": 0}
    assert table.straight_only_people.to_dict() == {A: 2, B: 0, "": 16, "x": 0}
    assert table.loc[A, ["served_straight", "served_road", "people_served_road"]].tolist() == [
        2, 1, 1,
    ]  # fmt: skip
    assert found.homes.served_road.tolist() == [True, False, True, True, False, True]
    everybody = found.differences.query("by == 'all'").iloc[0]
    assert everybody[["both", "straight_only", "other_only", "neither"]].tolist() == [3, 2, 1, 0]
    assert everybody.other_only_people == 8
    terrain = MadeUp([[NAN]] * 6, "terrain", lost=[])
    worst = compare_modes(question, [straight, terrain], nears={
        "road": road.nearest(question.homes, question.sites, "distance"),
    })  # fmt: skip
    assert worst.based_on == "terrain"
    assert set(worst.villages.verdict) == {"not_covered"}
    assert set(worst.differences["mode"]) == {"road", "terrain"}
    with pytest.raises(GeoError, match="mode"):
        compare_modes(question)


def test_a_village_nothing_is_known_of():
    question, _ = asked([[1], [1]], places=[(0, 0), (NAN, NAN)], villages=[A, B])
    found = compare_modes(question, [MadeUp([[1], [1]], "straight")])
    assert found.villages.verdict.tolist() == ["covered", "unknown"]


@settings(max_examples=40)
@given(st.lists(
    st.tuples(*[st.sampled_from([50.0, 100.0, 101.0, NAN])] * 2, st.integers(0, 3),
              st.sampled_from([A, B])), min_size=1, max_size=12,
))  # fmt: skip
def test_the_cases_add_up(table):
    straight, road, people, villages = zip(*table, strict=True)
    question, _ = asked([[1]] * len(table), people=list(people), villages=list(villages))
    ways = [MadeUp(np.array([c]).T, mode) for c, mode in ((straight, "straight"), (road, "road"))]
    found = compare_modes(question, ways)
    cases = ["both", "straight_only", "other_only", "neither"]
    sums = found.differences.groupby("by")[["households", "people", *cases]].sum()
    assert (sums[cases].sum(axis=1) == len(table)).all()
    assert (sums.households == len(table)).all()
    assert (sums.people == sum(people)).all()
    for village, part in found.villages.set_index("village").iterrows():
        served = [r <= 100 for r, v in zip(road, villages, strict=True) if v == village]
        expected = "covered" if all(served) else "partly" if any(served) else "not_covered"
        assert part.verdict == expected
    for way in ways:
        gaps = measure_service(question, way, draw=False)
        assert gaps.states.households.sum() == len(table)
        assert found.homes[f"served_{way.mode}"].sum() == gaps.served
        assert (gaps.near.state == State.REACHED).sum() == gaps.homes.cost.notna().sum()
