"""Frames as GeoJSON: RFC 7946, nine decimals (the lattice), the same bytes for the same frame."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic_core import to_json

from api.services.shapes import plain

DECIMALS = 9


def write_features(frame: gpd.GeoDataFrame, extra: Mapping[str, Any] | None = None) -> str:
    """Return a FeatureCollection of a frame in lon/lat; ``extra`` becomes foreign members."""
    table = frame.drop(columns=frame.geometry.name)
    columns = [_values(table[name]) for name in table]
    names = [str(name) for name in table]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    rows = rows or [{} for _ in range(len(frame))]
    # as text, because reading and writing thousands of outlines again costs more than making them
    features = [
        f'{{"type":"Feature","geometry":{geometry},"properties":{_write(row)}}}'
        for geometry, row in zip(_geometries(np.asarray(frame.geometry)), rows, strict=True)
    ]
    foreign = "".join(
        f"{_write(name)}:{_write(plain(value))}," for name, value in (extra or {}).items()
    )
    return f'{{"type":"FeatureCollection",{foreign}"features":[{",".join(features)}]}}'


def _values(column: pd.Series) -> list[Any]:
    """Return the values of a column as JSON knows them."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        named = [*map(plain, column.cat.categories.tolist()), None]
        return [named[code] for code in column.cat.codes]  # -1, no value, is the last
    values: list[Any] = column.tolist()
    # numbers, the bulk, are plain already; what is not finite is written as null
    is_plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf"
    return values if is_plain else [plain(value) for value in values]


def _write(value: Any) -> str:  # noqa: ANN401
    return to_json(value, inf_nan_mode="null").decode()


def _geometries(shapes: NDArray[np.object_]) -> list[str]:
    """Return GeoJSON texts with outer rings counter-clockwise and nine decimals."""
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    texts = np.full(len(shapes), "null", dtype=object)
    turned = shapely.orient_polygons(shapes[there], exterior_cw=False)
    rounded = shapely.transform(turned, lambda xy: np.round(xy, DECIMALS))
    texts[there] = shapely.to_geojson(rounded)
    written: list[str] = texts.tolist()
    return written


def geometry_json(geometry: shapely.Geometry | None) -> Any:  # noqa: ANN401
    """Return a geometry's GeoJSON with outer rings counter-clockwise and nine decimals."""
    (text,) = _geometries(np.array([geometry], dtype=object))
    return json.loads(text)
