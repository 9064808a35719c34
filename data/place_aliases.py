"""Other names of divisions and natural villages: official, old, and what else people say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import geopandas
import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from data.importers.aliases import LAYER as LAYER
from data.repository import prefix_of
from data.versions import Mode, StoreCounts
from geo.crs import STORE_CRS

_FETCH_OFFICIAL = text("""
    SELECT code, name FROM place_alias WHERE kind = 'official' AND code = ANY (:codes)
""")
_DROP_OFFICIAL = text("""
    DELETE FROM place_alias a USING unnest(CAST(:codes AS text[]), CAST(:names AS text[]))
           AS gone (code, name)
     WHERE a.kind = 'official' AND a.code = gone.code AND a.name = gone.name
""")
_STORE = text("""
    INSERT INTO place_alias (code, name, kind, valid_from, valid_to)
    SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:kinds AS text[]),
                         CAST(:starts AS date[]), CAST(:ends AS date[]))
        ON CONFLICT (code, name, kind, valid_from) DO UPDATE SET valid_to = EXCLUDED.valid_to
     WHERE place_alias.valid_to IS DISTINCT FROM EXCLUDED.valid_to
""")
_FETCH = text("""
    SELECT code, name, kind, CAST(valid_from AS text), CAST(valid_to AS text) FROM place_alias
     WHERE CAST(:scope AS text) IS NULL OR code LIKE :scope
     ORDER BY code COLLATE "C", name COLLATE "C", kind, valid_from
""")
_DROP = text("""
    DELETE FROM place_alias a
     USING unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:kinds AS text[]),
                  CAST(:starts AS date[])) AS gone (code, name, kind, start)
     WHERE a.code = gone.code AND a.name = gone.name AND a.kind = gone.kind
       AND a.valid_from IS NOT DISTINCT FROM gone.start
""")
_COLUMNS = ("code", "name", "kind", "valid_from", "valid_to")


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the names that files have told, with their days as text; ``at`` has no meaning."""
    rows = connection.execute(_FETCH, {"scope": prefix_of(scope)}).all()
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str")
    shapes = np.full(len(frame), None, dtype=object)
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=STORE_CRS)


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store other names (:func:`data.importers.aliases.read_aliases`).

    Parameters
    ----------
    mode
        ``replace`` also drops the names of the frame's places that the frame lacks, but for
        official ones, which lists of villages bring.
    """
    stored = {row[:4]: row[4] for row in _rows(fetch_frame(connection))}
    wanted = {row[:4]: row[4] for row in _rows(frame)}
    added = [key for key in wanted if key not in stored]
    changed = [key for key in wanted if key in stored and stored[key] != wanted[key]]
    closed = []
    if mode == "replace":
        codes = {key[0] for key in wanted}
        closed = [k for k in stored if k[0] in codes and k not in wanted and k[2] != "official"]
    if closed:
        connection.execute(_DROP, _arrays(closed))
    if added or changed:
        new = [*added, *changed]
        connection.execute(_STORE, _arrays(new) | {"ends": [wanted[key] for key in new]})
    unchanged = len(wanted) - len(added) - len(changed)
    return StoreCounts(len(added), len(changed), unchanged, len(closed))


_Key = tuple[str | None, ...]


def _rows(frame: pd.DataFrame) -> list[_Key]:
    """Return the rows as tuples, None for what is missing."""
    columns = [
        [value if isinstance(value, str) else None for value in frame[name]] for name in _COLUMNS
    ]
    return list(zip(*columns, strict=True))


def _arrays(keys: Sequence[_Key]) -> dict[str, list[str | None]]:
    names = ("codes", "names", "kinds", "starts")
    return {name: [key[i] for key in keys] for i, name in enumerate(names)}


def store_official(connection: Connection, codes: Sequence[str], names: pd.Series) -> None:
    """Make ``names`` the official names of ``codes``; a missing one is none.

    Nothing is written, and no version changes, where they are so already.
    """
    wanted = {(c, n) for c, n in zip(codes, names, strict=True) if isinstance(n, str) and n}
    found = connection.execute(_FETCH_OFFICIAL, {"codes": list(codes)})
    stored = {(row.code, row.name) for row in found}
    gone, new = sorted(stored - wanted), sorted(wanted - stored)
    if gone:
        columns = {"codes": [code for code, _ in gone], "names": [name for _, name in gone]}
        connection.execute(_DROP_OFFICIAL, columns)
    if new:
        keys = [(code, name, "official", None) for code, name in new]
        connection.execute(_STORE, _arrays(keys) | {"ends": [None] * len(new)})
