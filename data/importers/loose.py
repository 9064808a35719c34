"""Files of anybody: layers of which less is asked, for analyses that store nothing.

A file that goes into the store must have codes and levels; one that is only measured need not.
What is missing is filled so that nothing is guessed: a row without a code is called by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from data.errors import ImportFileError
from data.geotiff import read_geotiff
from data.importers.check import Context
from data.importers.quoting import printable
from data.importers.read import ReadResult, read_file
from data.importers.terrain import check_terrain, read_terrain
from geo.crs import STORE_CRS
from geo.frames import LAYERS, Field, GeometryKind, Kind, Layer
from geo.problems import Problem
from geo.reach.heights import Heights

# Column of the frame that holds what `weight` names.
WEIGHT = "weight"
# Of terrain so much is kept around the places: who detours farther finds no better way.
AROUND_M = 20_000.0
_DEGREE_M = 111_000.0
_OPTIONAL = frozenset({"code", "level", "road_class", "kind"})


class Loose(NamedTuple):
    """Rows of a file, with what is to be told about them (warnings only).

    ``zone`` is the EPSG code of the metric zone the file is in, None for any other system.
    """

    frame: geopandas.GeoDataFrame
    problems: list[Problem]
    zone: int | None = None


def read_households(
    path: Path, *, crs: str | None = None, code: str | None = None, weight: str | None = None
) -> Loose:
    """Read households: points, or polygons that a point within stands for.

    Parameters
    ----------
    crs
        Coordinate system, if the file does not say it.
    code, weight
        Columns of the file: the id, and whole numbers to weigh households by (into :data:`WEIGHT`).
        A field of the layer, such as ``residents``, is also found under its other names;
        ``households`` counts each as one, unless there is such a column.

    Returns
    -------
    Loose
        Layer ``households`` of :mod:`geo.frames`, and ``row``. Rows without a place are kept.

    Raises
    ------
    ImportFileError
        With every row that has an error.
    """
    spec = _ask_less("households", "place", geometry_required=False)
    if weight == "households" or weight in {f.name for f in spec.fields}:
        weight = _column_of(path, spec, weight)
    asked = {"code": code, WEIGHT: weight}
    if weight is not None:
        spec = spec._replace(fields=(*spec.fields, _number(WEIGHT, weight, "count")))
        # a column that is a field anyway stays it: residents are counted beside their weight
        asked |= {f.name: weight for f in LAYERS["households"].fields if is_named(f, weight)}
    result = _read(path, spec, crs, asked)
    frame = _points(result, path)
    frame["code"] = _codes(frame, result, path.name)
    # what the file does not count is not known, which is not 0
    counts = {f.name for f in spec.fields if f.kind == "count"} - {"residents"}
    absent = sorted(counts - set(result.mapping))
    return Loose(frame.drop(columns=absent), list(result.problems), _zone_of(result))


def read_centers(
    path: Path,
    *,
    level: str,
    crs: str | None = None,
    capacity: str | None = None,
    supply: str | None = None,
) -> Loose:
    """Read centers; in a file without levels all are of the level given.

    Parameters
    ----------
    capacity
        Column of whole numbers; empty is unlimited, 0 takes nobody.
    supply
        Column of numbers, none empty: what each center offers (into ``floor_area_m2``).

    Raises
    ------
    ImportFileError
        With every row that has an error; a center without a place is one.
    """
    spec = _ask_less("centers", "place", geometry_required=True)
    numbers: dict[str, tuple[str | None, Kind]] = {
        "capacity": (capacity, "count"),
        "floor_area_m2": (supply, "number"),
    }
    fields = {f.name: f for f in spec.fields}
    for name, (column, kind) in numbers.items():
        if column is not None:
            fields[name] = _number(name, column, kind)._replace(required=name == "floor_area_m2")
    spec = spec._replace(fields=tuple(fields.values()))
    asked = {"capacity": capacity, "floor_area_m2": supply}
    result = _read(path, spec, crs, asked)
    frame = _points(result, path)
    frame["code"] = _codes(frame, result, path.name, instead="name")
    frame["name"] = frame["name"].fillna(frame["code"])
    if "level" not in result.mapping:
        frame["level"] = pd.Series(level, frame.index, dtype="str")
    words = spec.field("level")
    _refuse_missing(frame, "level", {"field_zh": words.zh, "field_en": words.en, "file": path.name})
    unknown = int(frame["capacity"].isna().sum())
    if capacity is not None and unknown:
        details = {"count": unknown, "field_zh": capacity, "field_en": capacity}
        result.problems.note(Problem("capacity_unknown", details, field="capacity"))
    return Loose(frame, list(result.problems), _zone_of(result))


def read_land(path: Path, *, crs: str | None = None) -> Loose:
    """Read polygons that gaps are drawn in: natural villages, grids, census blocks.

    Where the file does not say which village a polygon belongs to, each is one by itself.
    """
    spec = _ask_less("natural_villages", "polygon", geometry_required=True)
    result = _read(path, spec, crs, {})
    frame = result.frame
    frame["code"] = _codes(frame, result, path.name)
    if "village_code" not in result.mapping:
        frame["village_code"] = frame["code"]
    return Loose(frame, list(result.problems))


def read_roads(path: Path, *, crs: str | None = None) -> Loose:
    """Read roads; those without a class are taken as ``unclassified``."""
    spec = _ask_less("roads", "line", geometry_required=True)
    result = _read(path, spec, crs, {})
    frame = result.frame
    unknown = frame["road_class"].isna().to_numpy()
    if unknown.any():
        frame["road_class"] = frame["road_class"].fillna("unclassified")
        details = {"file": path.name, "count": int(unknown.sum())}
        result.problems.note(Problem("classes_assumed", details, field="road_class"))
    frame["oneway"] = frame["oneway"].fillna("both")
    frame["bridge"] = frame["bridge"].fillna(False).astype(bool)
    return Loose(frame, _of_lines(result))


def read_barriers(path: Path, *, crs: str | None = None) -> Loose:
    """Read rivers, walls and what else stops people; its kind does not matter."""
    spec = _ask_less("barriers", "obstacle", geometry_required=True)
    result = _read(path, spec, crs, {})
    return Loose(result.frame, _of_lines(result))


def read_heights(
    path: Path,
    places: geopandas.GeoDataFrame,
    *,
    crs: str | None = None,
    cell_m: float | None = None,
) -> tuple[Heights, list[Problem]]:
    """Read the part of a GeoTIFF of heights that lies around places (EPSG:4490).

    Raises
    ------
    ImportFileError
        Why there are no heights: none in the file, not around here, too many cells.
    """
    known = places[~places.geometry.isna()]
    around = None
    if len(known):
        margin = AROUND_M / _DEGREE_M
        west, south, east, north = known.total_bounds
        sides = (west - margin, south - margin, east + margin, north + margin)
        around = geopandas.GeoDataFrame(
            {"code": ["around"]}, geometry=[shapely.box(*sides)], crs=STORE_CRS
        )
    result = read_terrain(path, crs=crs, cell_m=cell_m, counties=around)
    _refuse(result, path)
    context = Context(datetime.now(UTC), households=known)
    problems = [*result.problems, *check_terrain(result.frame, context)]
    return read_geotiff(result.frame["content"].iloc[0]), problems


def _ask_less(name: str, geometry: GeometryKind, *, geometry_required: bool) -> Layer:
    spec = LAYERS[name]
    fields = tuple(f._replace(required=False) if f.name in _OPTIONAL else f for f in spec.fields)
    return spec._replace(geometry=geometry, geometry_required=geometry_required, fields=fields)


def _column_of(path: Path, spec: Layer, name: str) -> str | None:
    """Return the column of a file that is meant by the name of a field."""
    seen = read_file(path, spec)
    column = seen.mapping.get(name, name)
    if column in seen.columns or seen.problems.fatal:
        return column
    if name == "households":
        return None
    details = {"column": name, "columns": ", ".join(seen.columns), "field_zh": name}
    raise ImportFileError(Problem("column_not_found", {**details, "field_en": name}))


def _number(name: str, column: str, kind: Kind) -> Field:
    """Return a field that is called by its column: there every fault is to be looked for."""
    word = printable(column)
    return Field(name, kind, word, word, required=name == WEIGHT)


def is_named(field: Field, column: str) -> bool:
    """Return whether a column is called by one of the names a field of counts has."""
    names = (field.name, field.zh, field.en, *field.aliases)
    return field.kind == "count" and column.strip().upper() in {name.upper() for name in names}


def _read(path: Path, spec: Layer, crs: str | None, asked: Mapping[str, str | None]) -> ReadResult:
    mapping = {name: column for name, column in asked.items() if column is not None}
    result = read_file(path, spec, crs_unsaid=crs, mapping=mapping)
    contradicted = any(p.key == "crs_contradicts_coordinates" for p in result.problems)
    if crs is not None and contradicted:  # a GeoJSON in WGS 84 beside files that are not
        alone = read_file(path, spec, mapping=mapping)
        result = result if alone.problems.fatal else alone
    _refuse(result, path)
    if result.frame.empty:
        raise ImportFileError(Problem("no_rows", {"file": path.name}))
    return result


def _refuse(result: ReadResult, path: Path) -> None:
    """Raise if anything of a file is wrong: part of a file is not what was asked about."""
    errors = [p for p in result.problems if p.severity == "error"]
    if errors:
        raise ImportFileError([_named(p, path) for p in errors])


def _named(problem: Problem, path: Path) -> Problem:
    details = {**problem.details, "file": path.name}
    return Problem(problem.key, details, problem.row, problem.field, problem.grids)


def _of_lines(result: ReadResult) -> list[Problem]:
    """Return what is to be told of lines: not that they have no codes, which nobody sees."""
    return [problem for problem in result.problems if problem.key != "code_from_shape"]


def _zone_of(result: ReadResult) -> int | None:
    """Return the zone of a file in Gauss–Kruger or UTM coordinates, whose metres are metres."""
    authority, _, code = (result.crs or "").partition(":")
    if authority != "EPSG" or not code.isdecimal():
        return None
    return zone_of(pyproj.CRS.from_epsg(int(code)))


def zone_of(crs: pyproj.CRS) -> int | None:
    """Return the EPSG code of a Gauss–Kruger or UTM zone, None for any other system."""
    conversion = crs.coordinate_operation
    metric = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
    if not metric or conversion is None or conversion.method_name != "Transverse Mercator":
        return None
    return crs.to_epsg()


def _points(result: ReadResult, path: Path) -> geopandas.GeoDataFrame:
    """Return the frame with a point within in place of each polygon."""
    shapes = np.asarray(result.frame.geometry.array, dtype=object)
    areal = shapely.get_dimensions(shapes) == 2
    if not areal.any():
        return result.frame
    details = {"file": path.name, "count": int(areal.sum())}
    result.problems.note(Problem("polygons_as_points", details))
    points = shapes.copy()
    points[areal] = shapely.point_on_surface(shapes[areal])
    return result.frame.set_geometry(points, crs=result.frame.crs)


def _codes(
    frame: geopandas.GeoDataFrame, result: ReadResult, file: str, *, instead: str | None = None
) -> list[str]:
    """Return the codes; of a file without, another column that tells rows apart, or row numbers."""
    if "code" in result.mapping:
        column = result.mapping["code"]
        words = {"field_zh": column, "field_en": column, "file": file}
        _refuse_missing(frame, "code", words)
        return [str(code) for code in frame["code"]]
    if instead is not None and frame[instead].notna().all() and frame[instead].is_unique:
        return [str(name) for name in frame[instead]]
    return [str(row) for row in frame["row"]]


def _refuse_missing(frame: geopandas.GeoDataFrame, name: str, words: Mapping[str, str]) -> None:
    rows = frame.loc[frame[name].isna(), "row"]
    if len(rows):
        raise ImportFileError(
            [Problem("missing_value", words, row=int(row), field=name) for row in rows]
        )


__all__ = [
    "WEIGHT",
    "Loose",
    "is_named",
    "read_barriers",
    "read_centers",
    "read_heights",
    "read_households",
    "read_land",
    "read_roads",
    "zone_of",
]
