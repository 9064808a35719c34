"""The lines of a plan: what its editor, its checks and its difference are computed on.

Reading is here; the ground around an edit is in :mod:`data.plan_ground`, storing one in
:mod:`data.plan_edits` on the rows of :mod:`data.plan_versions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import geopandas
import pandas as pd
from sqlalchemy import Connection, text

from data.plan_edits import move_head, store_edit
from data.plan_ground import (
    Kind,
    array_of,
    fetch_households_in,
    fetch_natural_villages,
    fetch_taken,
    fetch_villages,
    frame_of,
    villages_meeting,
    villages_of_grids,
    villages_of_natural_villages,
)
from data.plan_versions import pin

__all__ = [
    "INDICATORS",
    "fetch_base",
    "fetch_grids",
    "fetch_households_in",
    "fetch_lines",
    "fetch_natural_villages",
    "fetch_taken",
    "fetch_villages",
    "move_head",
    "pin",
    "store_edit",
    "store_indicators",
    "touched",
    "villages_meeting",
    "villages_of_grids",
    "villages_of_natural_villages",
]

INDICATORS: dict[str, Kind] = {
    "households": "integer",
    "residents": "integer",
    "registered": "integer",
    "children": "integer",
    "elderly": "integer",
    "aged_80": "integer",
    "area_m2": "float",
    "compactness": "float",
    "reock": "float",
    "span_m": "float",
    "center_median_m": "float",
    "center_p90_m": "float",
    "center_max_m": "float",
    "profile_status": "text",
    "content": "text",
}
_COLUMNS: dict[str, Kind] = {
    "id": "integer",
    "base_id": "integer",
    "network": "text",
    "code": "text",
    "name": "text",
    "village_code": "text",
    "kind": "text",
    "parent_code": "text",
    "flags": "text",
    "attributes": "text",
    "locked": "bool",
    "drafted": "bool",
    **INDICATORS,
}

_READ = {"integer": int, "float": float, "bool": bool, "text": str}

_LINES = text("""
    SELECT l.id, l.base_id, l.network, l.code, l.name, l.village_code, l.kind, l.parent_code,
           array_to_string(l.flags, ';'), l.attributes::text, l.own_lock, l.drafted,
           l.households, l.residents, l.registered, l.children, l.elderly, l.aged_80, l.area_m2,
           l.compactness, l.reock, l.span_m, l.center_median_m, l.center_p90_m, l.center_max_m,
           l.profile_status, l.content, ST_AsBinary(l.geom)
      FROM plan_lines(CAST(:plan AS uuid)) l
     WHERE l.village_code = ANY (CAST(:villages AS text[]))
     ORDER BY l.code COLLATE "C", l.id
""")
_GRIDS = text("""
    SELECT l.id, l.base_id, l.network, l.code, l.name, l.village_code, l.kind, l.parent_code,
           array_to_string(l.flags, ';'), l.attributes::text, l.own_lock, l.drafted,
           l.households, l.residents, l.registered, l.children, l.elderly, l.aged_80, l.area_m2,
           l.compactness, l.reock, l.span_m, l.center_median_m, l.center_p90_m, l.center_max_m,
           l.profile_status, l.content, ST_AsBinary(l.geom)
      FROM plan_lines(CAST(:plan AS uuid)) l
     WHERE l.code = ANY (CAST(:codes AS text[]))
     ORDER BY l.code COLLATE "C", l.id
""")
_BASE = text("""
    SELECT d.id, d.base_id, d.network, d.code, d.name, d.village_code, d.kind, d.parent_code,
           array_to_string(d.flags, ';'), d.attributes::text, d.locked, true,
           i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80, i.area_m2,
           i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m, i.center_max_m,
           i.profile_status, i.content, ST_AsBinary(d.geom)
      FROM plan_grid d
      LEFT JOIN plan_grid_indicator i ON i.grid_id = d.id
     WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position = 0
       AND d.village_code = ANY (CAST(:villages AS text[]))
     ORDER BY d.code COLLATE "C", d.id
""")
_TOUCHED = text("""
    SELECT village_code FROM plan_village WHERE plan_id = CAST(:plan AS uuid)
     ORDER BY village_code COLLATE "C"
