"""Percentiles, radii, loads and overlap against counting people one by one."""

from fractions import Fraction

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.crs import STORE_CRS
from geo.errors import GeoError
from geo.profiles import parse_profile
from geo.reach.line import StraightLine
from geo.reach.matrix import Nearest, Reach
from geo.service.quantiles import weighted_quantiles
from geo.service.question import pose_question
from geo.service.radius import Assigned, draw_service_areas, measure_overlap, measure_radii
from geo.service.spread import MOST_BARS, measure_spread
from tests.geo.cells import points

NAN, INF = np.nan, np.inf
costs = st.one_of(st.integers(0, 30).map(float), st.just(NAN), st.just(INF))
rows = st.lists(st.tuples(costs, st.integers(0, 4), st.integers(0, 3)), max_size=30)
shares = st.fractions(Fraction(1, 100), 1, max_denominator=100)


def one_by_one(cost, weight, share, total):
    """The smallest cost up to which so many people live, each person written out."""
    people = sorted(
        c for c, w in zip(cost, weight, strict=True) if np.isfinite(c) for _ in range(w)
    )
    need = -(-share.numerator * total // share.denominator)  # rounded up, exactly
    return people[need - 1] if 1 <= need <= len(people) else NAN


@settings(max_examples=200)
@given(rows, st.lists(shares, min_size=1, max_size=3), st.integers(0, 5))
def test_percentiles_are_those_of_people_counted_one_by_one(table, parts, unreached):
    cost, weight, group = np.array(table, float).reshape(-1, 3).T
    weight, group = weight.astype(int), group.astype(int)
    own = np.bincount(group, weights=weight * np.isfinite(cost), minlength=4).astype(int)
    for totals in (None, own + unreached):
        found = weighted_quantiles(
            cost, weight, group, [float(p) for p in parts], group_count=4, totals=totals
        )
        expected = [
            [one_by_one(cost[group == g], weight[group == g], part, total) for part in parts]
            for g, total in enumerate(own if totals is None else totals)
        ]
        np.testing.assert_array_equal(found, expected)


def test_a_share_of_people_is_not_rounded_up_by_floats():
    cost = np.arange(1.0, 101)  # 0.07 × 100 is a hair above 7
    found = weighted_quantiles(cost, np.ones(100, int), np.zeros(100, int), 0.07, group_count=1)
    assert found.tolist() == [[7.0]]


@pytest.mark.parametrize("share", [0, -0.1, 1.01, NAN, INF])
def test_a_share_that_is_none(share):
    for ask in (
        lambda: weighted_quantiles([1.0], [1], [0], share, group_count=1),
        lambda: measure_radii(Assigned.of_nearest(nearest([0], [1.0]), [1]), 1, share=share),
        lambda: measure_spread(np.array([1.0]), [1], share=share),
    ):
        with pytest.raises(GeoError) as error:
            ask()
        assert [(p.key, p.field) for p in error.value.problems] == [("parameter_value", "share")]


@pytest.mark.parametrize("weight", [[1, NAN], [1, -1], [1, 0.5], [1, INF]])
def test_a_weight_that_is_none(weight):
    near = nearest([0, 0], [1.0, 2.0])
    for ask in (
        lambda: Assigned.of_nearest(near, weight),
        lambda: measure_spread(near.cost, weight),
        lambda: measure_overlap(Reach.of_pairs([0], [0], [1.0], shape=(2, 1), limit=9), weight),
    ):
        with pytest.raises(GeoError) as error:
            ask()
        assert [(p.field, p.row) for p in error.value.problems] == [("weight", 2)]


def nearest(center, cost):
    center = np.array(center, np.int32)
    return Nearest(center, np.array(cost, float), (center < 0).astype(np.int8))


def test_radii_of_a_small_county():
    near = nearest([0, 0, 0, 1, -1, 0], [10, 20, 30, 5, NAN, 30])
    people = [4, 5, 1, 2, 7, 0]
    radii = measure_radii(
        Assigned.of_nearest(near, people), 4,
        share=0.5, limits=20, capacity=[9, 0, NAN, 0],
    )  # fmt: skip
    assert radii.households.tolist() == [4, 1, 0, 0]
    assert radii.people.tolist() == [10, 2, 0, 0], "who has no way is assigned to nobody"
    expected = {"radius_50": 20, "radius_80": 20, "radius_90": 20, "radius_95": 30,
                "radius_100": 30, "radius": 20, "mean_cost": 17, "farthest": 2,
                "farthest_cost": 30, "within": 9, "capacity": 9, "over": 1}  # fmt: skip
    first = radii.iloc[0]
    assert {name: first[name] for name in expected} == expected
    assert first["load"] == pytest.approx(10 / 9)
    assert radii["load"].tolist()[1] == INF, "people at a center without room"
    assert np.isnan(radii["load"][2]), "a capacity nobody knows is not a capacity of 0"
    assert np.isnan(radii["over"][2])
    assert radii["load"][3] == 0
    empty = radii.loc[2:, ["radius", "radius_100", "mean_cost", "farthest_cost"]]
    assert empty.isna().to_numpy().all()
    assert radii.farthest.tolist() == [2, 3, -1, -1]


@settings(max_examples=60)
@given(rows, st.randoms(use_true_random=False))
def test_radii_do_not_depend_on_the_order(table, random):
    cost, weight, center = np.array(table, float).reshape(-1, 3).T
    center = np.where(np.isfinite(cost), center, -1)
    order = list(range(len(cost)))
    random.shuffle(order)
    answers = []
    for rows_ in (np.arange(len(cost)), np.array(order, int)):
        near = nearest(center[rows_], cost[rows_])
        found = measure_radii(Assigned.of_nearest(near, weight[rows_]), 4, limits=9)
        answers.append(found.drop(columns="farthest"))
        assert found.people.sum() == weight[center >= 0].sum()
        assert found.households.sum() == (center >= 0).sum()
        ways = found[[c for c in found if c.startswith("radius_")]].to_numpy()
        grow = np.diff(ways, axis=1)
        assert (grow[~np.isnan(grow)] >= 0).all()
    assert_frame_equal(*answers, check_exact=True)


def test_an_assignment_by_pairs_may_split_a_household():
    reach = Reach.of_pairs([0, 0, 1], [0, 1, 1], [1.0, 4.0, 2.0], shape=(3, 2), limit=9)
    assigned = Assigned.of_pairs(reach, [3, 2, 0])
    radii = measure_radii(assigned, 2, limits=[3.0, 3.0, 3.0], capacity=[3, 1])
    assert radii.people.tolist() == [3, 2]
    assert radii.households.tolist() == [1, 1]
    assert radii.within.tolist() == [3, 0]
    assert radii.over.tolist() == [0, 1]


@pytest.mark.parametrize(("name", "value"), [
    ("limits", 0), ("limits", -1), ("limits", NAN), ("capacity", [-1]), ("capacity", [INF]),
])  # fmt: skip
def test_a_limit_or_capacity_that_is_none(name, value):
    assigned = Assigned.of_nearest(nearest([0], [1.0]), [1])
    with pytest.raises(GeoError) as error:
        measure_radii(assigned, 1, **{name: value})
    (problem,) = error.value.problems
    assert problem.field == {"limits": "standard", "capacity": "capacity"}[name]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), unique=True, max_size=20),
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
)
def test_overlap_against_sets(pairs, people):
    household, center = np.array(pairs, int).reshape(-1, 2).T
    reach = Reach.of_pairs(household, center, np.ones(len(pairs)), shape=(6, 4), limit=1)
    centers, counts = measure_overlap(reach, people)
    reached = {h: {c for g, c in pairs if g == h} for h in range(6)}
    for c in range(4):
        mine = [h for h in range(6) if c in reached[h]]
        assert centers.reached[c] == sum(people[h] for h in mine)
        assert centers.only_here[c] == sum(people[h] for h in mine if len(reached[h]) == 1)
    assert (centers.shared == centers.reached - centers.only_here).all()
    assert counts.households.sum() == 6
    for number, row in counts.iterrows():
        assert row.people == sum(people[h] for h in range(6) if len(reached[h]) == number)


