"""Layer files with shapes: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, GeoParquet."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyogrio
import pyproj

from data.importers.encodings import find_field_encoding, trim_cut
from data.importers.formats import choose_layer
from data.importers.geojson import read_geojson, read_geojsonseq
from data.importers.guard import LIMITS, Limits, check_columns, check_rows, collect, guard
from data.importers.ogr import assemble, quiet, read_layer
from data.importers.source import Source
from geo.problems import Problem

__all__ = ["read_geojson", "read_geojsonseq", "read_ogr_file", "read_parquet", "read_shapefile"]

_PARQUET_ROWS = 65_536


def read_ogr_file(path: Path, layer: str | None, *, limits: Limits = LIMITS) -> Source:
    """Read a GeoPackage or FlatGeobuf file; ``layer`` names one of several.

    Raises
    ------
    ImportFileError
        ``layer_not_in_file``, ``several_layers`` or ``file_unreadable``.
    """
    with guard(path), quiet():
        listed = pyogrio.list_layers(path)
    with_shapes = {str(name): str(name) for name, kind in listed if kind is not None}
    chosen = choose_layer(path.name, with_shapes, layer)
    return read_layer(str(path), path, name=path.name, limits=limits, layer=chosen)


def read_shapefile(
    path: Path, *, name: str, encoding: str | None, limits: Limits = LIMITS
) -> Source:
    """Read a shapefile, its text in the encoding that ``.cpg`` names or that its bytes show.

    Parameters
    ----------
    path
        The ``.shp``; ``.dbf``, ``.shx``, ``.prj`` and ``.cpg`` beside it.
    name
        The file's name for the report.
    """
    # Latin-1 keeps every byte, also of names cut in the middle of a character; then decoded here
    source = read_layer(str(path), path, name=name, limits=limits, encoding="ISO-8859-1")
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


def read_parquet(path: Path, *, limits: Limits = LIMITS) -> Source:
    """Read a GeoParquet file (WKB-encoded, with its ``geo`` metadata).

    Raises
    ------
    ImportFileError
        ``file_unreadable``, also for a Parquet file without ``geo`` metadata.
    """
    with guard(path), pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        columns = file.metadata.num_columns
        check_columns(path.name, columns, limits)
        check_rows(path.name, file.metadata.num_rows, limits, columns=columns)
        meta = json.loads((schema.metadata or {})[b"geo"])
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
    # as dictionaries: a long text repeated a million times takes no space in the file either
    texts = [field.name for field in schema if _is_bytes(field.type)]
    with guard(path), pq.ParquetFile(path, read_dictionary=texts) as file:
        batches = file.iter_batches(batch_size=_PARQUET_ROWS)
        table = collect(batches, file.schema_arrow, path.name, limits)
        return assemble(table, primary, crs, path.name)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _latin_bytes(array: pa.Array) -> tuple[pa.Array | None, list[bytes]]:
    """Return for a text column the position of each value among its distinct byte strings."""
    if not pa.types.is_large_string(array.type):
        return None, []
    encoded = pc.dictionary_encode(array)
    return encoded.indices, [v.encode("latin-1") for v in encoded.dictionary.to_pylist()]


def _family(encoding: str) -> str:
    plain = encoding.lower().replace("-", "").replace("_", "")
    families = {"gb2312": "gbk", "gb18030": "gbk", "cp936": "gbk", "936": "gbk", "65001": "utf8"}
    return families.get(plain, plain)
