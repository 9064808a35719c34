"""A file in, checked rows of a layer out: every problem at once, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from data.errors import ImportFileError
from data.importers import lines, osm, personal, shapes, values
from data.importers.columns import CODE_PARTS, Matching, match_columns
from data.importers.crs import settle_crs
from data.importers.formats import check_size
from data.importers.log import ProblemLog
from data.importers.opening import (
    DEFAULT_MAX_BYTES,
    check_names,
    drop_personal,
    open_source,
    read_shapes,
)
from data.importers.quoting import printable
from data.importers.source import Source
from data.importers.texts import as_text, compose_codes, unguard
from geo.codes import level_of
from geo.crs import STORE_CRS
from geo.frames import LAYERS, Field, Kind, Layer
from geo.problems import Problem

_DTYPES: dict[Kind, Any] = {
    "count": "Int64",
    "number": "float64",
    "speed": "float64",
    "flag": "boolean",
    "instant": "datetime64[us, UTC]",
}


@dataclass(frozen=True)
class ReadResult:
    """What was read of a file.

    Attributes
    ----------
    frame
        The rows without an error, as a layer frame: RangeIndex, EPSG:4490 on the lattice, the
        columns of ``geo.frames`` and ``row``, the 1-based number of the data row in the file.
    problems
        Everything found, as a list of ``Problem`` that also counts (``totals``, ``bad_rows``,
        ``left_out_rows``).
    mapping
        Field → column of the file that was used.
    crs
        Coordinate system the numbers were read in, or None.
    row_count
        Data rows of the file, the bad ones included.
    columns, unused_columns, dropped_columns
        Columns of the file: all, those without use, and those dropped as personal.
    """

    frame: geopandas.GeoDataFrame
    problems: ProblemLog
    mapping: dict[str, str] = field(default_factory=dict)
    crs: str | None = None
    row_count: int = 0
    columns: tuple[str, ...] = ()
    unused_columns: tuple[str, ...] = ()
    dropped_columns: tuple[str, ...] = ()


def read_file(
    path: Path,
    layer: str | Layer,
    *,
    crs: str | None = None,
    crs_unsaid: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    source_layer: str | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> ReadResult:
    """Read a file as a layer of ``geo.frames``.

    Parameters
    ----------
    path
        GeoJSON, GeoJSONSeq, GeoPackage, Shapefile (``.shp`` or zip), FlatGeobuf, GeoParquet, CSV,
        for roads and barriers also OpenStreetMap (``.osm.pbf``, ``.osm``), told by content.
    layer
        Name of a layer, or one of which less is asked (:mod:`data.importers.loose`).
    crs
        Coordinate system, if the file does not say it or says it wrongly; ``gcj02`` and ``bd09``
        are undone.
    crs_unsaid
        Coordinate system of a file that does not say it; one that does is believed.
    mapping
        Field → column, where names do not tell.
    encoding
        Of the text, if neither the file nor its bytes tell.
    source_layer
        Layer of a GeoPackage or shapefile of a zip archive with several.
    max_bytes
        Larger files are refused before they are read.

    Returns
    -------
    ReadResult
        A file that cannot be used at all gives an empty frame and ``problems.fatal``.
    """
    if isinstance(layer, str) and layer not in LAYERS:
        return _refused(
            Problem("layer_unknown", {"layer": layer, "layers": ", ".join(LAYERS)}), None
        )
    spec = LAYERS[layer] if isinstance(layer, str) else layer
    crs = None if crs is None else printable(crs)
    source_layer = None if source_layer is None else printable(source_layer)
    try:
        check_size(path, max_bytes)
        source = open_source(path, spec.name, encoding, source_layer, max_bytes)
        check_names(source, path.name)
    except ImportFileError as error:
        return _refused(error.problems[0], spec)
    names = tuple(source.columns)
    if spec.name in ("roads", "barriers"):
        osm.follow_tags(source)
    if crs is None and crs_unsaid is not None and (source.crs is None or source.crs_assumed):
        crs = printable(crs_unsaid)
    dropped, suspects = drop_personal(source, spec.name)
    problems = source.problems
    matching = match_columns(
        spec, source.columns, mapping or {}, problems, places=source.geometry is None
    )
    geometry, unreadable = read_shapes(source, matching, spec, path.name)
    geometry = shapes.check_shapes(
        geometry,
        source.rows,
        problems,
        kind=spec.geometry,
        required=spec.geometry_required,
        unreadable=unreadable,
    )
    told = None
    if not shapely.is_missing(geometry).all():
        told = settle_crs(crs, source.crs, shapely.bounds(geometry), problems)
        if told is not None:
            geometry = shapes.place_shapes(geometry, source.rows, told, problems)
    columns = _columns(source, matching, spec, suspects)
    frame = _frame(spec, columns, source.rows, geometry)
    frame = _derived(spec, frame, problems)
    return ReadResult(
        frame=_good_rows(frame, spec, problems),
        problems=problems,
        mapping=_reported(matching),
        crs=told.name if told else None,
        row_count=source.row_count,
        columns=names,
        unused_columns=tuple(c for c in matching.unused if c not in dropped),
        dropped_columns=dropped,
    )


def empty_frame(layer: str) -> geopandas.GeoDataFrame:
    """Return a layer frame of no rows."""
    return _no_rows(LAYERS[layer])


def _no_rows(spec: Layer) -> geopandas.GeoDataFrame:
    return _frame(spec, {}, np.empty(0, dtype=np.int64), np.empty(0, dtype=object))


def _columns(
    source: Source, matching: Matching, spec: Layer, suspects: dict[str, NDArray[np.bool_]]
) -> dict[str, pa.Array]:
    read: dict[str, pa.Array] = {}
    for spec_field in spec.fields:
        if spec_field.name == matching.composed:
            parts = [source.columns[part] for part in matching.parts]
            column = compose_codes(parts, list(CODE_PARTS.values()))
        elif spec_field.name in matching.fields:
            name = matching.fields[spec_field.name]
            column = source.columns[name]
            if not pa.types.is_floating(column.type):
                column = unguard(as_text(column))
            # no count is as long as such a number: it becomes an error of its row
            if name in suspects and spec_field.kind != "count":
                column = _without_personal(spec_field, column, suspects[name], source)
        else:
            continue
        read[spec_field.name] = values.read_values(spec_field, column, source.rows, source.problems)
    return read


def _without_personal(
    spec_field: Field, texts: pa.Array, found: NDArray[np.bool_], source: Source
) -> pa.Array:
    """Take identity and phone numbers out of a column that is stored."""
    source.problems.add_rows(
        "personal_value_removed",
        source.rows[found],
        {"field_zh": spec_field.zh, "field_en": spec_field.en},
        field=spec_field.name,
    )
    where = pa.array(found)
    if pa.types.is_floating(texts.type):
        return pc.if_else(where, None, texts)
    cleaned = as_text(personal.remove_personal(texts.filter(where)))
    return pc.replace_with_mask(texts, where, cleaned)


def _frame(
    spec: Layer,
    columns: dict[str, pa.Array],
    rows: NDArray[np.int64],
    geometry: NDArray[np.object_],
) -> geopandas.GeoDataFrame:
    series: dict[str, pd.Series] = {}
    for spec_field in spec.fields:
        column = columns.get(spec_field.name)
        dtype = _DTYPES.get(spec_field.kind, "str")
        if column is None:
            series[spec_field.name] = pd.Series([None] * len(rows), dtype=dtype)
        elif spec_field.kind == "count":
            series[spec_field.name] = _counts(column)
        else:
            series[spec_field.name] = column.to_pandas().astype(dtype)
    series["row"] = pd.Series(rows)
    return geopandas.GeoDataFrame(series, geometry=geometry, crs=STORE_CRS)


def _counts(column: pa.Array) -> pd.Series:
    missing = np.asarray(column.is_null().to_numpy(zero_copy_only=False))
    return pd.Series(pd.arrays.IntegerArray(column.fill_null(0).to_numpy().copy(), missing))


def _derived(
    spec: Layer, frame: geopandas.GeoDataFrame, problems: ProblemLog
) -> geopandas.GeoDataFrame:
    """Fill what a code that follows the rule says: the level, the village; give lines a code."""
    if spec.name == "divisions":
        levels = {code: level_of(code) for code in frame["code"].dropna().unique()}
        frame["level"] = frame["level"].fillna(frame["code"].map(levels)).astype("str")
    elif spec.name == "grids":
        by_rule = frame["code"].str.fullmatch(r"\d{15}", na=False)
        own = frame["code"].str[:12].where(by_rule)
        frame["village_code"] = frame["village_code"].fillna(own).astype("str")
    elif spec.geometry in ("line", "obstacle"):
        frame = lines.name_lines(lines.take_apart(frame), problems)
    return frame


def _good_rows(
    frame: geopandas.GeoDataFrame, spec: Layer, problems: ProblemLog
) -> geopandas.GeoDataFrame:
    """Report missing and repeated values and return the rows without an error."""
    if problems.fatal:
        return frame.iloc[:0].reset_index(drop=True)
    rows = frame["row"].to_numpy()
    outside = np.isin(rows, problems.left_out_rows)
    told = np.isin(rows, problems.bad_rows) | outside
    for spec_field in spec.fields:
        if not (spec_field.required or (spec.name, spec_field.name) == ("divisions", "level")):
            continue
        details = {"field_zh": spec_field.zh, "field_en": spec_field.en}
        missing = frame[spec_field.name].isna().to_numpy() & ~told
        problems.add_rows("missing_value", rows[missing], details, field=spec_field.name)
    if spec.unique:
        _report_duplicates(frame[~outside], problems)
    good = ~np.isin(rows, problems.bad_rows) & ~outside
    return frame[good].reset_index(drop=True)


def _report_duplicates(frame: geopandas.GeoDataFrame, problems: ProblemLog) -> None:
    """Report every row of a code used more than once: which one is right nobody can tell."""
    codes = frame["code"]
    repeated = (codes.duplicated(keep=False) & codes.notna()).to_numpy()
    if not repeated.any():
        return
    twice = frame.loc[repeated, ["code", "row"]]
    rows_of = twice.groupby("code")["row"].agg(lambda rows: [int(r) for r in rows[:20]])
    pairs = list(zip(twice["code"], twice["row"], strict=True))
    problems.add_rows(
        "duplicate_code",
        twice["row"].to_numpy(),
        lambda i: {"code": pairs[i][0], "rows": rows_of[pairs[i][0]]},
        field="code",
    )


def _reported(matching: Matching) -> dict[str, str]:
    mapping = dict(matching.fields)
    if matching.composed:
        mapping[matching.composed] = "+".join(matching.parts)
    return mapping


def _refused(problem: Problem, spec: Layer | None) -> ReadResult:
    problems = ProblemLog()
    problems.add(problem)
    frame = _no_rows(spec) if spec else geopandas.GeoDataFrame(geometry=[], crs=STORE_CRS)
    return ReadResult(frame, problems)
