"""Small road files for tests."""

import geopandas
import numpy as np
import shapely

CRS = 4545


def streets(*rows, **columns):
    """Make road rows, each (code, coordinates, {column: value}) or (code, coordinates)."""
    frame = geopandas.GeoDataFrame(
        {"code": [row[0] for row in rows]},
        geometry=[
            row[1] if row[1] is None or hasattr(row[1], "geom_type") else shapely.LineString(row[1])
            for row in rows
        ],
        crs=CRS,
    )
    defaults = {"road_class": "residential", "oneway": "both", "speed_kmh": np.nan, "bridge": False}
    for name, value in (defaults | columns).items():
        extra = [row[2] if len(row) > 2 else {} for row in rows]
        frame[name] = [more.get(name, value) for more in extra]
    return frame


def at(*places):
    """Return places, shape (n, 2)."""
    return np.array(places, dtype=float).reshape(-1, 2)
