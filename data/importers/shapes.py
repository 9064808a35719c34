"""From the numbers of a file to shapes of the store: CRS, ranges, types, validity."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
import shapely
from numpy.typing import NDArray

from data.importers.crs import Told, find_contradiction, find_swapped
from data.importers.log import ProblemLog
from data.importers.quoting import quote
from data.importers.texts import as_text, strip_marks
from geo.area_of_use import find_misplaced
from geo.crs import STORE_CRS, Datum, to_store, unshift
from geo.frames import GeometryKind
from geo.problems import Problem

Shapes = NDArray[np.object_]
Rows = NDArray[np.int64]

_TYPES: dict[GeometryKind, tuple[int, ...]] = {
    "point": (0,),
    "polygon": (3, 6),
    "line": (1, 5),
    "obstacle": (1, 3, 5, 6),
    "place": (0, 3, 6),
}
_NAMES = [
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
]
_EXPECTED: dict[GeometryKind, tuple[str, str]] = {
    "point": ("点", "point"),
    "polygon": ("面", "polygon"),
    "line": ("线", "line"),
    "obstacle": ("线或面", "line or polygon"),
    "place": ("点或面", "point or polygon"),
}
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^(?i:[+-]?(nan|inf|infinity))$"

# Arcs, and collections in collections: nested deeply enough these end the whole process.
_NO_SHAPE = r"(?is)circular|curve|surface|collection.*collection|\x00"


def read_points(x: pa.Array, y: pa.Array, rows: Rows, problems: ProblemLog) -> Shapes:
    """Return points of two columns of numbers; ``None`` where both are empty or one is wrong."""
    texts = [
        pc.utf8_normalize(c if pa.types.is_large_string(c.type) else as_text(c), form="NFKC")
        for c in (x, y)
    ]
    texts = [strip_marks(pc.utf8_trim_whitespace(text)) for text in texts]
    empty = [~_mask(pc.greater(pc.utf8_length(text), 0)) for text in texts]
    number = [_mask(pc.match_substring_regex(text, _NUMBER)) for text in texts]
    wrong = ~(number[0] & number[1]) & ~(empty[0] & empty[1])
    where = np.flatnonzero(wrong)
    problems.add_rows(
        "coordinates_not_numbers",
        rows[where],
        lambda i: dict(zip("xy", (quote(t[int(where[i])].as_py()) for t in texts), strict=True)),
    )
    right = number[0] & number[1]
    usable = pa.array(right)
    xy = np.column_stack(
        [
            pc.if_else(usable, text, None).cast(pa.float64()).to_numpy(zero_copy_only=False)
            for text in texts
        ]
    )
    shapes = np.full(len(rows), None, dtype=object)
    finite = np.isfinite(xy).all(axis=1)
    problems.add_rows("coordinates_not_finite", rows[right & ~finite])
    shapes[finite] = shapely.points(xy[finite])
    return shapes


def read_wkt(texts: pa.Array) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return the shapes of a WKT column, and where a text is none."""
    texts = as_text(texts)
    present = _mask(pc.is_valid(texts))
    arcs = _mask(pc.match_substring_regex(texts, _NO_SHAPE))  # refused by an exception, not a row
    words = pc.if_else(pa.array(arcs), None, texts).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):  # NaN is reported below, by row
        shapes = np.asarray(shapely.from_wkt(words, on_invalid="ignore"), dtype=object)
    return shapes, present & shapely.is_missing(shapes)


def check_shapes(
    shapes: Shapes,
    rows: Rows,
    problems: ProblemLog,
    *,
    kind: GeometryKind,
    required: bool,
    unreadable: NDArray[np.bool_],
) -> Shapes:
    """Return 2-D shapes of the right kind; ``None``, and a problem, for every other row.

    A multi-part shape of one part becomes that part. Rows that already have a problem of their
    coordinates are not reported as empty once more.
    """
    problems.add_rows("unreadable_geometry", rows[unreadable])
    heights = int(shapely.has_z(shapes).sum())
    if heights:
        problems.add(Problem("z_dropped", {"count": heights}))
        shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    kinds = shapely.get_type_id(shapes)
    single = (kinds > 3) & (shapely.get_num_geometries(shapes) == 1)
    if single.any():
        shapes = shapes.copy()
        shapes[single] = shapely.get_geometry(shapes[single], 0)
        kinds = shapely.get_type_id(shapes)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if required:
        told = np.isin(rows, problems.bad_rows)
        problems.add_rows("empty_geometry", rows[empty & ~told])
    wrong = ~empty & ~np.isin(kinds, _TYPES[kind])
    where = np.flatnonzero(wrong)
    zh, en = _EXPECTED[kind]
    problems.add_rows(
        "wrong_geometry_type",
        rows[where],
        lambda i: {"expected_zh": zh, "expected_en": en, "found": _type_name(int(kinds[where[i]]))},
    )
    infinite = ~(empty | wrong) & ~_finite(shapes)
    problems.add_rows("coordinates_not_finite", rows[infinite])
    shapes = _without(shapes, empty | wrong | infinite)
    if kind in ("line", "obstacle"):
        shapes = _with_length(shapes, rows, problems)
    return shapes