# --- the whole county -------------------------------------------------------------------------


def test_who_has_no_way_still_counts():
    cost, people = np.array([100.0, 200, 300, NAN]), [5, 3, 1, 1]
    spread = measure_spread(cost, people, share=0.9)
    assert (spread.people, spread.reached, spread.radius, spread.attainable) == (10, 9, 300, 0.9)
    too_many = measure_spread(cost, people, share=0.91)
    assert np.isnan(too_many.radius)
    assert too_many.attainable == 0.9
    assert spread.percentiles[0.8] == 200
    assert np.isnan(spread.percentiles[1.0])
    nobody = measure_spread(np.array([]), [])
    assert np.isnan(nobody.radius)
    assert np.isnan(nobody.attainable)
    assert nobody.histogram.people.tolist() == [0]


def test_everybody_on_one_point():
    spread = measure_spread(np.zeros(3), [1, 2, 3])
    assert spread.radius == 0
    assert spread.histogram[["households", "people", "share"]].to_numpy().tolist() == [[3, 6, 1]]


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.floats(0, 90_000), st.integers(0, 5)), min_size=1, max_size=20),
    st.integers(0, 4),
    st.sampled_from(["distance", "time"]),
)
def test_the_histogram_holds_everybody_who_has_a_way(table, lost, measure):
    cost, people = (np.array(column) for column in zip(*table, strict=True))
    cost, people = np.append(cost, NAN), np.append(people, lost)
    bars = measure_spread(cost, people, measure=measure).histogram
    assert len(bars) <= MOST_BARS
    assert (bars.start[1:].to_numpy() == bars.end[:-1].to_numpy()).all()
    assert bars.people.sum() == people[:-1].sum()
    assert bars.households.sum() == len(table)
    for bar in bars.itertuples():
        inside = (cost <= bar.end) & ((cost > bar.start) | (bar.start == 0))
        assert bar.people == people[inside].sum()
        if people.sum():
            assert bar.share == pytest.approx(people[cost <= bar.end].sum() / people.sum())


