"""Units of a file whose rows are kept as they are: what is wrong with one is told, not refused.

Merges look at all units of a place. One without a usable shape or number cannot take part, but its
neighbours must not be moved as if it were not there; so nothing is dropped, mended or made up here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from data.errors import ImportFileError
from data.importers.crs import find_contradiction, settle_crs
from data.importers.formats import detect_format
from data.importers.log import ProblemLog
from data.importers.loose import zone_of
from data.importers.opening import Opened, open_file
from data.importers.texts import as_text
from data.importers.values import read_values
from geo.crs import STORE_CRS, metric_crs_of, unshift
from geo.frames import LAYERS, Field, Layer
from geo.problems import Problem

MEASURES = ("households", "residents", "registered")
LATTICE_STEPS = 1e9  # a degree; dividing by it is exact, multiplying is not
_POLYGONS = ("Polygon", "MultiPolygon", "3D Polygon", "3D MultiPolygon")


class FileUnits(NamedTuple):
    """Units of a file.

    Parameters
    ----------
    rows
        Every row and column of the file, in the system it is in; shapes as they are.
    frame
        The same rows in a metric zone, index: codes; ``name``, ``township``,
        ``village_code``,
        ``locked``, and the counts the file has, as it has them.
    columns
        Field → column of the file.
    problems
        What is to be told; warnings only.
    """

    rows: geopandas.GeoDataFrame
    frame: geopandas.GeoDataFrame
    columns: Mapping[str, str]
    problems: list[Problem]


def read_units(
    path: Path,
    *,
    crs: str | None = None,
    code: str | None = None,
    people: str | None = None,
    township: str | None = None,
    lock: str | None = None,
) -> FileUnits:
    """Read polygons with people.

    Parameters
    ----------
    crs
        Coordinate system, if the file does not say it.
    code, people, township, lock
        Columns: id, number of people, township, whether a unit stays as it is. Without the first
        three they are looked for by their usual names; without a code rows are called by number.

    Raises
    ------
    ImportFileError
        When the file cannot be read, has no shapes, or lacks a column that is named; with every
        row whose lock cannot be read: nobody knows whether it may be touched.
    """
    spec = _spec(people)
    asked = {"code": code, "township": township, "locked": lock}
    if people is not None:
        asked["people"] = people
    mapping = {name: column for name, column in asked.items() if column is not None}
    opened = open_file(path, spec, mapping=mapping, source_layer=_only_polygons(path))
    problems = opened.source.problems
    geometry = opened.shapes
    if shapely.is_missing(geometry).all():
        problems.add(Problem("no_geometry", {"file": path.name}))
    _refuse(problems)
    # a system that the file says is believed
    unsaid = opened.source.crs is None or opened.source.crs_assumed
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    told = settle_crs(crs if unsaid else None, opened.source.crs, bounds, problems)
    _refuse(problems)
    assert told is not None
    contradiction = find_contradiction(told, bounds[np.isfinite(bounds).all(axis=1)])
    if contradiction is not None:
        raise ImportFileError(contradiction)
    if told.datum is not None:
        datum = told.datum
        geometry = _moved(geometry, lambda xy: np.column_stack(unshift(xy[:, 0], xy[:, 1], datum)))
    table = pd.DataFrame({name: c.to_pandas() for name, c in opened.source.columns.items()})
    rows = geopandas.GeoDataFrame(table, geometry=geometry, crs=told.crs)
    fields = _fields(opened, problems)
    _refuse(problems)
    return FileUnits(
        rows,
        _metric(fields, geometry, told.crs),
        opened.matching.fields,
        [p for p in problems if p.severity == "warning"],
    )


def _only_polygons(path: Path) -> str | None:
    """Return the one layer of polygons of a file with several layers."""
    if detect_format(path) not in ("gpkg", "flatgeobuf"):
        return None
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind in _POLYGONS]
    return layers[0] if len(layers) == 1 else None


def _spec(people: str | None) -> Layer:
    """Return the fields that are looked for, all of them optional."""
    divisions, grids = LAYERS["divisions"], LAYERS["grids"]
    settled = LAYERS["natural_villages"]
    aliases = {*divisions.field("code").aliases, *grids.field("code").aliases}
    aliases |= {*settled.field("code").aliases, "UNIT", "UNIT_ID", "编码", "编号"}
    town = ("TOWNSHIP_CODE", "TOWN", "TOWN_CODE", "XIANG_DM", "XZDM", "乡镇", "乡镇代码", "街道")
    code = Field("code", "text", "编码", "code", aliases=tuple(sorted(aliases)))
    fields = [
        code,
        settled.field("name"),
        Field("township", "text", "乡镇编码", "township", aliases=town),
        settled.field("village_code")._replace(kind="text"),
        Field("locked", "flag", "锁定", "locked"),
        *(settled.field(name)._replace(kind="text") for name in MEASURES),
    ]
    if people is not None:
        fields.append(Field("people", "text", "人数", "people"))
    return Layer("units", "单元", "units", "polygon", False, tuple(fields))


def _fields(opened: Opened, problems: ProblemLog) -> pd.DataFrame:
    """Return the fields by name; numbers as they are written, codes as texts."""
    source, found = opened.source, opened.matching.fields
    count = len(source.rows)
    columns: dict[str, object] = {}
    for name in ("code", "name", "township", "village_code"):
        columns[name] = _texts(source.columns.get(found.get(name, "")), count)
    if "code" not in found:
        columns["code"] = [str(row) for row in source.rows.tolist()]
    for name in (*MEASURES, "people"):
        if name in found:
            columns[name] = source.columns[found[name]].to_pandas().to_numpy(dtype=object)
    locked = np.zeros(count, dtype=bool)
    if "locked" in found:
        spec = Field("locked", "flag", found["locked"], found["locked"])
        read = read_values(spec, as_text(source.columns[found["locked"]]), source.rows, problems)
        locked = read.fill_null(False).to_numpy(zero_copy_only=False)
    columns["locked"] = locked
    return pd.DataFrame(columns)


def _texts(column: pa.Array | None, count: int) -> list[str]:
    if column is None:
        return [""] * count
    return [value or "" for value in as_text(column).to_pylist()]


def _metric(
    fields: pd.DataFrame, geometry: NDArray[np.object_], crs: pyproj.CRS
) -> geopandas.GeoDataFrame:
    """Bring units to metres: those of the file's own zone, else of the zone of their middle."""
    index = pd.Index(fields["code"], name="code")
    frame = geopandas.GeoDataFrame(
        fields.drop(columns="code").set_index(index), geometry=geometry, crs=crs
    )
    if zone_of(crs) is not None:
        return frame
    degrees = np.asarray(frame.geometry.to_crs(STORE_CRS).array, dtype=object)
    # what two units share stays shared to the last bit
    degrees = _moved(degrees, lambda xy: np.round(xy * LATTICE_STEPS) / LATTICE_STEPS)
    placed = frame.set_geometry(degrees, crs=STORE_CRS)
    return placed.to_crs(metric_crs_of(placed))


def _moved(
    shapes: NDArray[np.object_], move: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(shapes, move), dtype=object)


def _refuse(problems: ProblemLog) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ImportFileError(errors)