def _with_length(shapes: Shapes, rows: Rows, problems: ProblemLog) -> Shapes:
    """Take out lines that are a point: nobody gets anywhere on them. Lines may cross themselves."""
    linear = np.isin(shapely.get_type_id(shapes), (1, 5))
    none = linear & (shapely.length(shapes) == 0)
    problems.leave_out("line_without_length", rows[none])
    shapes = _without(shapes, none)
    for at in np.flatnonzero(linear & ~none & ~shapely.is_valid(shapes)):  # some of its parts
        parts = shapely.get_parts(shapes[at])
        shapes[at] = shapely.multilinestrings(parts[shapely.length(parts) > 0])
    return shapes


def place_shapes(shapes: Shapes, rows: Rows, told: Told, problems: ProblemLog) -> Shapes:
    """Return ``shapes`` in EPSG:4490 on the lattice; ``None``, and a problem, where that fails.

    Numbers that contradict the coordinate system as a whole are fatal for the file.
    """
    present = ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    contradiction = find_contradiction(told, bounds[present])
    if contradiction is not None:
        problems.add(contradiction)
        return _without(shapes, np.ones(len(shapes), dtype=bool))
    shapes = _without(shapes, _out_of_range(shapes, bounds, rows, told, problems))
    if told.datum is not None:
        shapes = _unshift(shapes, told.datum)
    invalid = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    _report_invalid(shapes[invalid], rows[invalid], told.crs, problems)
    shapes = _without(shapes, invalid)
    faults: list[Problem] = []
    frame = geopandas.GeoDataFrame(geometry=shapes, crs=told.crs)
    placed = np.asarray(to_store(frame, problems=faults).geometry.array, dtype=object)
    broken = np.zeros(len(shapes), dtype=bool)
    for fault in faults:  # rounding breaks a handful at most
        position = (fault.row or 1) - 1
        broken[position] = True
        row = int(rows[position])
        problems.add(Problem(fault.key, fault.details, row=row, geometry=fault.geometry))
    return _without(placed, broken)


def _out_of_range(
    shapes: Shapes, bounds: NDArray[np.float64], rows: Rows, told: Told, problems: ProblemLog
) -> NDArray[np.bool_]:
    out = find_misplaced(told.crs, bounds)
    swapped = out & find_swapped(bounds) & told.crs.is_geographic

    def place(where: NDArray[np.int64], i: int) -> dict[str, Any]:
        x, y = shapely.get_coordinates(shapes[where[i]])[0]
        return {"x": quote(f"{x:.12g}"), "y": quote(f"{y:.12g}")}

    for key, mask in (
        ("swapped_coordinates", swapped),
        ("coordinates_out_of_range", out & ~swapped),
    ):
        where = np.flatnonzero(mask)
        problems.add_rows(key, rows[where], lambda i, where=where: place(where, i))
    return out


def _report_invalid(shapes: Shapes, rows: Rows, crs: pyproj.CRS, problems: ProblemLog) -> None:
    """Say where each polygon is wrong: the place GEOS names, in lon/lat."""
    if not len(shapes):
        return
    to_lonlat = pyproj.Transformer.from_crs(crs, STORE_CRS, always_xy=True)
    places: dict[int, tuple[str, Any]] = {}

    def find(i: int) -> tuple[str, Any]:
        if i not in places:
            reason = str(shapely.is_valid_reason(shapes[i]))
            words, _, numbers = reason.partition("[")
            xy = [float(n) for n in numbers.rstrip("]").split()] or list(shapes[i].bounds[:2])
            places[i] = words.strip(), shapely.Point(to_lonlat.transform(xy[0], xy[1]))
        return places[i]

    def details(i: int) -> dict[str, Any]:
        reason, point = find(i)
        return {"x": round(point.x, 6), "y": round(point.y, 6), "reason": reason}

    problems.add_rows("self_intersection", rows, details, geometry=lambda i: find(i)[1])


def _unshift(shapes: Shapes, datum: Datum) -> Shapes:
    def back(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(unshift(xy[:, 0], xy[:, 1], datum))

    return np.asarray(shapely.transform(shapes, back), dtype=object)


def _finite(shapes: Shapes) -> NDArray[np.bool_]:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


def _type_name(kind: int) -> str:
    return _NAMES[kind] if kind < len(_NAMES) else "GeometryCollection"


def _without(shapes: Shapes, dropped: NDArray[np.bool_]) -> Shapes:
    if not dropped.any():
        return shapes
    kept = shapes.copy()
    kept[dropped] = None
    return kept


def _mask(values: pa.Array) -> NDArray[np.bool_]:
    return np.array(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)
