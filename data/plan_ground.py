"""What an edit of a plan stands on: the villages it is about, their outlines, households, codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from geopandas.array import from_shapely
from psycopg2 import sql
from sqlalchemy import Connection, text

from data import bulk
from data.layouts import LAYOUTS, arrow_types, make_frame
from geo.crs import STORE_CRS

Kind = Literal["integer", "float", "bool", "text"]

_CRS = pyproj.CRS(STORE_CRS)  # parsed once: frames are made with every edit
# 1e-8 degree is about a millimetre: whoever points at a border means both sides.
_REACH = 1e-8
_COUNTED = ("code", "village_code", "residents", "registered", "children", "elderly", "aged_80")
_HOUSEHOLDS = LAYOUTS["households"]._replace(
    columns=tuple(c for c in LAYOUTS["households"].columns if c.name in _COUNTED)
)

_OF_GRIDS = text("""
    SELECT l.code, l.village_code FROM plan_lines(CAST(:plan AS uuid)) l
     WHERE l.code = ANY (CAST(:codes AS text[])) AND l.village_code IS NOT NULL
""")
_OF_NATURAL_VILLAGES = text("""
    SELECT id, code, village_code FROM natural_village
     WHERE valid_to IS NULL AND village_code IS NOT NULL
       AND (code = ANY (CAST(:codes AS text[])) OR id = ANY (CAST(:ids AS bigint[])))
""")
# By outline, and by grids: not every village has an outline, and grids may stand out of it.
_MEETING = text("""
    SELECT l.village_code FROM plan_lines(CAST(:plan AS uuid)) l
     WHERE ST_DWithin(l.geom, ST_GeomFromWKB(:shape, 4490), :reach)
       AND l.village_code IS NOT NULL
     UNION
    SELECT d.code FROM division d
     WHERE d.level = 'village' AND d.valid_to IS NULL
       AND ST_DWithin(d.geom, ST_GeomFromWKB(:shape, 4490), :reach)
""")
_VILLAGES = text("""
    SELECT asked.code,
           asked.code IN (SELECT k.village_code FROM plan_locks(CAST(:plan AS uuid)) k) AS locked,
           d.name, d.area_type, d.urban_rural_class, ST_AsBinary(d.geom) AS wkb
      FROM unnest(CAST(:codes AS text[])) AS asked (code)
      LEFT JOIN division d
             ON d.code = asked.code AND d.level = 'village' AND d.valid_to IS NULL
     WHERE d.code IS NOT NULL
        OR EXISTS (SELECT FROM grid g
                    WHERE g.village_code = asked.code AND g.valid_to IS NULL)
        OR EXISTS (SELECT FROM plan_village v
                    WHERE v.plan_id = CAST(:plan AS uuid) AND v.village_code = asked.code)
     ORDER BY asked.code COLLATE "C"
""")
_NATURAL_VILLAGES = text("""
    SELECT id, code, name, village_code, ST_AsBinary(geom) FROM natural_village
     WHERE valid_to IS NULL AND village_code = ANY (CAST(:codes AS text[]))
     ORDER BY code COLLATE "C"
""")
# Codes that begin with the village's are its own, wherever such a grid lies now; the operators
# are those of the index.
_TAKEN = text("""
    SELECT g.code FROM grid g, plan p
     WHERE p.id = CAST(:plan AS uuid) AND g.network = p.network
       AND g.village_code = ANY (CAST(:codes AS text[]))
     UNION
    SELECT g.code
      FROM unnest(CAST(:codes AS text[])) AS asked (code)
      JOIN plan p ON p.id = CAST(:plan AS uuid)
      JOIN LATERAL (
           SELECT f.code FROM grid f
            WHERE f.network = p.network AND f.valid_to IS NULL
              AND f.code ~>=~ asked.code AND f.code ~<~ (asked.code || chr(1114109))) g ON true
     UNION
    SELECT d.code FROM plan_grid d
     WHERE d.plan_id = CAST(:plan AS uuid) AND d.village_code = ANY (CAST(:codes AS text[]))
""")
# Through the index on places and nothing else: as a semi-join, households of a province are read
# from end to end (3 s for 345 grids; 0.15 s this way).
_INSIDE = sql.SQL("""
    SELECT DISTINCT ON (h.code COLLATE "C") {columns}, ST_X(h.geom), ST_Y(h.geom)
      FROM unnest(%(shapes)s::bytea[]) AS given (shape)
      JOIN household h ON ST_Intersects(h.geom, ST_GeomFromWKB(given.shape, 4490))
     ORDER BY h.code COLLATE "C"
