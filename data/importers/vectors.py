"""Layer files with shapes: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, GeoParquet."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from data.errors import ImportFileError
from data.importers.encodings import find_field_encoding, trim_cut
from data.importers.formats import choose_layer, explain_json
from data.importers.log import ProblemLog
from data.importers.source import Source
from geo.problems import Problem


def read_geojson(path: Path) -> Source:
    """Read a GeoJSON document.

    Raises
    ------
    ImportFileError
        ``truncated_json``, ``broken_json``, ``not_geojson`` or ``file_unreadable``.
    """
    try:
        return _read_ogr(f"GeoJSON:{path}", path)
    except ImportFileError as error:
        reason = str(error.problems[0].details.get("reason", ""))
        if error.problems[0].key != "file_unreadable":
            raise
        raise ImportFileError(explain_json(path, reason)) from error


def read_geojsonseq(path: Path) -> Source:
    """Read one GeoJSON feature a line; a line that is none is reported, the others are read."""
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\x1e", b"").split(b"\n")
    lines = [line for line in lines if line.strip()]
    sound = np.array([_is_feature(line) for line in lines], dtype=bool)
    if not sound.any():
        raise ImportFileError(explain_json(path, "no feature"))
    document = b'{"type":"FeatureCollection","features":[%s]}' % b",".join(
        line for line, good in zip(lines, sound.tolist(), strict=True) if good
    )
    source = _read_ogr(document, path)
    numbers = np.arange(1, len(lines) + 1, dtype=np.int64)
    source.problems.add_rows("broken_line", numbers[~sound])
    source.rows, source.row_count = numbers[sound], len(lines)
    return source


def read_ogr_file(path: Path, layer: str | None) -> Source:
    """Read a GeoPackage or FlatGeobuf file; ``layer`` names one of several.

    Raises
    ------
    ImportFileError
        ``layer_not_in_file``, ``several_layers`` or ``file_unreadable``.
    """
    try:
        with _quiet():
            listed = pyogrio.list_layers(path)
    except pyogrio.errors.DataSourceError as error:
        raise _unreadable(path, error) from error
    with_shapes = {str(name): str(name) for name, kind in listed if kind is not None}
    return _read_ogr(str(path), path, layer=choose_layer(path.name, with_shapes, layer))


def read_shapefile(path: Path, *, name: str, encoding: str | None) -> Source:
    """Read a shapefile, its text in the encoding that ``.cpg`` names or that its bytes show.

    Parameters
    ----------
    path
        The ``.shp``; ``.dbf``, ``.shx``, ``.prj`` and ``.cpg`` beside it.
    name
        The file's name for the report.
    """
    # Latin-1 keeps every byte, also of names cut in the middle of a character; then decoded here
    source = _read_ogr(str(path), path, name=name, encoding="ISO-8859-1")
    cpg = next((p for p in path.parent.glob(f"{path.stem}.[cC][pP][gG]")), None)
    label = cpg.read_text("latin-1").strip() if cpg else None
    raw = {key.encode("latin-1"): _latin_bytes(array) for key, array in source.columns.items()}
    texts = [*raw, *(value for _, values in raw.values() for value in values)]
    found = find_field_encoding(texts, name, asked=encoding, label=label)
    labelled_wrong = label and not encoding and _family(found) != _family(label)
    if labelled_wrong and any(not value.isascii() for value in texts):
        details = {"file": name, "label": label, "encoding": found}
        source.problems.add(Problem("encoding_contradicts_label", details))
    decoded: dict[str, pa.Array] = {}
    for (key, (positions, values)), array in zip(raw.items(), source.columns.values(), strict=True):
        column = trim_cut(key, found).decode(found)
        if positions is not None:
            words = [trim_cut(value, found).decode(found) for value in values]
            array = pa.array(words, pa.large_string()).take(positions)
        decoded[column if column not in decoded else f"{column}_{len(decoded)}"] = array
    source.columns = decoded
    return source


def read_parquet(path: Path) -> Source:
    """Read a GeoParquet file (WKB-encoded, with its ``geo`` metadata).

    Raises
    ------
    ImportFileError
        ``file_unreadable``, also for a Parquet file without ``geo`` metadata.
    """
    try:
        table = pq.read_table(path)
        meta = json.loads((table.schema.metadata or {})[b"geo"])
        primary = meta["primary_column"]
        told = meta["columns"][primary]
        if told.get("encoding", "WKB") != "WKB":
            raise ValueError(f"encoding {told['encoding']}")
        # by the specification a missing crs means OGC:CRS84, an explicit null means unknown
        crs = (
            pyproj.CRS.from_user_input(told.get("crs", "OGC:CRS84"))
            if ("crs" not in told or told["crs"] is not None)
            else None
        )
    except (pa.ArrowInvalid, KeyError, ValueError, CRSError) as error:
        raise _unreadable(path, error) from error
    return _assemble(table, primary, crs, path.name)


def _read_ogr(
    place: str | bytes,
    path: Path,
    *,
    name: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
) -> Source:
    try:
        with _quiet():
            meta, table = pyogrio.raw.read_arrow(
                place, layer=layer, encoding=encoding, datetime_as_string=True
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise _unreadable(path, error) from error
    geometry = meta["geometry_name"] or "wkb_geometry"
    crs = pyproj.CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    wanted = [*meta["fields"], *([geometry] if geometry in table.column_names else [])]
    return _assemble(table.select(wanted), geometry, crs, name or path.name)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep GDAL's warnings off the log: what they are about is reported by row, or is no fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def _assemble(table: pa.Table, geometry: str, crs: pyproj.CRS | None, name: str) -> Source:
    count = table.num_rows
    if count == 0:
        raise ImportFileError(Problem("no_rows", {"file": name}))
    columns = {c: _plain(table.column(c)) for c in table.column_names if c != geometry}
    shapes: NDArray[np.object_] | None = None
    unreadable: NDArray[np.bool_] | None = None
    if geometry in table.column_names:
        wkb = _plain(table.column(geometry)).to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):  # NaN is reported later, by row
            shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
        unreadable = shapely.is_missing(shapes) & np.array([v is not None for v in wkb], dtype=bool)
    rows = np.arange(1, count + 1, dtype=np.int64)
    return Source(columns, rows, count, ProblemLog(), shapes, unreadable, crs)


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
            None if v is None else json.dumps(v, ensure_ascii=False) for v in whole.to_pylist()
        ]
        whole = pa.array(values, pa.large_string())
    if pa.types.is_string(whole.type):
        whole = whole.cast(pa.large_string())
    return whole


def _latin_bytes(array: pa.Array) -> tuple[pa.Array | None, list[bytes]]:
    """Return for a text column the position of each value among its distinct byte strings."""
    if not pa.types.is_large_string(array.type):
        return None, []
    encoded = pc.dictionary_encode(array)
    return encoded.indices, [v.encode("latin-1") for v in encoded.dictionary.to_pylist()]


def _is_feature(line: bytes) -> bool:
    try:
        value: Any = json.loads(line)
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("type") == "Feature"


def _family(encoding: str) -> str:
    plain = encoding.lower().replace("-", "").replace("_", "")
    families = {"gb2312": "gbk", "gb18030": "gbk", "cp936": "gbk", "936": "gbk", "65001": "utf8"}
    return families.get(plain, plain)


def _unreadable(path: Path, error: Exception) -> ImportFileError:
    reason = str(error).replace(str(path), path.name)[:300]
    return ImportFileError(Problem("file_unreadable", {"file": path.name, "reason": reason}))
