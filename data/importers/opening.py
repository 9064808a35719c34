"""A file opened before any value of it is read: its rows, columns and shapes as written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.errors import ImportFileError
from data.importers import osm, personal, shapes, tables, vectors, workbooks
from data.importers.columns import Matching, match_columns, safe_names
from data.importers.formats import check_size, detect_format, unpack_shapefile
from data.importers.source import Source
from data.importers.texts import as_text
from geo.frames import Layer
from geo.problems import Problem

DEFAULT_MAX_BYTES = 500_000_000


class Opened(NamedTuple):
    """A file before any value of it is read: which column is what, and the shapes as written.

    A shape is None where there is none, or where what there is has no finite coordinates.
    """

    source: Source
    matching: Matching
    shapes: NDArray[np.object_]


def open_file(
    path: Path,
    spec: Layer,
    *,
    mapping: Mapping[str, str] | None = None,
    source_layer: str | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> Opened:
    """Open a file whose faulty rows are kept, without its personal columns.

    Raises
    ------
    ImportFileError
        When it cannot be read at all. What is wrong with names of columns is among the problems
        of the source.
    """
    check_size(path, max_bytes)
    source = open_source(path, spec.name, None, source_layer, max_bytes)
    check_names(source, path.name)
    drop_personal(source, spec.name)
    matching = match_columns(
        spec, source.columns, mapping or {}, source.problems, places=source.geometry is None
    )
    geometry, unreadable = read_shapes(source, matching, spec, path.name)
    geometry = np.asarray(shapely.force_2d(geometry), dtype=object)
    finite = np.isfinite(shapely.bounds(geometry).reshape(-1, 4)).all(axis=1)
    geometry[unreadable | ~finite] = None
    return Opened(source, matching, geometry)


def open_table(path: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Source:
    """Open a table to be given back: every column as it is, nothing of it stored.

    Raises
    ------
    ImportFileError
        When it cannot be read at all.
    """
    check_size(path, max_bytes)
    if workbooks.is_workbook(path):
        return workbooks.read_workbook(path)
    source = open_source(path, "households", None, None, max_bytes)
    check_names(source, path.name)
    return source


def open_source(
    path: Path, layer: str, encoding: str | None, source_layer: str | None, max_bytes: int
) -> Source:
    """Read a file of whatever format as columns, with its shapes where it has them."""
    kind = detect_format(path)
    if kind == "osm":
        return osm.read_osm(path, layer)
    if kind == "csv":
        return tables.read_csv(path, encoding=encoding)
    if kind == "geojson":
        return vectors.read_geojson(path)
    if kind == "geojsonseq":
        return vectors.read_geojsonseq(path)
    if kind == "parquet":
        return vectors.read_parquet(path)
    if kind == "shapefile":
        return vectors.read_shapefile(path, name=path.name, encoding=encoding)
    if kind == "zip":
        with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
            inside = unpack_shapefile(path, Path(folder), layer=source_layer, max_bytes=max_bytes)
            return vectors.read_shapefile(inside, name=path.name, encoding=encoding)
    return vectors.read_ogr_file(path, source_layer)


def check_names(source: Source, file: str) -> None:
    """Make the column names fit for a report; a table whose names are values has no header.

    Raises
    ------
    ImportFileError
        ``header_missing``: its "names" would be the first person's name and numbers.
    """
    names, values_found = safe_names(source.columns)
    if values_found and source.geometry is None:
        raise ImportFileError(Problem("header_missing", {"file": file}))
    source.columns = dict(zip(names, source.columns.values(), strict=True))


def drop_personal(
    source: Source, layer: str
) -> tuple[tuple[str, ...], dict[str, NDArray[np.bool_]]]:
    """Take the personal columns out of ``source`` before anything else sees them.

    Returns their names, and for the other columns with personal values where these are.
    """
    dropped = []
    suspects: dict[str, NDArray[np.bool_]] = {}
    for name, column in source.columns.items():
        whole = personal.is_personal_name(name, layer)
        if not whole and not personal.holds_short_numbers(column):
            texts = as_text(column)
            found = personal.find_personal_values(texts)
            whole = personal.is_personal_column(texts, found)
            if found.any():
                suspects[name] = found
        if whole:
            dropped.append(name)
            source.problems.add(Problem("personal_column_dropped", {"column": name}))
    for name in dropped:
        del source.columns[name]
    return tuple(dropped), suspects


def read_shapes(
    source: Source, matching: Matching, spec: Layer, file: str
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the shapes as written and where one is unreadable, from wherever the file has them."""
    nowhere = np.zeros(len(source.rows), dtype=bool)
    if source.geometry is not None:
        unreadable = source.unreadable if source.unreadable is not None else nowhere
        return source.geometry, unreadable
    fields = matching.fields
    if "wkt" in fields:
        return shapes.read_wkt(source.columns[fields["wkt"]])
    if "lon" in fields and "lat" in fields:
        x, y = source.columns[fields["lon"]], source.columns[fields["lat"]]
        return shapes.read_points(x, y, source.rows, source.problems), nowhere
    if spec.geometry_required:
        source.problems.add(Problem("no_geometry", {"file": file}))
    return np.full(len(source.rows), None, dtype=object), nowhere
