"""Frames as GeoJSON: RFC 7946, nine decimals (the lattice), the same bytes for the same frame."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic_core import to_json

from api.services.shapes import plain

DECIMALS = 9


def write_features(frame: gpd.GeoDataFrame, extra: Mapping[str, Any] | None = None) -> str:
    """Return a FeatureCollection of a frame in lon/lat; ``extra`` becomes foreign members."""
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    # as text, because reading and writing thousands of outlines again costs more than making them
    features = [
        f'{{"type":"Feature","geometry":{geometry},"properties":{_write(row)}}}'
        for geometry, row in zip(_geometries(np.asarray(frame.geometry)), rows, strict=True)
    ]
    foreign = "".join(f"{_write(name)}:{_write(value)}," for name, value in (extra or {}).items())
    return f'{{"type":"FeatureCollection",{foreign}"features":[{",".join(features)}]}}'


def _write(value: Any) -> str:  # noqa: ANN401
    return to_json(plain(value), inf_nan_mode="null").decode()


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
