"""Frames as GeoJSON: RFC 7946, nine decimals (the lattice), the same bytes for the same frame."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pydantic_core import to_json

from api.services.shapes import plain

DECIMALS = 9


def write_features(frame: gpd.GeoDataFrame, extra: Mapping[str, Any] | None = None) -> str:
    """Return a FeatureCollection of a frame in lon/lat; ``extra`` becomes foreign members."""
    features = [
        {
            "type": "Feature",
            "geometry": geometry_json(geometry),
            "properties": {str(name): plain(value) for name, value in row.items()},
        }
        for geometry, row in zip(
            frame.geometry, frame.drop(columns=frame.geometry.name).to_dict("records"), strict=True
        )
    ]
    collection = {"type": "FeatureCollection", **(extra or {}), "features": features}
    return to_json(collection, inf_nan_mode="null").decode()


def geometry_json(geometry: Any) -> Any:  # noqa: ANN401
    """Return a geometry's GeoJSON with outer rings counter-clockwise and nine decimals."""
    if geometry is None or geometry.is_empty:
        return None
    turned = shapely.orient_polygons(geometry, exterior_cw=False)
    rounded = shapely.transform(turned, lambda xy: np.round(xy, DECIMALS))
    return json.loads(shapely.to_geojson(rounded))