""")


def villages_of_grids(
    connection: Connection, plan_id: UUID | str, codes: Iterable[str]
) -> dict[str, str]:
    """Return grid code → village code, of those grids that the plan has."""
    values = {"plan": str(plan_id), "codes": list(codes)}
    return {row.code: row.village_code for row in connection.execute(_OF_GRIDS, values)}


def villages_of_natural_villages(
    connection: Connection, wanted: Iterable[str | int]
) -> dict[str | int, str]:
    """Return natural village → code of the village it is in, by code or by id as asked."""
    asked = list(wanted)
    values = {
        "codes": [name for name in asked if isinstance(name, str)],
        "ids": [name for name in asked if isinstance(name, int)],
    }
    found: dict[str | int, str] = {}
    for row in connection.execute(_OF_NATURAL_VILLAGES, values):
        found |= {row.code: row.village_code, row.id: row.village_code}
    return {name: found[name] for name in asked if name in found}


def villages_meeting(
    connection: Connection, plan_id: UUID | str, shape: shapely.Geometry
) -> list[str]:
    """Return the codes of the villages a shape meets, sorted.

    Parameters
    ----------
    shape
        EPSG:4490. A village is met by its outline or by one of its grids, within 1e-8 degree.
    """
    values = {"plan": str(plan_id), "shape": shapely.to_wkb(shape), "reach": _REACH}
    return sorted(connection.execute(_MEETING, values).scalars())


def fetch_villages(
    connection: Connection, plan_id: UUID | str, codes: Iterable[str]
) -> geopandas.GeoDataFrame:
    """Return villages as the plan has them.

    Returns
    -------
    GeoDataFrame
        EPSG:4490, RangeIndex, by code: ``code``, ``locked`` at the plan's head, ``level``
        (village), ``name``, ``area_type``, ``urban_rural_class``, ``geometry`` (None where no
        outline is known). A village is one that has an entry among the divisions in force, or a
        grid.
    """
    values = {"plan": str(plan_id), "codes": sorted(set(codes))}
    rows = connection.execute(_VILLAGES, values).all()
    arrays = {
        "code": array_of([row.code for row in rows], "text"),
        "locked": array_of([row.locked for row in rows], "bool"),
        "level": array_of(["village"] * len(rows), "text"),
        "name": array_of([row.name for row in rows], "text"),
        "area_type": array_of([row.area_type for row in rows], "text"),
        "urban_rural_class": array_of([row.urban_rural_class for row in rows], "text"),
    }
    return frame_of(arrays, [row.wkb for row in rows])


def fetch_natural_villages(
    connection: Connection, village_codes: Iterable[str]
) -> geopandas.GeoDataFrame:
    """Return the natural villages in force of some villages.

    Returns
    -------
    GeoDataFrame
        EPSG:4490, RangeIndex, by code: ``id``, ``code``, ``name``, ``village_code``, ``geometry``.
    """
    rows = connection.execute(_NATURAL_VILLAGES, {"codes": list(village_codes)}).all()
    ids, codes, names, villages, wkb = zip(*rows, strict=True) if rows else ((),) * 5
    arrays = {
        "id": array_of(ids, "integer"),
        "code": array_of(codes, "text"),
        "name": array_of(names, "text"),
        "village_code": array_of(villages, "text"),
    }
    return frame_of(arrays, wkb)


def fetch_taken(
    connection: Connection, plan_id: UUID | str, village_codes: Iterable[str]
) -> frozenset[str]:
    """Return the codes no new grid of these villages may get.

    Every code a grid of the plan's network has or ever had there, every code in force that begins
    with a village's, and those of the plan itself, undone edits too.
    """
    values = {"plan": str(plan_id), "codes": list(village_codes)}
    return frozenset(connection.execute(_TAKEN, values).scalars())


def fetch_households_in(
    connection: Connection, places: geopandas.GeoDataFrame | geopandas.GeoSeries
) -> geopandas.GeoDataFrame:
    """Return the households inside or on the border of any of the places, each once.

    Parameters
    ----------
    places
        EPSG:4490, polygons: grids, or villages; missing shapes hold nobody.

    Returns
    -------
    GeoDataFrame
        EPSG:4490 points, RangeIndex, by code: ``id``, ``code``, ``village_code``, ``residents``,
        ``registered``, ``children``, ``elderly``, ``aged_80``.
    """
    shapes = [shape for shape in places.geometry if shape is not None]
    columns = sql.SQL(", ").join(
        sql.Identifier("h", name) for name in ("id", *(c.name for c in _HOUSEHOLDS.columns))
    )
    values = {"shapes": list(shapely.to_wkb(shapes))}
    query = _INSIDE.format(columns=columns)
    table = bulk.fetch_table(connection, query, values, arrow_types(_HOUSEHOLDS))
    return make_frame(_HOUSEHOLDS, table)


def frame_of(
    arrays: Mapping[str, Any], wkb: Sequence[bytes | memoryview | None]
) -> geopandas.GeoDataFrame:
    """Return a frame in EPSG:4490 of columns (:func:`array_of`) and of WKB, None for no shape."""
    known = [None if value is None else bytes(value) for value in wkb]
    shapes = from_shapely(shapely.from_wkb(known), crs=_CRS)
    # this way round it takes half the time
    return geopandas.GeoDataFrame(pd.DataFrame({**arrays, "geometry": shapes}), geometry="geometry")


def array_of(values: Sequence[Any], kind: Kind) -> Any:  # noqa: ANN401  (pandas has no one name for it)
    """Return a column as arrays hold it: ``Int64``, float64 with NaN, bool, or ``str``."""
    if kind == "integer":
        missing = np.array([value is None for value in values], dtype=bool)
        whole = np.array([0 if value is None else value for value in values], dtype=np.int64)
        return pd.arrays.IntegerArray(whole, missing)
    if kind == "text":
        return pd.array(values, dtype="str")
    return np.array(values, dtype=bool if kind == "bool" else np.float64)  # None becomes NaN
