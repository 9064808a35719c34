"""Service gaps on drawings, against brute force, and the rules that always hold."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.crs import STORE_CRS, metric_crs_of, to_store
from geo.errors import CrsError, FrameError, GeoError, ProfileError
from geo.profiles import CENTER_LEVELS, parse_profile
from geo.service.gaps import measure_service
from geo.service.question import pose_question
from tests.geo.cells import drawn, points, tiled

STANDARDS = {"urban": {"distance_m": 100}, "mountain": {"distance_m": 200}}
PROFILE = parse_profile({"name": "test", "standards": dict.fromkeys(CENTER_LEVELS, STANDARDS)})
VILLAGE, TOWN = "500229001001", "500229101001"


def land_of(picture, villages):
    frame = drawn(picture)
    return to_store(frame.assign(village_code=[villages[code] for code in frame.code]))


def ask(households, centers, land, **options):
    weight = "residents" if "residents" in households else "households"
    options = {"profile": PROFILE, "area_types": {TOWN: "urban"}, "weight": weight} | options
    return pose_question(households, centers, land, **options)


def measure(households, centers, land, *, split_large=True, **options):
    return measure_service(ask(households, centers, land, **options), split_large=split_large)


#  ┌─────┬─────┬─────┬─────┬─────┐
#  │a  × │b   ·│c    │d  · │e  ··│     × center at (0.5, 0.5), reach 2 cells
#  └─────┴─────┴─────┴─────┴─────┘
ROW = land_of("abcde", dict.fromkeys("abcde", VILLAGE))
HOMES = to_store(
    points(
        (1.9, 0.5), (3.5, 0.5), (4.5, 0.5), (4.6, 0.5), (0.5, 0.5),
        residents=[1, 2, 3, None, 5], elderly=[0, 1, 1, 2, 0], village_code=VILLAGE,
    )
)  # fmt: skip
CENTERS = to_store(points((0.5, 0.5), (3.5, 0.5), code=["k1", "s1"], level=["village", "station"]))


def test_a_drawing():
    gaps = measure(HOMES, CENTERS, ROW, split_large=False)
    assert gaps.question.standards == {"mountain": 200}
    assert (len(gaps.homes), gaps.states.residents.sum(), gaps.served) == (5, 11, 2)
    assert gaps.unserved.index.tolist() == [1, 2, 3]  # the station does not count as a center
    np.testing.assert_allclose(gaps.unserved.cost, [300, 400, 410], atol=1e-3)
    assert gaps.unserved.nearest_center.tolist() == ["k1"] * 3
    [area] = gaps.areas.to_dict("records")
    assert (area["rank"], area["households"], area["residents"], area["elderly"]) == (1, 3, 5, 4)
    assert (area["nearest_center"], area["villages"]) == ("k1", (VILLAGE,))
    assert area["nearest_cost"] == pytest.approx(300, abs=1e-3)
    assert area["farthest_cost"] == pytest.approx(410, abs=1e-3)
    # five cells less the circle, of which half a cell is cut off at the west
    circle = shapely.Point(50, 50).buffer(200, quad_segs=2000)
    exact = 50_000 - shapely.box(0, 0, 500, 100).intersection(circle).area
    assert exact <= area["area_m2"] <= exact * 1.001
    shares = gaps.shares.set_index(["by", "code"])
    assert shares.loc[("village", VILLAGE), "served"] == 2
    assert shares.loc[("township", VILLAGE[:9]), "share"] == pytest.approx(0.4)
    assert shares.loc[("area_type", "mountain"), "residents_served"] == 6


def test_higher_levels_serve_lower_ones():
    stations = measure(HOMES, CENTERS, ROW, level="station")
    assert stations.served == 5
    county = measure(HOMES, CENTERS, ROW, level="county")
    assert county.served == 0
    assert county.unserved.nearest_center.isna().all()
    assert county.unserved.cost.isna().all()
    assert county.areas.nearest_center.isna().all()
    assert county.areas.households.sum() == 5


def test_exactly_at_the_standard_is_served():
    def unserved(more):
        metric = HOMES.to_crs(metric_crs_of(HOMES))
        center = CENTERS.to_crs(metric.crs)
        way = metric.geometry[1].distance(center.geometry[0])
        return len(measure(HOMES, CENTERS, ROW, standard=way + more).unserved)

    assert unserved(0.0) == 2
    assert unserved(-1e-6) == 3


def test_each_household_by_the_standard_of_its_village():
    homes = HOMES.assign(village_code=[TOWN, VILLAGE, VILLAGE, VILLAGE, TOWN])
    gaps = measure(homes, CENTERS, ROW)
    assert gaps.question.standards == {"urban": 100, "mountain": 200}
    # registered in town, living on village land inside the village's circle: still in an area
    assert gaps.unserved.index.tolist() == [0, 1, 2, 3]
    assert gaps.areas.households.sum() == 4
    alone = gaps.areas[gaps.areas.households == 1]
    assert (alone.area_m2 < np.pi * 50**2).all()


def test_village_of_the_land_where_none_is_registered():
    homes = HOMES.drop(columns="village_code")
    land = ROW.assign(village_code=[TOWN, TOWN, VILLAGE, VILLAGE, VILLAGE])
    gaps = measure(homes, CENTERS, land)
    assert gaps.unserved.standard.tolist() == [100, 200, 200, 200]
    assert gaps.shares.query("by == 'village'").code.tolist() == [VILLAGE, TOWN]
    nowhere = measure(homes, CENTERS, None)
    assert nowhere.shares.query("by == 'village'").code.tolist() == [""]
    assert nowhere.shares.query("by == 'township'").code.tolist() == [""]


def test_without_land_a_gap_is_drawn_around_its_households():
    gaps = measure(HOMES, CENTERS, None)
    assert gaps.areas.households.sum() == 3
    assert np.pi * 50**2 < gaps.areas.area_m2.sum() < 3 * np.pi * 50**2


def test_separate_areas_are_ranked_by_people():
    land = land_of("abcdefg", dict.fromkeys("abcdefg", VILLAGE))
    homes = to_store(points((0.2, 0.5), (6.8, 0.5), residents=[1, 9], village_code=VILLAGE))
    center = to_store(points((3.5, 0.5), code=["k"], level=["village"]))
    gaps = measure(homes, center, land)
    assert gaps.areas["rank"].tolist() == [1, 2]
    assert gaps.areas.residents.tolist() == [9, 1]
    assert gaps.unserved.area_rank.tolist() == [2, 1]
    one = measure(homes.iloc[:1], center, land)
    assert one.areas.households.tolist() == [1], "land without an unserved household is no gap"


def test_a_large_area_is_cut_along_villages():
    other = "500229001002"
    land = land_of("aaabbb", {"a": VILLAGE, "b": other})
    homes = to_store(
        points((0.2, 0.5), (1.0, 0.5), (5.8, 0.5), village_code=[VILLAGE, VILLAGE, other])
    )
    far = to_store(points((60, 60), code=["k"], level=["village"]))
    whole = measure(homes, far, land, split_large=False)
    assert whole.areas.villages.tolist() == [(VILLAGE, other)]
    cut = measure(homes, far, land)
    assert cut.areas.villages.tolist() == [(VILLAGE,), (other,)]
    assert cut.areas.households.tolist() == [2, 1]
    assert cut.areas.area_m2.sum() == pytest.approx(whole.areas.area_m2.sum())
    near = measure(homes.iloc[:2], far, land)  # these two fit into one circle
    assert len(near.areas) == 1
    assert near.areas.area_m2[0] == pytest.approx(60_000, rel=1e-5)


def test_a_county_without_a_center_is_cut_along_all_of_its_villages():
    rng = np.random.default_rng(5)
    cells, boundary = tiled(rng, 60)
    land = to_store(cells.assign(village_code=[f"500229001{i:03d}" for i in range(60)]))
    inside = cells.representative_point()
    homes = to_store(geopandas.GeoDataFrame(geometry=inside, crs=cells.crs))
    gaps = measure(homes, CENTERS.iloc[:0], land)
    assert sorted(gaps.areas.villages) == [(code,) for code in land.village_code.sort_values()]
    assert gaps.areas.households.tolist() == [1] * 60
    assert gaps.areas.area_m2.sum() == pytest.approx(boundary.area, rel=1e-5)
    drawn_ = gaps.areas.set_index(gaps.areas.villages.str[0]).geometry
    own = land.set_index("village_code").geometry.loc[drawn_.index]
    common = shapely.intersection(drawn_.array, own.array)
    np.testing.assert_allclose(shapely.area(common), shapely.area(own.array), rtol=1e-5)


def test_time_is_distance_at_walking_pace():
    metres = measure(HOMES, CENTERS, ROW, standard=300)
    seconds = measure(HOMES, CENTERS, ROW, standard=300, measure="time")  # 60 m a minute
    np.testing.assert_allclose(seconds.homes.cost, metres.homes.cost)
    assert seconds.homes.served.tolist() == metres.homes.served.tolist()
    assert seconds.areas.to_wkb().equals(metres.areas.to_wkb())


def test_nobody_nothing_everybody():
    assert measure(HOMES.iloc[:0], CENTERS, ROW).areas.empty
    nothing = measure(HOMES.iloc[:0], CENTERS.iloc[:0], None)
    assert nothing.areas.empty
    assert nothing.shares.empty
    everybody = measure(HOMES, CENTERS, ROW, standard=10_000)
    assert everybody.unserved.empty
    assert everybody.areas.empty
    assert list(everybody.areas.columns) == list(measure(HOMES, CENTERS, ROW).areas.columns)
    assert everybody.shares.share.tolist() == [1.0] * 3


def test_broken_land_does_not_lose_anybody():
    land = ROW.copy()
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    land["geometry"] = [None, bow_tie, *land.geometry[2:4], shapely.Point(108, 31)]
    gaps = measure(HOMES, CENTERS, land)
    assert gaps.areas.households.sum() == 3


def test_bad_input():
    with pytest.raises(FrameError, match="level"):
        measure(HOMES, CENTERS.drop(columns="level"), ROW)
    with pytest.raises(FrameError, match="village_code"):
        measure(HOMES, CENTERS, ROW.drop(columns="village_code"))
    with pytest.raises(CrsError, match="no coordinate system"):
        measure(HOMES, CENTERS.set_crs(None, allow_override=True), ROW)
    lost = CENTERS.copy()
    lost.loc[1, "geometry"] = None
    with pytest.raises(FrameError) as error:
        measure(HOMES, lost, ROW)
    assert [(p.key, p.row) for p in error.value.problems] == [("bad_coordinate", 2)]
    lost.loc[1, "geometry"] = shapely.Point(108, 95)
    with pytest.raises(FrameError, match="95"):
        measure(HOMES, lost, ROW)
    for standard in (0, -1, float("nan"), float("inf")):
        with pytest.raises(GeoError, match="standard"):
            measure(HOMES, CENTERS, ROW, standard=standard)
    with pytest.raises(GeoError, match="level"):
        measure(HOMES, CENTERS, ROW, level="province")
    with pytest.raises(ProfileError, match="rural_plain"):
        measure(HOMES, CENTERS, ROW, area_types={VILLAGE: "rural_plain"})


# --- random counties ------------------------------------------------------------------------


def county(seed, homes=150, sites=5):
    """A square of 3 km: 20 units of 4 villages, 150 households, a few of them off the land."""
    rng = np.random.default_rng(seed)
    cells, _ = tiled(rng, 20)
    corner = cells.representative_point().to_crs(cells.crs)
    number = 2 * (corner.x > corner.x.median()) + (corner.y > corner.y.median())
    land = to_store(cells.assign(village_code=[f"50022900100{n}" for n in number]))
    households = to_store(
        points(
            *rng.uniform(-1, 31, (homes, 2)),
            residents=rng.integers(0, 7, homes),
            elderly=rng.integers(0, 3, homes),
            village_code=[f"50022900100{n}" for n in rng.integers(0, 5, homes)],
        )
    )
    centers = to_store(
        points(
            *rng.uniform(0, 30, (sites, 2)),
            code=[f"k{i}" for i in range(sites)],
            level=rng.choice(CENTER_LEVELS, sites),
        )
    )
    return households, centers, land


TYPES = {"500229001000": "urban", "500229001001": "urban"}
WIDE = parse_profile(
    {
        "name": "wide",
        "standards": {
            level: {"urban": {"distance_m": 500}, "mountain": {"distance_m": 900}}
            for level in CENTER_LEVELS
        },
    }
)
WORLD = {"profile": WIDE, "area_types": TYPES}


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_against_brute_force(seed, split, with_land):
    households, centers, land = county(seed)
    gaps = measure(households, centers, land if with_land else None, **WORLD, split_large=split)
    metric = households.to_crs(metric_crs_of(households))
    sites = centers[centers.level != "station"].to_crs(metric.crs)
    expected = []
    for row, home in metric.iterrows():
        limit = 500 if TYPES.get(home.village_code) else 900
        ways = sorted((home.geometry.distance(s.geometry), s.code) for s in sites.itertuples())
        if not ways or ways[0][0] > limit:
            expected.append((row, ways[0][1] if ways else None, limit))
    found = gaps.unserved
    assert found.index.tolist() == [row for row, _, _ in expected]
    assert [None if pd.isna(c) else c for c in found.nearest_center] == [c for _, c, _ in expected]
    assert found.standard.tolist() == [limit for *_, limit in expected]

    # every unserved household is in exactly one area, inside its polygon, and the sums agree
    areas = gaps.areas.set_index("rank")
    assert areas.households.sum() == len(found)
    assert areas.residents.sum() == found.residents.sum()
    assert areas.elderly.sum() == found.elderly.sum()
    assert (found.groupby("area_rank").size() == areas.households).all()
    home_area = areas.geometry.loc[found.area_rank]
    apart = shapely.distance(home_area.array, found.geometry.array)
    assert (apart < 1e-8).all()  # snapped to 1 mm
    holders = [(shapely.distance(areas.geometry.array, p) == 0).sum() for p in found.geometry]
    assert max(holders, default=1) == 1
    assert areas.is_valid.all()
    assert (areas.households > 0).all()
    key = list(zip(-areas.people, -areas.excess, -areas.households, strict=True))
    assert key == sorted(key)
    for by in ("township", "village", "area_type"):
        part = gaps.shares[gaps.shares.by == by]
        assert part.households.sum() == len(households)
        assert part.served.sum() == gaps.served


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.floats(50, 2000), st.floats(1, 500))
@example(294807574, 812.8857316393801, 1.0)  # a needle that crosses itself on the lattice
def test_a_wider_standard_or_one_more_center_serves_no_fewer(seed, standard, more):
    households, centers, land = county(seed)

    def result(sites, limit):
        gaps = measure(households, sites, land, **WORLD, level="station", standard=limit)
        assert gaps.areas.is_valid.all()
        return set(gaps.unserved.index), shapely.union_all(gaps.areas.geometry.array)

    narrow, narrow_land = result(centers, standard)
    wide, wide_land = result(centers, standard + more)
    fewer, _ = result(centers.iloc[:-1], standard)
    assert wide <= narrow <= fewer
    if wide:
        beyond = shapely.difference(wide_land, shapely.buffer(narrow_land, 1e-7))
        # only what is drawn around single households may lie beyond
        assert beyond.area < len(wide) * np.pi * 50**2 / 1e10


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_order_of_rows_does_not_matter(seed):
    one = county(seed)
    other = [f.sample(frac=1, random_state=seed % 1000) for f in one]
    a, b = measure(*one, **WORLD), measure(*other, **WORLD)
    same = {"check_exact": True}
    assert_frame_equal(*(f.areas.drop(columns="farthest").to_wkb() for f in (a, b)), **same)
    places = [f.question.homes[f.areas.farthest] for f in (a, b)]
    np.testing.assert_array_equal(*places)  # a position is another one in another order
    assert_frame_equal(a.shares, b.shares)
    assert_geodataframe_equal(a.unserved, b.unserved.sort_index())
    assert_frame_equal(a.homes, b.homes.sort_index())
    assert_frame_equal(a.states, b.states)
    again = measure(*one, **WORLD)
    assert again.areas.to_json() == a.areas.to_json()


def test_caller_frames_stay():
    frames = county(3)
    before = [f.copy() for f in frames]
    gaps = measure(*frames, **WORLD)
    for frame, old in zip(frames, before, strict=True):
        assert_geodataframe_equal(frame, old)
    assert gaps.areas.crs == STORE_CRS
    assert isinstance(gaps.unserved, geopandas.GeoDataFrame)
