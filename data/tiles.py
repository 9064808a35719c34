"""Vector tiles straight from PostGIS: one statement a tile, nothing cut off silently.

Polygons are snapped to a quarter of a screen pixel before they are projected. Snapping treats a
vertex the same way in every polygon that has it, so neighbours keep their shared border, which
simplifying each polygon by itself would not. A polygon too small to survive that is shown as a
square of one pixel: at low zoom a small grid is a dot, never a hole.

Roads show by class, the smaller ones closer in.

Households are points from :data:`EXACT_ZOOM` on. Below it they are counted in a lattice of
:data:`BINS` × :data:`BINS` bins a tile, each household in exactly one bin of exactly one tile, so
that the counts of all tiles of a zoom add up to the households of the county. A bin's point is the
mean of its households: bin centres would draw a lattice over the settlements.
"""

from __future__ import annotations

from datetime import datetime
from math import atan, degrees, pi, sinh
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from data.lines import IN_FORCE, Lines, check_layer

EXTENT = 4096
# 1/16 of a tile: symbols and lines do not break where two tiles meet.
BUFFER = EXTENT // 16
EXACT_ZOOM = 15
BINS = 64
# Tiles are drawn 256 pixels wide: 16 units a pixel.
PIXEL = EXTENT // 256


class Bounds(NamedTuple):
    """A rectangle in degrees, EPSG:4490."""

    west: float
    south: float
    east: float
    north: float


def measure_bounds(z: int, x: int, y: int, *, margin: float = 0.0) -> Bounds:
    """Return the ground a tile covers, with ``margin`` tile widths around it.

    Web Mercator cuts the world at ±180° and about ±85.06°; so does the result.

    Examples
    --------
    >>> [round(v, 4) for v in measure_bounds(1, 1, 0)]
    [0.0, 0.0, 180.0, 85.0511]
    """
    tiles = 2.0**z

    def lon(column: float) -> float:
        return min(max(column / tiles * 360.0 - 180.0, -180.0), 180.0)

    def lat(row: float) -> float:
        row = min(max(row, 0.0), tiles)
        return degrees(atan(sinh(pi * (1.0 - 2.0 * row / tiles))))

    return Bounds(lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin))


def fetch_tile(
    connection: Connection,
    layer: str,
    z: int,
    x: int,
    y: int,
    *,
    at: datetime | None = None,
    plan: UUID | None = None,
) -> bytes:
    """Fetch one tile of one layer as MVT.

    Parameters
    ----------
    layer
        One of :data:`TILE_LAYERS`; the layer inside the tile has the same name.
    z, x, y
        Web Mercator tile address (XYZ), ``0 ≤ x, y < 2**z``.
    at
        The lines of that instant; None for those in force. Households have no history.
    plan
        The draft of this plan, of layer ``grids`` only. Its features also say ``locked``, and
        ``drafted``: in a village the plan has touched, so shown as the plan has it.

    Returns
    -------
    bytes
        Empty when nothing of the layer is there.

    Raises
    ------
    KeyError
        For a layer that is not in :data:`TILE_LAYERS`.
    ParameterError
        ``plan_without_lines``, ``plan_with_date``.
    """
    lines = Lines(at, plan)
    check_layer(layer, lines)
    statement = _choose(layer, z, lines)
    bins = statement is _STATEMENTS["households"]
    reach = measure_bounds(z, x, y, margin=0.0 if bins else BUFFER / EXTENT)
    unit = 360.0 / 2.0**z / EXTENT
    parameters = {
        **lines.parameters,
        "layer": layer, "z": z, "x": x, "y": y, "extent": EXTENT, "buffer": BUFFER,
        "west": reach.west, "south": reach.south, "east": reach.east, "north": reach.north,
        "snap": unit * PIXEL / 4, "pixel": unit * PIXEL, "bins": BINS, "tiles": 2**z,
    }  # fmt: skip
    return bytes(connection.execute(statement, parameters).scalar_one())


def _choose(layer: str, z: int, lines: Lines) -> TextClause:
    if lines.plan is not None:
        return _DRAFT
    if layer == "households" and z >= EXACT_ZOOM:
        return _HOUSEHOLD_POINTS
    return _STATEMENTS[layer]


# MATERIALIZED: else the planner draws each shape twice, once to see whether anything is left of it
# (z10: 35 ms a tile against 27).
_POLYGONS = """
WITH near AS (
    SELECT {columns}, geom
    FROM {source}
    WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490) AND {where}
    ORDER BY id
), drawn AS MATERIALIZED (
    SELECT {names}, ST_AsMVTGeom(
        ST_Transform(
            CASE
                WHEN greatest(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom)) < :pixel
                THEN ST_Expand(ST_Centroid(geom), :pixel / 2)
                ELSE ST_SnapToGrid(geom, :snap)
            END, 3857),
        ST_TileEnvelope(:z, :x, :y), :extent, :buffer) AS shape
    FROM near
)
SELECT COALESCE(ST_AsMVT(tile, :layer, :extent, 'shape', 'id'), '')
FROM (SELECT * FROM drawn WHERE shape IS NOT NULL) AS tile
"""

