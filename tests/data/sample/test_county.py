"""What the sample promises: totals, tiling, nesting, codes, people, and the troubles it holds."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

from data.sample import SampleCounty
from data.sample.county import generate
from data.sample.frame import read_frame
from geo.codes import check_code, number_grids
from geo.frames import LAYERS

pytestmark = pytest.mark.xdist_group("sample")

LAYER_FRAMES = (
    *("divisions", "natural_villages", "grids", "households", "centers"),
    *("roads", "barriers"),
)


def of_level(county: SampleCounty, level: str) -> gpd.GeoDataFrame:
    return county.divisions[county.divisions["level"] == level]


def metric(frame: gpd.GeoDataFrame) -> np.ndarray:
    return frame.to_crs(4545).geometry.to_numpy()


def test_totals_are_those_of_the_county(county):
    levels = county.divisions["level"].value_counts().to_dict()
    assert levels == {"village": 204, "township": 25, "county": 1}
    assert len(county.grids) == 1253
    assert len(county.police_grids) == 400
    assert 4700 <= len(county.natural_villages) <= 5200
    assert 67_500 <= len(county.households) <= 68_500
    assert county.households["residents"].sum() == 197_497
    for level in ("county", "township", "village"):
        assert of_level(county, level)["residents"].sum() == 197_497


@pytest.mark.parametrize("layer", LAYER_FRAMES)
def test_frames_are_layer_frames(county, layer):
    frame = getattr(county, layer)
    assert frame.crs.to_epsg() == 4490
    assert list(frame.index) == list(range(len(frame)))
    assert [*(f.name for f in LAYERS[layer].fields), "geometry"] == list(frame.columns)
    assert frame["code"].is_unique
    coordinates = shapely.get_coordinates(frame.geometry.to_numpy())
    assert np.array_equal(coordinates, np.round(coordinates, 9))
    for field in LAYERS[layer].fields:
        if field.required:
            assert frame[field.name].notna().all()
        if field.kind == "choice":
            assert set(frame[field.name].dropna()) <= set(field.choices)
        if field.kind == "count":
            assert (frame[field.name] >= 0).all()


@pytest.mark.parametrize("layer", ["natural_villages", "grids", "police_grids"])
def test_polygons_tile_the_county(county, layer):
    shapes = getattr(county, layer).geometry.to_numpy()
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes, gap_width=1e-8)
    assert shapely.get_num_interior_rings(shapes).sum() == 0
    outline = of_level(county, "county").geometry.iloc[0]
    union = shapely.coverage_union_all(shapes)
    # other networks meet the outline in places of their own; a lattice step is 0.1 mm
    assert shapely.symmetric_difference(union, outline).area < outline.length * 1e-9
    areas = shapely.area(metric(getattr(county, layer)))
    whole = shapely.area(metric(of_level(county, "county")))[0]
    assert areas.sum() == pytest.approx(whole, abs=0.001 * 340_000)


@pytest.mark.parametrize(
    ("fine", "coarse", "digits"),
    [
        ("natural_villages", "village", 12),
        ("grids", "village", 12),
        ("village", "township", 9),
        ("township", "county", 6),
    ],
)
def test_levels_are_nested_bit_for_bit(county, fine, coarse, digits):
    parts = of_level(county, fine) if fine in ("village", "township") else getattr(county, fine)
    units = of_level(county, coarse).set_index("code").geometry
    for code, group in parts.groupby(parts["code"].str[:digits]):
        union = shapely.coverage_union_all(group.geometry.to_numpy())
        assert shapely.equals_exact(union, units[code], 0.0, normalize=True)


def test_the_outline_is_the_real_one(county):
    ring = read_frame().outline
    made = of_level(county, "county").geometry.iloc[0]
    vertices = {tuple(c) for c in shapely.get_coordinates(made).tolist()}
    assert vertices.issuperset(map(tuple, ring.tolist()))
    real = shapely.Polygon(ring)
    assert shapely.symmetric_difference(made, real).area < real.length * 1e-9


def test_natural_villages_do_not_cross_grids(county):
    tree = shapely.STRtree(county.grids.geometry.to_numpy())
    inside = shapely.point_on_surface(county.natural_villages.geometry.to_numpy())
    cell, grid = tree.query(inside, predicate="within")
    assert np.array_equal(cell, np.arange(len(inside)))
    area = shapely.area(county.natural_villages.geometry.to_numpy())
    total = np.bincount(grid, area, len(county.grids))
    assert np.allclose(total, shapely.area(county.grids.geometry.to_numpy()), rtol=1e-9)


@pytest.mark.parametrize("layer", ["natural_villages", "grids"])
def test_codes_follow_the_rule(county, layer):
    frame = getattr(county, layer)
    assert all(check_code(code, "grid") is None for code in frame["code"])
    assert (frame["code"].str[:12] == frame["village_code"]).all()
    assert (frame["code"].str[12:] == number_grids(frame)).all()
    assert not frame.duplicated(["village_code", "name"]).any()


def test_every_household_is_inside_its_cell_and_in_one_grid(county):
    homes = county.households
    cells = county.natural_villages.set_index("code").geometry
    held = shapely.contains_properly(
        cells[homes["natural_village_code"]].to_numpy(), homes.geometry.to_numpy()
    )
    assert held.all()
    tree = shapely.STRtree(county.grids.geometry.to_numpy())
    home, _ = tree.query(homes.geometry.to_numpy(), predicate="intersects")
    assert np.array_equal(np.sort(home), np.arange(len(homes)))


def test_cells_count_their_households(county):
    groups = county.households.groupby("natural_village_code")
    table = county.natural_villages.set_index("code")
    for column, counted in (
        ("households", groups.size()),
        ("residents", groups["residents"].sum()),
        ("registered", groups["registered"].sum()),
    ):
        assert (counted.reindex(table.index, fill_value=0) == table[column]).all()


def test_people_match_the_census(county):
    homes, census = county.households, read_frame().census
    assert homes["children"].sum() == round(census.share_children * 197_497)
    assert homes["elderly"].sum() == round(census.share_elderly * 197_497)
    assert homes["aged_80"].sum() == round(census.share_aged_80 * 197_497)
    assert (homes["children"] + homes["elderly"] <= homes["residents"]).all()
    assert (homes["aged_80"] <= homes["elderly"]).all()
    assert (homes["residents"] > 0).all()
    assert (homes["residents"] == 1).mean() == pytest.approx(0.2285, abs=0.01)
    villages = of_level(county, "village")
    urban = villages[villages["area_type"] == "urban"]["residents"].sum()
    assert urban / 197_497 == pytest.approx(census.urban_share, abs=1e-4)
    assert homes["registered"].sum() > 1.1 * homes["residents"].sum()


def test_addresses_read_like_addresses(county):
    homes = county.households
    assert homes["address"].is_unique
    assert homes["address"].str.contains(r"组.*号$").mean() > 0.6
    assert homes["address"].str.contains(r"栋\d单元\d0\d$").sum() > 5_000


def test_the_troubles_are_there(county):
    homes, grids = county.households, county.grids
    lives_in = homes["natural_village_code"].str[:12]
    assert 300 <= (lives_in != homes["village_code"]).sum() <= 600
    in_village = homes.groupby(lives_in).size()
    assert 6 <= (in_village < 60).sum() <= 16
    per_grid = np.bincount(
        shapely.STRtree(grids.geometry.to_numpy()).query(
            homes.geometry.to_numpy(), predicate="intersects"
        )[1],
        minlength=len(grids),
    )
    assert 53 <= per_grid.mean() <= 56
    assert (per_grid < 15).sum() > 20
    assert (per_grid > 200).sum() > 20
    rural = grids["village_code"].isin(
        county.divisions.loc[county.divisions["area_type"] == "mountain", "code"]
    )
    fits = (per_grid >= 30) & (per_grid <= 100)
    assert fits[rural].mean() > 0.6
    assert 8 <= (grids["kind"] == "dedicated").sum() <= 16


def test_centers_leave_gaps(county):
    centers = county.centers
    assert centers["level"].value_counts().to_dict() == {
        "village": 178,
        "station": 38,
        "township": 25,
        "county": 1,
    }
    areas = county.divisions.set_index("code").geometry
    assert shapely.contains_properly(
        areas[centers["village_code"]].to_numpy(), centers.geometry.to_numpy()
    ).all()
    places = shapely.get_coordinates(metric(centers[centers["level"] != "station"]))
    away, _ = cKDTree(places).query(shapely.get_coordinates(metric(county.households)))
    assert 0.05 < (away > 2_000).mean() < 0.25
    assert (away > 5_000).sum() > 50
    floors = centers.loc[centers["level"] == "village", "floor_area_m2"]
    assert 0.2 < (floors < 500).mean() < 0.6


def test_police_grids_disagree(county):
    police = county.police_grids
    assert set(police["network"]) == {"police"}
    assert police["code"].is_unique
    inside = shapely.point_on_surface(county.natural_villages.geometry.to_numpy())
    _, beat = shapely.STRtree(police.geometry.to_numpy()).query(inside, predicate="within")
    villages = county.natural_villages["village_code"].groupby(beat).nunique()
    assert (villages > 1).mean() > 0.5
    # a station's beats stay inside its township
    townships = of_level(county, "township").set_index("code").geometry
    for code, group in police.groupby(police["code"].str[:9]):
        area = shapely.area(group.geometry.to_numpy()).sum()
        overlap = shapely.area(
            shapely.intersection(group.geometry.to_numpy(), townships[code])
        ).sum()
        assert overlap > 0.97 * area


def test_cells_are_neither_slivers_nor_spikes(county):
    shapes = metric(county.natural_villages)
    area, length = shapely.area(shapes), shapely.length(shapes)
    compactness = 4 * np.pi * area / length**2
    assert area.min() > 1_000
    assert compactness.min() > 0.15
    assert np.median(compactness) > 0.6
    grids = metric(county.grids)
    assert np.median(4 * np.pi * shapely.area(grids) / shapely.length(grids) ** 2) > 0.45


def test_another_seed_is_another_county():
    other = generate(seed=7)
    assert len(other.grids) == 1253
    assert other.households["residents"].sum() == 197_497
    assert shapely.coverage_is_valid(other.natural_villages.geometry.to_numpy(), gap_width=1e-8)
