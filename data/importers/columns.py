"""Which column of a file is which field of the layer: told, or found by name; always reported."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from data.importers.log import ProblemLog
from data.importers.quoting import printable
from geo.frames import Field, Layer
from geo.problems import Problem

PLACES: tuple[Field, ...] = (
    Field(
        "lon",
        "number",
        "经度",
        "longitude",
        aliases=("LON", "LNG", "LONG", "X", "X坐标", "东坐标", "EASTING", "COORD_X", "POINT_X"),
    ),
    Field(
        "lat",
        "number",
        "纬度",
        "latitude",
        aliases=("LAT", "Y", "Y坐标", "北坐标", "NORTHING", "COORD_Y", "POINT_Y"),
    ),
    Field(
        "wkt",
        "text",
        "WKT",
        "WKT",
        aliases=("GEOMETRY", "GEOM", "THE_GEOM", "WKT_GEOM", "SHAPE", "图形"),
    ),
)
# Statistics files split the village code into five columns, numbers without leading zeros.
CODE_PARTS: dict[str, int] = {"SHENG": 2, "SHI": 2, "XIAN": 2, "XIANG": 3, "CUN": 3}
# A "name" that is a coordinate, a phone or identity number or a shape is a value of the first row.
_VALUE = re.compile(
    r"[+-]?\d+\.\d+|[+-]?\d{5,}|.*(?:\d[ -]?){10}\d.*"
    r"|(?:multi)?(?:point|linestring|polygon)\s*z?\s*\(.*",
    re.IGNORECASE | re.DOTALL,
)


class Matching(NamedTuple):
    """Field → column, and the columns that stay unused.

    ``parts`` names the five columns a village code is composed of, for field ``composed``.
    """

    fields: dict[str, str]
    unused: tuple[str, ...]
    composed: str | None
    parts: tuple[str, ...]


def match_columns(
    layer: Layer,
    columns: Iterable[str],
    mapping: Mapping[str, str],
    problems: ProblemLog,
    *,
    places: bool,
) -> Matching:
    """Match the fields of ``layer`` to the columns of a file.

    Parameters
    ----------
    mapping
        Field → column, as the user says; compared without regard to case if need be.
    places
        Whether coordinates are columns too (``lon``, ``lat``, ``wkt``).
    problems
        Takes ``field_unknown``, ``column_not_found``, ``ambiguous_column`` and
        ``field_without_column``.

    Returns
    -------
    Matching
        A column is used for one field at most, unless the user says otherwise.
    """
    names = list(columns)
    fields = (*layer.fields, *(PLACES if places else ()))
    found = _asked(layer, fields, names, mapping, problems)
    composed, parts = _composed(layer, names, found)
    taken = {*found.values(), *parts}
    for field in fields:
        if field.name in found or field.name in mapping or field.name == composed:
            continue
        matched = _by_name(field, [n for n in names if n not in taken], problems)
        if matched is not None:
            found[field.name] = matched
            taken.add(matched)
    for field in fields:
        # a field asked for in vain is already reported
        if field.required and field.name not in (*found, *mapping, composed):
            details = {"field": field.name, "field_zh": field.zh, "field_en": field.en}
            problems.add(Problem("field_without_column", details, field=field.name))
    ordered = {f.name: found[f.name] for f in fields if f.name in found}
    return Matching(ordered, tuple(n for n in names if n not in taken), composed, parts)


def safe_names(names: Iterable[str]) -> tuple[list[str], bool]:
    """Return column names that may stand in a report, and whether one was a value, no name.

    Such a one is replaced by its position; characters that are no text are replaced too.

    Examples
    --------
    >>> safe_names(["code", "13800138000", "108.25"])
    (['code', 'column_2', 'column_3'], True)
    """
    safe: dict[str, None] = {}
    values = False
    for position, name in enumerate(names, start=1):
        plain = printable(name)
        if _VALUE.fullmatch(unicodedata.normalize("NFKC", name).strip()):
            plain, values = f"column_{position}", True
        while plain in safe:
            plain += f"_{position}"
        safe[plain] = None
    return list(safe), values


def _asked(
    layer: Layer,
    fields: Iterable[Field],
    names: list[str],
    mapping: Mapping[str, str],
    problems: ProblemLog,
) -> dict[str, str]:
    known = {field.name: field for field in fields}
    found: dict[str, str] = {}
    for name, column in mapping.items():
        if name not in known:
            details = {
                "layer": layer.name,
                "field": printable(name),
                "fields": ", ".join(known),
            }
            problems.add(Problem("field_unknown", details))
            continue
        same = [n for n in names if n == column] or [n for n in names if _key(n) == _key(column)]
        if len(same) != 1:
            field = known[name]
            details = {
                "column": printable(column),
                "columns": ", ".join(names) or "—",
                "field_zh": field.zh,
                "field_en": field.en,
            }
            problems.add(Problem("column_not_found", details, field=name))
            continue
        found[name] = same[0]
    return found


def _by_name(field: Field, names: list[str], problems: ProblemLog) -> str | None:
    own = [[field.name], [field.zh], [field.en], field.aliases]
    for candidates in own:
        keys = [_key(candidate) for candidate in candidates]
        hits = sorted((keys.index(_key(n)), i) for i, n in enumerate(names) if _key(n) in keys)
        if not hits:
            continue
        columns = [names[i] for _, i in hits]
        if len(columns) > 1:
            details = {
                "columns": ", ".join(columns),
                "column": columns[0],
                "field_zh": field.zh,
                "field_en": field.en,
            }
            problems.add(Problem("ambiguous_column", details, field=field.name))
        return columns[0]
    return None


def _composed(
    layer: Layer, names: list[str], found: dict[str, str]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the field that the five part columns make, if they are all there."""
    by_key = {_key(n): n for n in names}
    target = "code" if layer.name in ("divisions", "villages") else "village_code"
    has_target = any(f.name == target for f in layer.fields)
    if target in found or not has_target or not set(CODE_PARTS) <= set(by_key):
        return None, ()
    return target, tuple(by_key[part] for part in CODE_PARTS)


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip()).upper()
