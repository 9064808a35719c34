"""Layers read by GDAL's vector drivers, as Arrow tables: within limits, and never from elsewhere.

GDAL finds its driver in the content and follows what it finds there, also over the network. So a
file only comes here once its content is known, and GDAL itself is cut off from the network.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from data.errors import ImportFileError
from data.importers.guard import Limits, check_columns, collect, guard
from data.importers.log import ProblemLog
from data.importers.source import Source
from geo.problems import Problem

# No layer file has any business with the network. GDAL has no switch for it; a proxy on the
# discard port of this machine, where nothing listens, is one.
_NOWHERE = "socks4://127.0.0.1:9"
pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": _NOWHERE, "GDAL_HTTPS_PROXY": _NOWHERE})


def read_layer(
    place: str,
    path: Path,
    *,
    name: str,
    limits: Limits,
    layer: str | None = None,
    encoding: str | None = None,
    **options: str,
) -> Source:
    """Read one layer.

    Parameters
    ----------
    place
        What GDAL opens: the path, or the path behind the name of a driver.
    path, name
        The file itself, and what the report calls it.
    options
        Open options of the driver.

    Raises
    ------
    ImportFileError
        ``no_rows``, ``too_many_rows``, ``too_many_columns``, ``file_too_large`` or
        ``file_unreadable``.
    """
    with (
        guard(path, name),
        quiet(),
        pyogrio.raw.open_arrow(
            place,
            layer=layer,
            encoding=encoding,
            use_pyarrow=True,
            datetime_as_string=True,
            **options,
        ) as (meta, reader),
    ):
        check_columns(name, len(meta["fields"]), limits)
        table = collect(reader, reader.schema, name, limits)
        table = _dates_as_text(table, place, layer, encoding)
        geometry = meta["geometry_name"] or "wkb_geometry"
        crs = pyproj.CRS.from_user_input(meta["crs"]) if meta["crs"] else None
        wanted = [*meta["fields"], *([geometry] if geometry in table.column_names else [])]
        return assemble(table.select(wanted), geometry, crs, name)


def _dates_as_text(
    table: pa.Table, place: str, layer: str | None, encoding: str | None
) -> pa.Table:
    """Return ``table`` with its dates as they are written: as a date 30 February is 1 March."""
    dates = [field.name for field in table.schema if pa.types.is_date(field.type)]
    if not dates:
        return table
    chosen = str(pyogrio.list_layers(place)[0][0]) if layer is None else layer
    texts = (f"CAST({_quoted(d)} AS character(32)) AS d{i}" for i, d in enumerate(dates))
    _, written = pyogrio.raw.read_arrow(
        place,
        sql=f"SELECT {', '.join(texts)} FROM {_quoted(chosen)}",  # noqa: S608 - names of the file
        sql_dialect="OGRSQL",
        encoding=encoding,
        read_geometry=False,
    )
    for name, column in zip(dates, written.columns, strict=True):
        position = table.column_names.index(name)
        text = pc.replace_substring(column.cast(pa.string()), "/", "-")
        table = table.set_column(position, name, text)
    return table


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def quiet() -> Iterator[None]:
    """Keep GDAL's warnings off the log: what they are about is reported by row, or is no fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def assemble(table: pa.Table, geometry: str, crs: pyproj.CRS | None, name: str) -> Source:
    """Return a table as a source; the column ``geometry`` holds WKB.

    Raises
    ------
    ImportFileError
        ``no_rows``.
    """
    count = table.num_rows
    if count == 0:
        raise ImportFileError(Problem("no_rows", {"file": name}))
    columns = {c: _plain(table.column(c)) for c in table.column_names if c != geometry}
    shapes: NDArray[np.object_] | None = None
    unreadable: NDArray[np.bool_] | None = None
    if geometry in table.column_names:
        wkb = _plain(table.column(geometry)).to_numpy(zero_copy_only=False)
        shapes = _shapes(wkb)
        unreadable = shapely.is_missing(shapes) & np.array([v is not None for v in wkb], dtype=bool)
    rows = np.arange(1, count + 1, dtype=np.int64)
    return Source(columns, rows, count, ProblemLog(), shapes, unreadable, crs)


# The header of a collection (multi-shapes 4–6, collections 7; ISO and EWKB numbers of Z and M),
# in either byte order.
_COLLECTION_HEADER = re.compile(
    rb"(?s)\x01[\x04-\x07\xec-\xef\xd4-\xd7\xbc-\xbf][\x00\x03\x07\x0b]\x00."
    rb"|\x00.\x00[\x00\x03\x07\x0b][\x04-\x07\xec-\xef\xd4-\xd7\xbc-\xbf]"
)
_MOST_COLLECTIONS = 1000


def _is_bottomless(value: bytes | None) -> bool:
    """Say whether a shape may hold collections in collections without end.

    GEOS reads WKB by calling itself; some hundred thousand levels end the whole process, and no
    exception tells of it. A real multi-shape is one collection of many simple shapes.
    """
    if value is None or len(value) < 9 * _MOST_COLLECTIONS or not _COLLECTION_HEADER.match(value):
        return False
    found = islice(_COLLECTION_HEADER.finditer(value), _MOST_COLLECTIONS)
    return sum(1 for _ in found) == _MOST_COLLECTIONS


def _shapes(wkb: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes, None where there is none or where it cannot be held (arcs, for one)."""
    bottomless = np.array([_is_bottomless(value) for value in wkb], dtype=bool)
    if bottomless.any():
        wkb = wkb.copy()
        wkb[bottomless] = None
    with np.errstate(invalid="ignore"):  # NaN is reported later, by row
        try:
            return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
        except NotImplementedError:  # a curve somewhere: it takes only its own row with it
            shapes = np.full(len(wkb), None, dtype=object)
            for position, value in enumerate(wkb):
                shapes[position] = _shape(value)
            return shapes


def _shape(value: bytes | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(value, on_invalid="ignore")
    except NotImplementedError:
        return None


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """Return one array of a plain type: extension types unwrapped, nested values as JSON."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    if isinstance(whole, pa.ExtensionArray):
        whole = whole.storage
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    if pa.types.is_nested(whole.type):
        values = [
            None if v is None else json.dumps(v, ensure_ascii=False, default=str)
            for v in whole.to_pylist()
        ]
        whole = pa.array(values, pa.large_string())
    if pa.types.is_string(whole.type):
        whole = whole.cast(pa.large_string())
    return whole
