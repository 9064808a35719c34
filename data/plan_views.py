"""What the editor of a plan looks at: grids and natural villages in a box, numbers of its scope.

Read as plain rows, shapes as the text of GeoJSON: of a view of hundreds of grids nothing else is
made on the way. The text has fifteen decimals, which give every coordinate between 0.25° and 180°
back to the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import Connection, Row, TextClause, text

from data.repository import prefix_of

Box = tuple[float, float, float, float]

# Conditions that are not asked fold away.
_WHERE = """
       (CAST(:scope AS text) IS NULL OR {.}village_code LIKE :scope)
   AND (CAST(:village AS text) IS NULL OR {.}village_code LIKE :village)
   AND (CAST(:west AS float8) IS NULL
        OR ST_Intersects({.}geom, ST_MakeEnvelope(:west, :south, :east, :north, 4490)))
   AND (CAST(:seen AS text[]) IS NULL OR {.}village_code LIKE ANY (CAST(:seen AS text[])))
"""
_GRIDS = """
    SELECT l.code, l.name, l.village_code, l.kind, l.parent_code, l.drafted, l.locked,
           l.households, l.residents, l.registered, l.children, l.elderly, l.aged_80, l.area_m2,
           l.compactness, l.reock, l.span_m, l.center_median_m, l.center_p90_m, l.center_max_m,
           l.profile_status, ST_AsGeoJSON(l.geom, 15, 0) AS shape
      FROM plan_lines(CAST(:plan AS uuid)) l
     WHERE {where}
     ORDER BY l.code COLLATE "C", l.id LIMIT :limit
"""
_NATURAL_VILLAGES = """
    SELECT n.id, n.code, n.name, n.village_code, ST_AsGeoJSON(n.geom, 15, 0) AS shape,
           ST_XMin(n.geom) AS west, ST_YMin(n.geom) AS south,
           ST_XMax(n.geom) AS east, ST_YMax(n.geom) AS north
      FROM natural_village n
     WHERE n.valid_to IS NULL AND {where}
     ORDER BY n.code COLLATE "C" LIMIT :limit
"""
# On a border the lowest code has a household, as everywhere.
_COUNTS = text("""
    SELECT n.id, count(h.id) AS households, COALESCE(sum(h.residents), 0) AS residents
      FROM natural_village n
      LEFT JOIN household h
             ON ST_Intersects(n.geom, h.geom)
            AND (ST_Contains(n.geom, h.geom)
                 OR NOT EXISTS (
                    SELECT FROM natural_village o
                     WHERE o.valid_to IS NULL AND o.code COLLATE "C" < n.code COLLATE "C"
                       AND ST_Intersects(o.geom, h.geom)))
     WHERE n.id = ANY (CAST(:ids AS bigint[]))
     GROUP BY n.id
""")
_BOXES = text("""
    SELECT l.id, l.code, ST_XMin(l.geom) AS west, ST_YMin(l.geom) AS south,
           ST_XMax(l.geom) AS east, ST_YMax(l.geom) AS north
      FROM plan_lines(CAST(:plan AS uuid)) l
     WHERE l.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490)
       AND (CAST(:seen AS text[]) IS NULL OR l.village_code LIKE ANY (CAST(:seen AS text[])))
     ORDER BY l.code COLLATE "C", l.id
""")
_NATURAL_SHAPES = text("""
    SELECT id, ST_AsBinary(geom) FROM natural_village
     WHERE id = ANY (CAST(:ids AS bigint[]))
""")
# Versions of both tables have their ids from one sequence.
_GRID_SHAPES = text("""
    SELECT id, ST_AsBinary(geom) FROM grid WHERE id = ANY (CAST(:ids AS bigint[]))
    UNION ALL
    SELECT id, ST_AsBinary(geom) FROM plan_grid WHERE id = ANY (CAST(:ids AS bigint[]))
""")
_SIZES = text("""
    SELECT true AS after, NOT l.drafted AS before, l.village_code, l.profile_status,
           count(*) AS grids, sum(l.residents) AS residents, array_agg(l.households) AS households
      FROM plan_lines(CAST(:plan AS uuid)) l WHERE l.village_code LIKE :scope
     GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT false, true, d.village_code, i.profile_status,
           count(*), sum(i.residents), array_agg(i.households)
      FROM plan_grid d LEFT JOIN plan_grid_indicator i ON i.grid_id = d.id
     WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position = 0 AND d.village_code LIKE :scope
     GROUP BY 3, 4
""")
_IS_VILLAGE = text("""
    SELECT EXISTS (SELECT FROM division WHERE valid_to IS NULL AND code LIKE :village)
        OR EXISTS (SELECT FROM plan_lines(CAST(:plan AS uuid)) l WHERE l.village_code LIKE :village)