_POINTS = """
SELECT COALESCE(ST_AsMVT(tile, :layer, :extent, 'shape', 'id'), '')
FROM (
    SELECT {columns}, ST_AsMVTGeom(
        ST_Transform(geom, 3857), ST_TileEnvelope(:z, :x, :y), :extent, :buffer) AS shape
    FROM {source}
    WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490) AND {where}
    ORDER BY id
) AS tile
WHERE shape IS NOT NULL
"""

# Far out only the roads that lead through: all lanes together would be a grey mass in heavy tiles.
_LINES = """
WITH drawn AS (
    SELECT {columns}, ST_AsMVTGeom(
        ST_Transform(ST_SnapToGrid(geom, :snap), 3857),
        ST_TileEnvelope(:z, :x, :y), :extent, :buffer) AS shape
    FROM {source}
    WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490) AND {where}
    ORDER BY id
)
SELECT COALESCE(ST_AsMVT(tile, :layer, :extent, 'shape', 'id'), '')
FROM (SELECT * FROM drawn WHERE shape IS NOT NULL) AS tile
"""
# Lowest zoom of each class of road; those not named (paths, steps) are shown with the smallest.
_ROAD_ZOOMS = {
    "motorway": 0,
    "trunk": 0,
    "primary": 8,
    "secondary": 9,
    "tertiary": 10,
    "unclassified": 12,
}
_ROADS_FROM = " ".join(
    f"WHEN '{name}' THEN {zoom} WHEN '{name}_link' THEN {zoom + 2}"
    for name, zoom in _ROAD_ZOOMS.items()
)
_ROADS_SHOWN = f"CASE road_class {_ROADS_FROM} ELSE 13 END <= :z"

# The world is 2 × 20037508.342789244 m wide in EPSG:3857. floor() puts a household on the border
# of two tiles or bins into the eastern (southern) one, in every tile alike.
_HOUSEHOLD_BINS = """
WITH placed AS (
    SELECT residents,
           (ST_X(point) + 20037508.342789244) / 40075016.685578488 * :tiles - :x AS across,
           (20037508.342789244 - ST_Y(point)) / 40075016.685578488 * :tiles - :y AS down
    FROM (
        SELECT residents, ST_Transform(geom, 3857) AS point
        FROM household
        WHERE geom && ST_Expand(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 1e-6)
    ) AS near
), counted AS (
    SELECT CAST(count(*) AS integer) AS count, CAST(sum(residents) AS integer) AS residents,
           avg(across) AS across, avg(down) AS down
    FROM placed
    WHERE across >= 0 AND across < 1 AND down >= 0 AND down < 1
    GROUP BY floor(across * :bins), floor(down * :bins)
    ORDER BY floor(down * :bins), floor(across * :bins)
)
SELECT COALESCE(ST_AsMVT(tile, :layer, :extent, 'shape'), '')
FROM (
    SELECT count, residents, 1 AS aggregated,
           ST_MakePoint(floor(across * :extent), floor(down * :extent)) AS shape
    FROM counted
) AS tile
"""


def _write(template: str, source: str, columns: str, where: str) -> TextClause:
    """Fill a statement's places from this module's constants; values stay parameters."""
    names = ", ".join(column.split()[-1].split(".")[-1] for column in columns.split(","))
    return text(
        template.replace("{columns}", columns)
        .replace("{names}", names)
        .replace("{source}", source)
        .replace("{where}", where)
    )


_VERSION = IN_FORCE.moment()
_GRID_COLUMNS = (
    "id, code, name, village_code, kind, households, residents, "
    "COALESCE(lines.area_m2, 0) AS area_m2, center_max_m, profile_status"
)


def _divisions(level: str) -> TextClause:
    where = f"level = '{level}' AND {_VERSION}"
    return _write(_POLYGONS, "division", "id, code, name, area_type", where)


_HOUSEHOLD_POINTS = _write(_POINTS, "household", "id, residents", "true")
_STATEMENTS: dict[str, TextClause] = {
    "counties": _divisions("county"),
    "townships": _divisions("township"),
    "villages": _divisions("village"),
    "natural_villages": _write(
        _POLYGONS,
        "natural_village",
        "id, code, name, village_code, households, residents",
        _VERSION,
    ),
    "grids": _write(
        _POLYGONS,
        "grid LEFT JOIN grid_indicator AS lines ON lines.grid_id = grid.id",
        _GRID_COLUMNS,
        IN_FORCE.condition(),
    ),
    "households": text(_HOUSEHOLD_BINS),
    "centers": _write(_POINTS, "center", "id, code, name, level", _VERSION),
    "roads": _write(_LINES, "road", "id, code, name, road_class, oneway, bridge", _ROADS_SHOWN),
    "barriers": _write(_LINES, "barrier", "id, code, name, kind", "true"),
}
_draft = Lines(plan=UUID(int=0))
_DRAFT = _write(
    _POLYGONS, f"{_draft.table} AS lines", f"{_GRID_COLUMNS}, locked, drafted", _draft.condition()
)
TILE_LAYERS = tuple(_STATEMENTS)
