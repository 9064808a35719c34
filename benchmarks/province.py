"""A province to measure on: the sample county 80 times side by side, 100,240 grids.

    python -m benchmarks.province FOLDER [--counties 80]
    WANGGE_HOME=FOLDER python -m benchmarks.plan_edit

Makes FOLDER (which must not exist) a data folder of its own: private cluster, all layers loaded by
COPY, numbers of the grids measured. Each county is the sample moved by whole steps of the lattice,
so borders stay shared node by node, and has a code of its own (510001 …). 5.4 million households
take a few minutes and some gigabytes; remove the folder afterwards (``wangge db stop`` first).
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.services import indicators, workspace
from data import bulk
from data.cluster import Cluster
from data.db import make_engine
from data.migrate import upgrade
from data.sample import generate
from geo.codes import ancestors
from geo.crs import LATTICE

BEGAN = pd.Timestamp("2021-03-01T00:00:00+08:00")
ACROSS = 10
STEP = (1.2, 0.8)  # degrees; the county is 1.0 by 0.8
_STEPS = round(1 / LATTICE)

# Table → its columns: kind of the value, and where it comes from in the layer's frame.
TABLES = {
    "division": ("divisions", {
        "code": "text", "level": "text", "name": "text", "parent_code": "text",
        "urban_rural_class": "text", "area_type": "text", "residents": "integer",
        "valid_from": "instant",
    }),
    "natural_village": ("natural_villages", {
        "code": "text", "name": "text", "village_code": "text", "households": "integer",
        "residents": "integer", "registered": "integer", "valid_from": "instant",
    }),
    "grid": ("grids", {
        "network": "text", "code": "text", "name": "text", "village_code": "text", "kind": "text",
        "valid_from": "instant",
    }),
    "household": ("households", {
        "code": "text", "address": "text", "village_code": "text",
        "natural_village_code": "text", "residents": "integer", "registered": "integer",
        "children": "integer", "elderly": "integer", "aged_80": "integer",
    }),
    "center": ("centers", {
        "code": "text", "name": "text", "level": "text", "village_code": "text", "address": "text",
        "capacity": "integer", "floor_area_m2": "float", "valid_from": "instant",
    }),
}  # fmt: skip
OWN_CODES = ("code", "natural_village_code")  # unique in the whole store, whatever they look like
DIVISION_CODES = ("code", "village_code", "parent_code")


def frames(county) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers' frames with the columns the tables have."""
    found = {}
    for table, (layer, _) in TABLES.items():
        frame = getattr(county, layer).copy()
        frame["valid_from"] = BEGAN
        if table == "division":
            parents = [next(iter(ancestors(str(code))), None) for code in frame["code"]]
            frame["parent_code"] = pd.Series(parents, index=frame.index, dtype="str")
        if table == "grid":
            frame["network"] = "all_purpose"
        found[table] = frame
    return found


def moved(frame: gpd.GeoDataFrame, old: str, number: int) -> gpd.GeoDataFrame:
    """Return a frame as the county ``number`` has it."""
    offset = np.array([number % ACROSS * STEP[0] - 6.0, number // ACROSS * STEP[1] - 4.0])
    new = f"51{number:04d}"

    def shift(xy):
        return np.rint((xy + offset) * _STEPS) / _STEPS

    out = frame.copy()
    for name in {*OWN_CODES, *DIVISION_CODES} & set(frame.columns):
        codes = frame[name].astype("str")
        ours = codes.str.startswith(old, na=False)
        out[name] = codes.where(~ours, new + codes.str[len(old) :])
        if name in OWN_CODES:
            out[name] = out[name].where(ours | codes.isna(), new + "-" + codes)
    shapes = frame.geometry.to_numpy()
    placed = ~shapely.is_missing(shapes)
    shapes = shapes.copy()
    shapes[placed] = shapely.transform(shapes[placed], shift)
    return out.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def load(connection, layers: dict[str, gpd.GeoDataFrame], old: str, counties: int) -> None:
    for table, (_, columns) in TABLES.items():
        began = time.perf_counter()
        with bulk.indexes_aside(connection, table):
            for number in range(counties):
                frame = moved(layers[table], old, number)
                values = {name: (kind, _column(frame, name)) for name, kind in columns.items()}
                bulk.copy_rows(connection, table, {**values, "geom": ("geometry", frame.geometry)})
        print(
            f"{table:16} {len(layers[table]) * counties:>9,} {time.perf_counter() - began:6.1f} s"
        )


def _column(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    missing = {"urban_rural_class", "area_type", "residents", "capacity", "floor_area_m2"}
    if name not in frame:
        assert name in missing or name == "registered", name
        return pd.Series(np.nan, index=frame.index)
    values = frame[name]
    return values.fillna("") if name in ("name", "address") else values


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--counties", type=int, default=80)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True)
    arguments.folder.chmod(0o711)
    county = generate()
    old = str(county.divisions.loc[county.divisions["level"] == "county", "code"].iloc[0])
    layers = frames(county)
    with Cluster(arguments.folder).use() as url:
        engine = make_engine(url)
        upgrade(engine)
        with engine.begin() as connection:
            workspace.seed(connection)
            load(connection, layers, old, arguments.counties)
            workspace.store_title(
                connection, title="示例省", title_en="Sample province", synthetic=True
            )
        began = time.perf_counter()
        with engine.begin() as connection:
            measured = indicators.refresh(connection)
        print(f"{measured:,} grids measured in {time.perf_counter() - began:.1f} s")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            bulk.run(connection, bulk.sql.SQL("ANALYZE"))
        engine.dispose()
    print(f"{arguments.folder} is ready ({datetime.now(UTC):%H:%M})")


if __name__ == "__main__":
    main()
