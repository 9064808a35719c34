"""Reading the store: frames, one thing, pages, the grid a place is in, its numbers."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point
from sqlalchemy import text

from data import addresses, centers, divisions, grid_pages, grids, households, workspace
from data.errors import ParameterError
from tests.data.frames import (
    LATER,
    NOW,
    VILLAGE,
    make_divisions,
    make_frame,
    make_grids,
    make_households,
)

CODES = (f"{VILLAGE}001", f"{VILLAGE}002", f"{VILLAGE}003")
POINTS = [(108.005, 31.005), (108.015, 31.005), (108.015, 31.006)]


@pytest.fixture
def county(connection):
    """Two villages, three grids in the first, three households; numbers for two grids."""
    divisions.store_frame(connection, make_divisions(), now=NOW)
    grids.store_frame(connection, make_grids(*CODES, name="第一网格"), now=NOW)
    households.store_frame(connection, make_households(POINTS, address="土城社区1号"), now=NOW)
    return connection


def make_indicators(ids, households):
    count = len(ids)
    return pd.DataFrame(
        {
            "households": households,
            "residents": [3 * n for n in households],
            "registered": [4] * count,
            "children": [0] * count,
            "elderly": [1] * count,
            "aged_80": [0] * count,
            "area_m2": [1060.25] * count,
            "compactness": [0.75] * count,
            "reock": [0.6] * count,
            "span_m": [46.5] * count,
            "center_median_m": [np.nan] * count,
            "center_p90_m": [110.25] * count,
            "center_max_m": [120.5] * count,
            "profile_status": ["below", "within", "empty"][:count],
            "content": [f"c{n}" for n in households],
        },
        index=ids,
    )


def test_scope_is_a_prefix_and_only_that(county):
    assert len(divisions.fetch_frame(county, scope="500229")) == 4
    assert divisions.fetch_frame(county, scope="500229001002")["name"].tolist() == ["凤凰社区"]
    assert grids.fetch_frame(county, scope="500229001002").empty
    assert len(households.fetch_frame(county, scope="500229001")) == 3
    for wild in ("%", "_00229", "5002\\"):
        assert households.fetch_frame(county, scope=wild).empty


def test_an_empty_layer_has_its_columns(connection):
    frame = grids.fetch_frame(connection)
    assert frame.empty
    assert {"id", "code", "households", "valid_from", "geometry"} <= set(frame.columns)
    assert frame.crs.to_epsg() == 4490


def test_indicators_are_stored_and_equal_ones_not_rewritten(county):
    ids = grids.fetch_frame(county)["id"]
    grids.store_indicators(county, make_indicators(ids, [5, 60, 0]))
    stamps = text("SELECT grid_id, xmin, ctid FROM grid_indicator ORDER BY 1")
    before = county.execute(stamps).all()
    grids.store_indicators(county, make_indicators(ids, [5, 60, 0]))
    assert county.execute(stamps).all() == before
    grids.store_indicators(county, make_indicators(ids[:1], [6]))
    frame = grids.fetch_frame(county)
    assert frame["households"].tolist() == [6, 60, 0]
    assert frame["center_max_m"].tolist() == [120.5] * 3
    assert frame["center_median_m"].isna().all()
    assert frame["profile_status"].tolist() == ["below", "within", "empty"]


def test_the_table_of_grids(county):
    ids = grids.fetch_frame(county)["id"]
    grids.store_indicators(county, make_indicators(ids[:2], [5, 60]))
    page = grid_pages.fetch_grid_page(county, sort="households", descending=True, limit=2)
    assert page["total"] == 3
    assert page["totals"] == {
        "households": 65,
        "residents": 195,
        "registered": 8,
        "within": 1,
        "below": 1,
        "above": 0,
        "empty": 0,
    }
    assert [row["code"] for row in page["rows"]] == [CODES[1], CODES[0]]
    first = page["rows"][0]
    assert (first["village"], first["township"]) == ("土城社区", "葛城街道")
    assert shapely.box(108.01, 31, 108.02, 31.01).contains(shapely.Point(first["center"]))
    rest = grid_pages.fetch_grid_page(county, sort="households", descending=True, offset=2)
    assert [row["code"] for row in rest["rows"]] == [CODES[2]]  # without numbers: last
    assert grid_pages.fetch_grid_page(county, bbox=(108.021, 31, 108.1, 32))["total"] == 1
    assert grid_pages.fetch_grid_page(county, parent="500229001002")["total"] == 0
    assert grid_pages.fetch_grid_page(county, text="一网")["total"] == 3
    assert grid_pages.fetch_grid_page(county, text="001002")["total"] == 1
    assert grid_pages.fetch_grid_page(county, text="100%'")["total"] == 0


def test_one_grid_with_its_history(county):
    moved = make_grids(*CODES, name="改名")
    grids.store_frame(county, moved, now=LATER)
    grid = grid_pages.fetch_grid(county, CODES[0])
    assert (grid["name"], grid["village"], grid["valid_from"]) == ("改名", "土城社区", LATER)
    assert [(v["valid_from"], v["valid_to"]) for v in grid["history"]] == [
        (NOW, LATER),
        (LATER, None),
    ]
    assert grid["geometry"].equals(shapely.box(108, 31, 108.01, 31.01))
    assert grid["bbox"] == [108, 31, 108.01, 31.01]
    assert grid_pages.fetch_grid(county, "none") is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(x=st.integers(-2, 32), y=st.integers(-2, 12))
def test_a_place_is_in_the_grid_that_covers_it_the_lowest_code_on_borders(county, x, y):
    lon, lat = 108 + x / 1000, 31 + y / 1000
    frame = grids.fetch_frame(county)
    covering = frame[frame.geometry.apply(lambda g: g.covers(shapely.Point(lon, lat)))]
    found = grids.fetch_grid_at(county, lon, lat)
    assert (found and found["code"]) == (covering["code"].min() if len(covering) else None)


def test_pages_of_any_layer(county):
    page = households.fetch_page(county, sort="residents", descending=True, limit=2)
    assert page.total == 3
    assert [row["residents"] for row in page.rows] == [3, 2]
    assert page.rows[0]["geometry"].equals(shapely.Point(POINTS[2]))
    assert divisions.fetch_page(county, text="凤凰").total == 1
    assert households.fetch_page(county, bbox=(108, 31, 108.01, 31.01)).total == 1
    with pytest.raises(ParameterError) as refused:
        households.fetch_page(county, sort="geom; DROP TABLE household")
    assert refused.value.problems[0].key == "invalid_parameter"


def test_names_counts_and_outline_of_divisions(county):
    names = divisions.fetch_names(county, ["500229001", "nowhere"])
    assert list(names) == ["500229001"]
    assert names["500229001"]["name"] == "葛城街道"
    assert divisions.fetch_counts(county, "500229001") == {
        "townships": 1,
        "villages": 2,
        "natural_villages": 0,
        "grids": 3,
        "centers": 0,
        "households": 3,
        "residents": 6,
    }
    assert divisions.fetch_outline(county).equals(shapely.box(108, 31, 108.06, 31.01))


def test_counts_extents_and_versions_of_the_workspace(county):
    counts = workspace.fetch_counts(county)
    assert counts == {
        "counties": 1,
        "townships": 1,
        "villages": 2,
        "natural_villages": 0,
        "grids": 3,
        "households": 3,
        "centers": 0,
        "roads": 0,
        "barriers": 0,
        "terrain": 0,
    }
    extents = workspace.fetch_extents(county)
    assert tuple(extents) == workspace.MAP_LAYERS
    assert extents["grids"] == pytest.approx((108, 31, 108.03, 31.01))
    assert extents["centers"] is None
    before = workspace.etag(county, ["grids", "villages"])
    grids.store_frame(county, make_grids(CODES[0], name="x"), now=LATER)
    assert workspace.etag(county, ["grids", "villages"]) != before
    assert workspace.etag(county, ["households"]) == workspace.etag(county, ["households"])
    with pytest.raises(KeyError):
        workspace.etag(county, ["castles"])


def test_values_of_the_workspace(connection):
    assert workspace.fetch_value(connection, "title") is None
    workspace.store_value(connection, "title", "城口县")
    workspace.store_value(connection, "synthetic", True)
    values = workspace.fetch_values(connection)
    assert (values["title"], values["synthetic"], len(values["epoch"])) == ("城口县", True, 12)


def test_grids_and_centers_by_code(county):
    center = [{"code": "S1", "name": "总站", "level": "village", "village_code": VILLAGE}]
    centers.store_frame(county, make_frame("centers", center, [Point(108.005, 31.005)]), now=NOW)
    found = addresses.fetch_named(county, grids=[CODES[1], "none", CODES[0]], centers=["S1"])
    assert [(p["kind"], p["code"]) for p in found] == [
        ("grid", CODES[1]),
        ("grid", CODES[0]),
        ("center", "S1"),
    ]
    assert {(p["village"], p["township"]) for p in found} == {("土城社区", "葛城街道")}
    assert found[0]["bbox"][0] < found[0]["lon"] < found[0]["bbox"][2]
    assert (found[2]["lon"], found[2]["lat"]) == (108.005, 31.005)
    assert addresses.fetch_named(county) == []


def test_the_names_of_centers(county):
    assert addresses.fetch_center_names(county) == {}
    center = [{"code": "S1", "name": "总站", "level": "village", "village_code": VILLAGE}]
    centers.store_frame(county, make_frame("centers", center, [Point(108.005, 31.005)]), now=NOW)
    assert addresses.fetch_center_names(county) == {"S1": "总站"}
