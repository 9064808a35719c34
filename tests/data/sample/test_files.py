"""The files: readable by anybody, equal to the frames, the same bytes in every process."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from data.geotiff import read_geotiff

pytestmark = pytest.mark.xdist_group("sample")

WRITE = "import sys, pathlib, data.sample; data.sample.write_files(pathlib.Path(sys.argv[1]))"


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(files, tmp_path):
    hash_seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    subprocess.run(
        [sys.executable, "-c", WRITE, str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert digests(tmp_path) == digests(files["about"].parent)


@pytest.mark.parametrize(
    "layer",
    ["divisions", "natural_villages", "grids", "centers", "police_grids", "roads", "barriers"],
)
def test_geometry_comes_back_equal(county, files, layer):
    read = gpd.read_file(files[layer])
    frame = getattr(county, layer)
    assert list(read["code"]) == list(frame["code"])
    assert shapely.equals_exact(
        shapely.normalize(read.geometry.to_numpy()), shapely.normalize(frame.geometry.to_numpy())
    ).all()


def test_geojson_is_rfc_7946_and_says_it_is_synthetic(files):
    for layer in ("divisions", "grids", "centers", "police_grids", "roads", "barriers"):
        content = json.loads(files[layer].read_text(encoding="utf-8"))
        assert content["type"] == "FeatureCollection"
        assert content["synthetic"] is True
        assert "crs" not in content
        shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in content["features"]])
        if layer in ("roads", "barriers"):
            assert (shapely.get_type_id(shapes) == 1).all()
            continue
        rings = shapely.get_exterior_ring(shapes[shapely.get_type_id(shapes) == 3])
        assert shapely.is_ccw(rings).all()


def test_the_geopackage_names_its_coordinate_system(files):
    info = pyogrio.read_info(files["natural_villages"])
    assert info["crs"] == "EPSG:4490"
    assert info["layer_name"] == "natural_villages"


def test_the_heights_come_back_equal(county, files):
    read = read_geotiff(files["terrain"].read_bytes())
    assert np.array_equal(read.values, county.terrain.values)
    assert (read.bounds, read.cell_m, read.zone) == (
        county.terrain.bounds,
        county.terrain.cell_m,
        4545,
    )


def test_households_csv_is_the_frame(county, files):
    table = pd.read_csv(files["households"], dtype={"code": str, "village_code": str})
    homes = county.households
    assert list(table["code"]) == list(homes["code"])
    assert np.array_equal(
        table[["lon", "lat"]].to_numpy(), shapely.get_coordinates(homes.geometry.to_numpy())
    )
    assert (table["residents"].to_numpy() == homes["residents"].to_numpy()).all()


def test_about_counts_what_is_there(county, files):
    about = json.loads(files["about"].read_text(encoding="utf-8"))
    assert about["synthetic"] is True
    assert about["title"] == "城口县"
    assert about["counts"]["villages"] == 204
    assert about["counts"]["grids"] == 1253
    assert about["counts"]["residents"] == 197_497
    assert about["counts"]["households"] == len(county.households)


def test_the_gbk_sheet_is_gbk(county, files):
    blob = files["households_gbk"].read_bytes()
    with pytest.raises(UnicodeDecodeError):
        blob.decode("utf-8")
    table = pd.read_csv(files["households_gbk"], encoding="gbk", dtype=str)
    homes = county.households
    here = homes[homes["natural_village_code"].str.startswith("500229219")]
    assert list(table["户编号"]) == list(here["code"])
    assert list(table["地址"]) == list(here["address"])
