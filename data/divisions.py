"""Divisions: province, city, county, township, village, each with its versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import geopandas
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from data import place_aliases, repository
from data.importers.villages import OFFICIAL
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer
from geo.codes import ancestors

LAYER = "divisions"

_NAMES = text("""
    SELECT code, name, level, area_type FROM division
     WHERE code = ANY (:codes)
       AND (CAST(:at AS timestamptz) IS NULL AND valid_to IS NULL
            OR CAST(:at AS timestamptz) IS NOT NULL AND valid_from <= :at
               AND (valid_to IS NULL OR valid_to > :at))
""")
_CODES = text("SELECT code FROM division WHERE valid_to IS NULL")
_VILLAGE_KINDS = text("""
    SELECT code, area_type, urban_rural_class FROM division
     WHERE level = 'village' AND valid_to IS NULL
""")
_OUTLINE = text("""
    SELECT ST_AsBinary(ST_Union(geom)) FROM division
     WHERE level = 'county' AND valid_to IS NULL AND geom IS NOT NULL
""")
_COUNTS = text("""
    SELECT (SELECT count(*) FROM division WHERE valid_to IS NULL AND level = 'township'
             AND code LIKE :scope) AS townships,
           (SELECT count(*) FROM division WHERE valid_to IS NULL AND level = 'village'
             AND code LIKE :scope) AS villages,
           (SELECT count(*) FROM natural_village WHERE valid_to IS NULL
             AND village_code LIKE :scope) AS natural_villages,
           (SELECT count(*) FROM grid WHERE valid_to IS NULL AND network = 'all_purpose'
             AND village_code LIKE :scope) AS grids,
           (SELECT count(*) FROM center WHERE valid_to IS NULL
             AND village_code LIKE :scope) AS centers,
           h.households, h.residents
      FROM (SELECT count(*) AS households, COALESCE(sum(residents), 0) AS residents
              FROM household WHERE village_code LIKE :scope) h
""")


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the divisions as a frame (:func:`data.repository.fetch_frame`)."""
    return repository.fetch_frame(connection, LAYER, scope=scope, at=at)


def fetch_one(connection: Connection, code: str, *, at: datetime | None = None) -> Row | None:
    """Return a division, or None."""
    return repository.fetch_one(connection, LAYER, "code", code, at=at)


def fetch_page(connection: Connection, **question: Any) -> Page:  # noqa: ANN401
    """Return a page (:func:`data.repository.fetch_page`)."""
    return repository.fetch_page(connection, LAYER, **question)


def fetch_names(
    connection: Connection, codes: Sequence[str], at: datetime | None = None
) -> dict[str, Row]:
    """Return code → ``code``, ``name``, ``level``, ``area_type`` of those that exist."""
    found = connection.execute(_NAMES, {"codes": list(codes), "at": at}).mappings()
    return {row["code"]: dict(row) for row in found}


def fetch_codes(connection: Connection) -> list[str]:
    """Return the codes in force."""
    return list(connection.execute(_CODES).scalars())


def fetch_village_kinds(connection: Connection) -> list[Row]:
    """Return ``code``, ``area_type`` and ``urban_rural_class`` of every village in force."""
    return [dict(row) for row in connection.execute(_VILLAGE_KINDS).mappings()]


def fetch_outline(connection: Connection) -> shapely.Geometry | None:
    """Return the outline of the county (of all of them) in lon/lat, None without one."""
    wkb = connection.execute(_OUTLINE).scalar()
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def fetch_counts(connection: Connection, code: str) -> dict[str, int]:
    """Return how many of everything, and how many residents, lie in a division."""
    row = connection.execute(_COUNTS, {"scope": f"{code}%"}).mappings().one()
    return {name: int(value) for name, value in row.items()}


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store divisions (:func:`data.versions.store_layer`); the parent follows from the code.

    A frame with ``official_name`` (:mod:`data.importers.villages`) also says the full names: each
    becomes an alias of its division.
    """
    parents = {code: next(iter(ancestors(code)), None) for code in frame["code"].unique()}
    parent = pd.Series([parents[code] for code in frame["code"]], index=frame.index, dtype="str")
    if OFFICIAL in frame:
        place_aliases.store_official(connection, frame["code"].tolist(), frame[OFFICIAL])
    return store_layer(connection, LAYER, frame, mode=mode, now=now, extra={"parent_code": parent})
