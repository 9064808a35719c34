"""Real files, brought in as something they are not."""

import os
from pathlib import Path

import pytest

from api.settings import Settings
from tests.api import hostile
from tests.api.bad_files import LONLAT
from tests.api.conftest import make_client
from tests.api.desk import rows_of, stored, upload

SHARED = Path(os.environ.get("WANGGE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def field_file(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared data is not here: {path} (set WANGGE_SHARED_DATA)")
    return path


def shapefile_of_the_field(name):
    shape = field_file(f"fixtures_shp/derived/{name}.shp")
    return hostile.archive({p.name: p.read_bytes() for p in shape.parent.glob(f"{name}.*")})


def test_shapefile_without_prj_names_the_zone_it_looks_like(own_client):
    content = shapefile_of_the_field("fenghuang_villages_gbk_cgcs2000_z37_nocpg")
    report = upload(own_client, "centers", "村.zip", content).json()
    assert rows_of(report, "crs_missing") == [None]
    told = next(p for p in report["problems"] if p["key"] == "crs_missing")
    assert "EPSG:4525" in told["message_zh"]


@pytest.mark.parametrize(
    "name",
    [
        "fenghuang_villages_gbk_cgcs2000_z37_nocpg",
        "fenghuang_villages_utf8_4490_nocpg",
        "fenghuang_villages_gbk_gcj02_labelled_wgs84",
    ],
)
def test_points_are_no_grids(name, own_client, own_engine):
    before = stored(own_engine)
    content = shapefile_of_the_field(name)
    report = upload(own_client, "grids", "a.zip", content, crs="EPSG:4525").json()
    assert report["can_commit"] is False
    assert report["good_rows"] == 0
    assert "wrong_geometry_type" in {line["key"] for line in report["by_key"]}
    assert stored(own_engine) == before


def test_roads_are_no_grids(own_client):
    content = field_file("osm/ningjin_130528_roads.geojson").read_bytes()[:900_000]
    cut = upload(own_client, "grids", "roads.geojson", content).json()
    assert rows_of(cut, "truncated_json") == [None]
    whole = content[: content.rindex(b'{ "type": "Feature"')].rstrip().rstrip(b",") + b"]}"
    report = upload(own_client, "grids", "roads.geojson", whole).json()
    told = {line["key"]: line["count"] for line in report["by_key"]}
    assert report["rows"] > 1000
    assert told["wrong_geometry_type"] == report["rows"]
    assert report["good_rows"] == 0


def test_a_register_of_another_county_is_flagged_row_by_row(own_client):
    lines = field_file("dev_pack_chengkou/register.csv").read_bytes().split(b"\n")[:501]
    report = upload(own_client, "households", "register.csv", b"\n".join(lines), **LONLAT).json()
    assert report["rows"] == 500
    told = {line["key"]: line["count"] for line in report["by_key"]}
    assert told["outside_county"] == report["good_rows"]


def test_blocks_of_another_country_need_their_layer_named(own_engine, tmp_path):
    content = field_file("standins/ks_ellis_county_block.gpkg").read_bytes()
    settings = Settings(home=tmp_path, max_upload_mb=8)
    with make_client(settings, own_engine) as client:
        asked = upload(client, "natural_villages", "blocks.gpkg", content).json()
        assert rows_of(asked, "several_layers") == [None]
        assert "blocks" in asked["problems"][0]["message_zh"]
        points = upload(
            client, "natural_villages", "b.gpkg", content, source_layer="internal_points"
        ).json()
        assert points["good_rows"] == 0
        blocks = upload(client, "natural_villages", "b.gpkg", content, source_layer="blocks").json()
        assert blocks["good_rows"] == blocks["rows"] == 2296