def test_bars_have_round_widths():
    assert measure_spread(np.array([9_900.0]), [1]).histogram.end.tolist()[:2] == [250, 500]
    minutes = measure_spread(np.array([3_000.0]), [1], measure="time").histogram
    assert minutes.end.tolist()[:2] == [120, 240]
    given_ = measure_spread(np.array([250.0]), [1], step=100).histogram
    assert given_.end.tolist() == [100, 200, 300]


# --- drawn ------------------------------------------------------------------------------------


def small_question(**options):
    centers = points((0, 0), (9, 0), (3, 3), code=["c", "a", "b"], level="village", name="x")
    return pose_question(
        points((0, 1), (1, 0), residents=[1, 2]), centers,
        profile=parse_profile({"name": "p"}), area_types={}, standard=100, **options,
    )  # fmt: skip


def test_each_center_has_its_own_service_area():
    question = small_question()
    assert question.centers.code.tolist() == ["a", "b", "c"], "positions are those of the codes"
    areas = draw_service_areas(question, StraightLine(), [100, NAN, 50])
    assert areas.crs == STORE_CRS
    assert areas.code.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(areas.area_m2, [np.pi * 100**2, 0, np.pi * 50**2], rtol=1e-3)
    assert areas.geometry.is_empty.tolist() == [False, True, False]
    drawn = areas.to_crs(question.zone).geometry
    sites = shapely.points(question.sites)
    assert shapely.covers(np.asarray(drawn)[[0, 2]], sites[[0, 2]]).all()
    one_for_all = draw_service_areas(question, StraightLine(), 100)
    assert isinstance(one_for_all, geopandas.GeoDataFrame)
    assert one_for_all.radius.tolist() == [100] * 3
    assert draw_service_areas(question, StraightLine(), 0).geometry.is_empty.all()


@pytest.mark.parametrize("radius", [-1, INF])
def test_a_radius_that_is_none(radius):
    with pytest.raises(GeoError) as error:
        draw_service_areas(small_question(), StraightLine(), [1, radius, 1])
    assert [(p.field, p.row) for p in error.value.problems] == [("radius", 2)]


def test_straight_lines_through_the_whole_chain():
    question = small_question(weight="residents")
    line = StraightLine()
    near = line.nearest(question.homes, question.sites, "distance")
    radii = measure_radii(Assigned.of_nearest(near, question.people), 3, limits=question.limits)
    assert radii.people.tolist() == [0, 0, 3]
    assert radii.radius_100[2] == pytest.approx(100, abs=0.1)
    reach = line.within(question.homes, question.sites, "distance", question.limits.max())
    centers, _ = measure_overlap(reach.within(question.limits), question.people)
    assert centers.only_here.tolist() == radii.within.tolist()
    assert isinstance(radii, pd.DataFrame)
