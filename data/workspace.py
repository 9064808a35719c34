"""The workspace: its title and marks, and the version of every layer that ETags are made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from data.layouts import DIVISION_LEVELS

# Layers of the map, in the order the interface lists them.
MAP_LAYERS = (
    *DIVISION_LEVELS,
    "natural_villages",
    "grids",
    "households",
    "centers",
    "roads",
    "barriers",
    "terrain",
)

_FETCH_ALL = text("SELECT key, value FROM workspace")
_FETCH = text("SELECT value FROM workspace WHERE key = :key")
_STORE = text("""
    INSERT INTO workspace (key, value) VALUES (:key, CAST(:value AS jsonb))
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
""")
_VERSIONS = text("SELECT layer, version FROM layer_version ORDER BY layer")
_ETAG = text("""
    SELECT (SELECT value #>> '{}' FROM workspace WHERE key = 'epoch'),
           (SELECT string_agg(CAST(version AS text), '.' ORDER BY layer)
              FROM layer_version WHERE layer = ANY (:layers)),
           (SELECT count(*) FROM layer_version WHERE layer = ANY (:layers))
""")
_ETAGS = text("""
    SELECT layer, concat((SELECT value #>> '{}' FROM workspace WHERE key = 'epoch'), '-', version)
           AS mark
      FROM layer_version
""")
_COUNTS = text("""
    SELECT 'counties', count(*) FROM division WHERE valid_to IS NULL AND level = 'county'
    UNION ALL
    SELECT 'townships', count(*) FROM division WHERE valid_to IS NULL AND level = 'township'
    UNION ALL
    SELECT 'villages', count(*) FROM division WHERE valid_to IS NULL AND level = 'village'
    UNION ALL
    SELECT 'natural_villages', count(*) FROM natural_village WHERE valid_to IS NULL
    UNION ALL
    SELECT 'grids', count(*) FROM grid WHERE valid_to IS NULL
    UNION ALL
    SELECT 'households', count(*) FROM household
    UNION ALL
    SELECT 'centers', count(*) FROM center WHERE valid_to IS NULL
    UNION ALL
    SELECT 'roads', count(*) FROM road
    UNION ALL
    SELECT 'barriers', count(*) FROM barrier
    UNION ALL
    SELECT 'terrain', count(*) FROM terrain
""")
_EXTENTS = text("""
    WITH extent AS (
        SELECT CASE level WHEN 'county' THEN 'counties' WHEN 'township' THEN 'townships'
                    ELSE 'villages' END AS layer, ST_Extent(geom) AS box
          FROM division WHERE valid_to IS NULL AND level NOT IN ('province', 'city') GROUP BY 1
        UNION ALL
        SELECT 'natural_villages', ST_Extent(geom) FROM natural_village WHERE valid_to IS NULL
        UNION ALL
        SELECT 'grids', ST_Extent(geom) FROM grid WHERE valid_to IS NULL
        UNION ALL
        SELECT 'households', ST_Extent(geom) FROM household
        UNION ALL
        SELECT 'centers', ST_Extent(geom) FROM center WHERE valid_to IS NULL
        UNION ALL
        SELECT 'roads', ST_Extent(geom) FROM road
        UNION ALL
        SELECT 'barriers', ST_Extent(geom) FROM barrier
        UNION ALL
        SELECT 'terrain', ST_Extent(geom) FROM terrain
    )
    SELECT layer, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
      FROM extent WHERE box IS NOT NULL
""")

Extent = tuple[float, float, float, float]


def fetch_values(connection: Connection) -> dict[str, Any]:
    """Return every key of the workspace, such as ``epoch``, ``title``, ``synthetic``."""
    return {row.key: row.value for row in connection.execute(_FETCH_ALL)}


def fetch_value(connection: Connection, key: str) -> Any:  # noqa: ANN401
    """Return the value of a key, None if it is not set."""
    return connection.execute(_FETCH, {"key": key}).scalar()


def store_value(connection: Connection, key: str, value: Any) -> None:  # noqa: ANN401
    """Set a key to anything JSON knows."""
    connection.execute(_STORE, {"key": key, "value": json.dumps(value, ensure_ascii=False)})


def fetch_versions(connection: Connection) -> dict[str, int]:
    """Return layer → version; every write to a layer raises it, in the same transaction."""
    return {layer: int(version) for layer, version in connection.execute(_VERSIONS)}


def etag(connection: Connection, layers: Sequence[str]) -> str:
    """Return what changes with every write to one of ``layers``, and differs between databases.

    Parameters
    ----------
    layers
        Layers of the store or of the map; at least one.

    Raises
    ------
    KeyError
        For a layer there is none of.
    """
    wanted = sorted({"divisions" if layer in DIVISION_LEVELS else layer for layer in layers})
    epoch, versions, found = connection.execute(_ETAG, {"layers": wanted}).one()
    if found != len(wanted):
        raise KeyError(f"unknown layer among {wanted}")
    return f"{epoch}-{versions}"


def fetch_etags(connection: Connection) -> dict[str, str]:
    """Return the :func:`etag` of each layer of the store by itself, in one question."""
    return {row.layer: row.mark for row in connection.execute(_ETAGS)}


def fetch_counts(connection: Connection) -> dict[str, int]:
    """Return map layer → number of things in force."""
    return {layer: int(count) for layer, count in connection.execute(_COUNTS)}


def fetch_extents(connection: Connection) -> dict[str, Extent | None]:
    """Return map layer → west, south, east, north in lon/lat; None where nothing is."""
    extents: dict[str, Extent | None] = dict.fromkeys(MAP_LAYERS)
    for layer, west, south, east, north in connection.execute(_EXTENTS):
        extents[layer] = (west, south, east, north)
    return extents