""")
_STORE_INDICATORS = text("""
    INSERT INTO plan_grid_indicator (
           grid_id, households, residents, registered, children, elderly, aged_80, area_m2,
           compactness, reock, span_m, center_median_m, center_p90_m, center_max_m,
           profile_status, content)
    SELECT d.id, given.households, given.residents, given.registered, given.children,
           given.elderly, given.aged_80, given.area_m2, given.compactness, given.reock,
           given.span_m, given.center_median_m, given.center_p90_m, given.center_max_m,
           given.profile_status, given.content
      FROM unnest(CAST(:codes AS text[]), CAST(:households AS integer[]),
                  CAST(:residents AS integer[]), CAST(:registered AS integer[]),
                  CAST(:children AS integer[]), CAST(:elderly AS integer[]),
                  CAST(:aged_80 AS integer[]), CAST(:area_m2 AS float8[]),
                  CAST(:compactness AS float8[]), CAST(:reock AS float8[]),
                  CAST(:span_m AS float8[]), CAST(:center_median_m AS float8[]),
                  CAST(:center_p90_m AS float8[]), CAST(:center_max_m AS float8[]),
                  CAST(:profile_status AS text[]), CAST(:content AS text[]))
           AS given (code, households, residents, registered, children, elderly, aged_80, area_m2,
                     compactness, reock, span_m, center_median_m, center_p90_m, center_max_m,
                     profile_status, content)
      JOIN plan p ON p.id = CAST(:plan AS uuid)
      JOIN plan_grid d
        ON d.plan_id = p.id AND d.code = given.code AND d.from_position <= p.head
       AND (d.to_position IS NULL OR d.to_position > p.head)
        ON CONFLICT (grid_id) DO UPDATE
       SET households = excluded.households, residents = excluded.residents,
           registered = excluded.registered, children = excluded.children,
           elderly = excluded.elderly, aged_80 = excluded.aged_80, area_m2 = excluded.area_m2,
           compactness = excluded.compactness, reock = excluded.reock, span_m = excluded.span_m,
           center_median_m = excluded.center_median_m, center_p90_m = excluded.center_p90_m,
           center_max_m = excluded.center_max_m, profile_status = excluded.profile_status,
           content = excluded.content
""")


def fetch_lines(
    connection: Connection, plan_id: UUID | str, village_codes: Iterable[str]
) -> geopandas.GeoDataFrame:
    """Return the lines of a plan in some villages, bit for bit as they are stored.

    Returns
    -------
    GeoDataFrame
        EPSG:4490 on the lattice, RangeIndex, by code: ``id``, ``base_id`` (the version in force a
        grid continues; NA for one made in the plan), ``network``, ``code``, ``name``,
        ``village_code``, ``kind``, ``parent_code``, ``flags`` (joined by ``;``), ``attributes``
        (JSON text), ``locked`` (the grid's own lock; the village's is in
        :func:`data.plan_ground.fetch_villages`), ``drafted`` (the plan has touched the village),
        :data:`INDICATORS` and ``geometry``. Whole numbers are ``Int64``, texts ``str``.
    """
    values = {"plan": str(plan_id), "villages": list(village_codes)}
    return _frame(connection.execute(_LINES, values).all())


def fetch_grids(
    connection: Connection, plan_id: UUID | str, codes: Iterable[str]
) -> geopandas.GeoDataFrame:
    """Return single grids of a plan by their codes, as :func:`fetch_lines` does."""
    values = {"plan": str(plan_id), "codes": list(codes)}
    return _frame(connection.execute(_GRIDS, values).all())


def fetch_base(
    connection: Connection, plan_id: UUID | str, village_codes: Iterable[str]
) -> geopandas.GeoDataFrame:
    """Return the lines the plan was drawn upon, as :func:`fetch_lines` does.

    Those in force when it touched the villages; nothing for villages it has not touched.
    """
    values = {"plan": str(plan_id), "villages": list(village_codes)}
    return _frame(connection.execute(_BASE, values).all())


def touched(connection: Connection, plan_id: UUID | str) -> list[str]:
    """Return the codes of the villages a plan has touched, sorted.

    A village stays touched when its edits are undone, until other edits overtake them.
    """
    return list(connection.execute(_TOUCHED, {"plan": str(plan_id)}).scalars())


def store_indicators(connection: Connection, plan_id: UUID | str, indicators: pd.DataFrame) -> None:
    """Store the numbers of grids as they are at the plan's head.

    Parameters
    ----------
    indicators
        Index: codes of grids of touched villages. Columns :data:`INDICATORS`.

    Raises
    ------
    ValueError
        If a code is none of the plan's own.
    """
    if indicators.empty:
        return
    arrays = {name: _values(indicators[name], kind) for name, kind in INDICATORS.items()}
    codes = [str(code) for code in indicators.index]
    values = {"plan": str(plan_id), "codes": codes, **arrays}
    stored = connection.execute(_STORE_INDICATORS, values).rowcount
    if stored != len(codes):
        raise ValueError(f"numbers for {len(codes)} grids, of which the plan has {stored}")


def _values(values: pd.Series, kind: Kind) -> list[Any]:
    read = _READ[kind]
    return [None if pd.isna(value) else read(value) for value in values]


def _frame(rows: Sequence[Sequence[Any]]) -> geopandas.GeoDataFrame:
    *columns, wkb = zip(*rows, strict=True) if rows else ((),) * (len(_COLUMNS) + 1)
    arrays = {
        name: array_of(values, kind)
        for (name, kind), values in zip(_COLUMNS.items(), columns, strict=True)
    }
    return frame_of(arrays, wkb)
