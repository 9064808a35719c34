"""The sample as ordinary files, byte for byte the same for the same seed.

They come in through the importers a user uses; nothing here knows the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from data.geotiff import write_geotiff
from data.sample.county import SEED, SampleCounty, generate
from data.sample.faults import grids_with_faults, households_with_faults, township_households

_GPKG_DATE = "2021-03-01T00:00:00.000Z"
_NOTICE = {
    "zh": "示例数据：除县界、区划名称代码、城乡分类和普查总数外均为虚构，不得公开",
    "en": "Synthetic sample: all but the outline, codes, names, classes and census totals is "
    "invented. Not for publication",
}


def write_files(folder: Path, seed: int = SEED) -> dict[str, Path]:
    """Generate the county and write its files into ``folder`` (made if missing).

    Returns
    -------
    dict
        Path by layer: ``divisions``, ``natural_villages``, ``grids``, ``households``,
        ``centers``, ``roads``, ``barriers``, ``terrain``; also ``police_grids``, ``raw_grids``,
        ``raw_households``, ``households_gbk``, ``faults`` (what is wrong in the raw files) and
        ``about``.
    """
    return write_county(generate(seed), folder)


def write_county(county: SampleCounty, folder: Path) -> dict[str, Path]:
    """Write a county that is generated already; see :func:`write_files`."""
    raw = folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    paths = {
        "divisions": folder / "divisions.geojson",
        "natural_villages": folder / "natural_villages.gpkg",
        "grids": folder / "grids.geojson",
        "households": folder / "households.csv",
        "centers": folder / "centers.geojson",
        "roads": folder / "roads.geojson",
        "barriers": folder / "barriers.geojson",
        "terrain": folder / "dem.tif",
        "police_grids": folder / "grids_police.geojson",
        "raw_grids": raw / "grids_with_faults.geojson",
        "raw_households": raw / "households_with_faults.csv",
        "households_gbk": raw / "households_gbk.csv",
        "faults": raw / "faults.json",
        "about": folder / "sample.json",
    }
    for layer in ("divisions", "grids", "centers", "roads", "barriers", "police_grids"):
        write_geojson(getattr(county, layer), paths[layer], layer)
    write_gpkg(county.natural_villages, paths["natural_villages"], "natural_villages")
    paths["terrain"].write_bytes(write_geotiff(county.terrain))
    table = household_table(county.households)
    write_csv(table, paths["households"])
    faulty_grids, grid_faults = grids_with_faults(county.grids)
    write_geojson(faulty_grids, paths["raw_grids"], "grids", keep_winding=True)
    text, household_faults = households_with_faults(table)
    paths["raw_households"].write_bytes(text.encode("utf-8"))
    gbk = township_households(table).to_csv(index=False, lineterminator="\r\n")
    paths["households_gbk"].write_bytes(gbk.encode("gbk"))
    _write_json(
        {
            "raw_grids": [fault.as_dict() for fault in grid_faults],
            "raw_households": [fault.as_dict() for fault in household_faults],
        },
        paths["faults"],
    )
    _write_json(about(county), paths["about"])
    return paths


def about(county: SampleCounty) -> dict[str, object]:
    """Return title, seed, counts and notice of the sample: the content of ``sample.json``."""
    levels = county.divisions["level"].value_counts()
    return {
        "title": "城口县",
        "title_en": "Chengkou County",
        "code": "500229",
        "synthetic": True,
        "notice": _NOTICE,
        "seed": county.seed,
        "counts": {
            "townships": int(levels["township"]),
            "villages": int(levels["village"]),
            "natural_villages": len(county.natural_villages),
            "grids": len(county.grids),
            "households": len(county.households),
            "residents": int(county.households["residents"].sum()),
            "registered": int(county.households["registered"].sum()),
            "centers": len(county.centers),
            "roads": len(county.roads),
            "barriers": len(county.barriers),
            "police_grids": len(county.police_grids),
        },
    }


def household_table(households: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return households as the rows of a CSV: lon and lat (EPSG:4490, 9 decimals) in front."""
    columns = households.drop(columns=["geometry", "needs"])
    lon, lat = shapely.get_coordinates(households.geometry.to_numpy()).T
    columns.insert(1, "lon", [f"{value:.9f}" for value in lon])
    columns.insert(2, "lat", [f"{value:.9f}" for value in lat])
    return pd.DataFrame(columns)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 with a header and Unix line ends."""
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def write_geojson(
    frame: gpd.GeoDataFrame, path: Path, name: str, *, keep_winding: bool = False
) -> None:
    """Write RFC 7946, one feature a line, coordinates with 9 decimals (the lattice)."""
    head = json.dumps(
        {"type": "FeatureCollection", "name": name, "synthetic": True, "notice": _NOTICE},
        ensure_ascii=False,
    )
    lines = ",\n".join(_features(frame, keep_winding))
    path.write_text(f'{head[:-1]}, "features": [\n{lines}\n]}}\n', encoding="utf-8")


def _features(frame: gpd.GeoDataFrame, keep_winding: bool) -> Iterator[str]:
    columns = [column for column in frame.columns if column != "geometry"]
    values = [[_plain(value) for value in frame[column].tolist()] for column in columns]
    for row, shape in enumerate(frame.geometry):
        properties = {column: value[row] for column, value in zip(columns, values, strict=True)}
        yield (
            '{"type":"Feature","properties":'
            + json.dumps(properties, ensure_ascii=False)
            + ',"geometry":'
            + _geometry(shape, keep_winding)
            + "}"
        )


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return None if value is None or (isinstance(value, float) and np.isnan(value)) else value


def _geometry(shape: BaseGeometry, keep_winding: bool) -> str:
    if shape.geom_type == "Point":
        return f'{{"type":"Point","coordinates":[{shape.x:.9f},{shape.y:.9f}]}}'
    if shape.geom_type == "LineString":
        return f'{{"type":"LineString","coordinates":[{_places(shape)}]}}'
    if shape.geom_type != "Polygon":
        raise ValueError(f"the sample holds no {shape.geom_type}")
    turned = shape if keep_winding else shapely.orient_polygons(shape)
    rings = ",".join(f"[{_places(ring)}]" for ring in (turned.exterior, *turned.interiors))
    return f'{{"type":"Polygon","coordinates":[{rings}]}}'


def _places(line: BaseGeometry) -> str:
    return ",".join(f"[{x:.9f},{y:.9f}]" for x, y in line.coords)


def write_gpkg(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    """Write a GeoPackage with a fixed date, hence the same bytes every time."""
    path.unlink(missing_ok=True)  # an old file would be appended to
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _GPKG_DATE})
    try:
        pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_json(content: object, path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