""")


def fetch_grids(
    connection: Connection,
    plan: UUID,
    *,
    scope: str | None = None,
    village: str | None = None,
    bbox: Box | None = None,
    seen: Collection[str] = ("",),
    limit: int,
) -> Sequence[Row[Any]]:
    """Return grids of a draft with their numbers, by code.

    Parameters
    ----------
    scope, village
        Beginnings of the village code, None for every village.
    bbox
        West, south, east, north in lon/lat: grids that meet the box.
    seen
        Beginnings of the village codes of which anything may be told.

    Returns
    -------
    sequence of Row
        ``code``, ``name``, ``village_code``, ``kind``, ``parent_code``, ``drafted``, ``locked``
        (itself or by its village), the indicators (None where none are stored), and ``shape``:
        GeoJSON as text.
    """
    values = {"plan": str(plan), "limit": limit, **_asked(scope, village, bbox, seen)}
    return connection.execute(_asking(_GRIDS, "l."), values).all()


def fetch_natural_villages(
    connection: Connection,
    *,
    scope: str | None = None,
    village: str | None = None,
    bbox: Box | None = None,
    seen: Collection[str] = ("",),
    limit: int,
) -> Sequence[Row[Any]]:
    """Return the natural villages in force, asked as :func:`fetch_grids`, by code.

    Returns
    -------
    sequence of Row
        ``id``, ``code``, ``name``, ``village_code``, ``shape`` (GeoJSON as text), and their box:
        ``west``, ``south``, ``east``, ``north``.
    """
    values = {"limit": limit, **_asked(scope, village, bbox, seen)}
    return connection.execute(_asking(_NATURAL_VILLAGES, "n."), values).all()


def count_households(
    connection: Connection, natural_villages: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Return id → households and residents on the land of natural villages."""
    found = connection.execute(_COUNTS, {"ids": list(natural_villages)})
    return {row.id: (row.households, row.residents) for row in found}


def fetch_boxes(
    connection: Connection, plan: UUID, bbox: Box, *, seen: Collection[str] = ("",)
) -> Sequence[Row[Any]]:
    """Return ``id``, ``code``, ``west``, ``south``, ``east``, ``north`` of a draft's grids.

    Those whose box meets the box, by code; equal ids are equal lines.
    """
    values = {"plan": str(plan), **_asked(None, None, bbox, seen)}
    return connection.execute(_BOXES, values).all()


def fetch_natural_shapes(connection: Connection, ids: Sequence[int]) -> dict[int, shapely.Geometry]:
    """Return id → shape of natural villages, EPSG:4490."""
    return _shapes(connection, _NATURAL_SHAPES, ids)


def fetch_grid_shapes(connection: Connection, ids: Sequence[int]) -> dict[int, shapely.Geometry]:
    """Return id → shape of versions of grids, in force, former or drafted, EPSG:4490."""
    return _shapes(connection, _GRID_SHAPES, ids)


def fetch_sizes(connection: Connection, plan: UUID, scope: str) -> Sequence[Row[Any]]:
    """Return how many people the grids of a scope hold; no shape is read.

    Returns
    -------
    sequence of Row
        One a village and status: ``after`` (the draft has these grids), ``before`` (the lines it
        started from have them), ``village_code``, ``profile_status``, ``grids`` (how many),
        ``residents``, and ``households`` of each grid, None where nothing is known.
    """
    return connection.execute(_SIZES, {"plan": str(plan), "scope": prefix_of(scope)}).all()


def is_village(connection: Connection, plan: UUID, village: str) -> bool:
    """Return whether a division or a grid of the plan has a code that begins so."""
    values = {"plan": str(plan), "village": prefix_of(village)}
    return bool(connection.execute(_IS_VILLAGE, values).scalar())


@cache
def _asking(statement: str, alias: str) -> TextClause:
    return text(statement.replace("{where}", _WHERE.replace("{.}", alias)))


def _asked(
    scope: str | None, village: str | None, bbox: Box | None, seen: Collection[str]
) -> dict[str, Any]:
    west, south, east, north = bbox if bbox is not None else (None, None, None, None)
    return {
        "scope": prefix_of(scope),
        "village": prefix_of(village),
        **{"west": west, "south": south, "east": east, "north": north},
        "seen": None if "" in seen else [prefix_of(code) for code in seen],
    }


def _shapes(
    connection: Connection, statement: TextClause, ids: Sequence[int]
) -> dict[int, shapely.Geometry]:
    rows = connection.execute(statement, {"ids": list(ids)}).all()
    shapes = shapely.from_wkb([bytes(wkb) for _, wkb in rows])
    return {row[0]: shape for row, shape in zip(rows, shapes, strict=True)}
