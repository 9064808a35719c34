"""Division and grid codes: 6, 9, 12 and 15 digits, each the beginning of the next.

County 6 (GB/T 2260), township 9, village 12 (statistical division codes), grid 15: the
village's code and three digits, numbered west to east, north to south (Beijing DB11, Xi'an
DB6101/T 3185-2024). Codes change and counties have their own habits, so an odd code is
flagged and kept, never rejected.
"""

from __future__ import annotations

from typing import Literal, get_args

import geopandas
import numpy as np
import pandas as pd

from geo.errors import FrameError
from geo.problems import Problem
from geo.profiles import AreaType

CodeLevel = Literal["county", "township", "village", "grid"]

DIGITS: dict[CodeLevel, int] = {"county": 6, "township": 9, "village": 12, "grid": 15}
_LEVELS: dict[int, CodeLevel] = {digits: level for level, digits in DIGITS.items()}
_ZH: dict[CodeLevel, str] = {"county": "县", "township": "乡镇", "village": "村", "grid": "网格"}
_MAX_GRIDS = 999


def canonical(code: str) -> str:
    """Return a 12-digit code that is padded by zeros in its short form, others unchanged.

    Statistical lists write counties and townships with 12 digits; no village has the suffix
    ``000``.

    Examples
    --------
    >>> canonical("500229001000"), canonical("500229000000"), canonical("500229001001")
    ('500229001', '500229', '500229001001')
    """
    if len(code) == 12 and code.isdecimal() and code.endswith("000"):
        return code[:6] if code.endswith("000000") else code[:9]
    return code


def level_of(code: str) -> CodeLevel | None:
    """Return what a code's digits say it names, ``None`` if they say nothing.

    Examples
    --------
    >>> level_of("500229001001"), level_of("500229001000"), level_of("A-17")
    ('village', 'township', None)
    """
    short = canonical(code)
    return _LEVELS.get(len(short)) if short.isascii() and short.isdecimal() else None


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes above a code, nearest first; empty if the code says nothing.

    Examples
    --------
    >>> ancestors("500229001001002")
    ('500229001001', '500229001', '500229')
    """
    level = level_of(code)
    if level is None:
        return ()
    short = canonical(code)
    return tuple(short[:digits] for digits in (12, 9, 6) if digits < DIGITS[level])


def check_code(code: str, level: CodeLevel) -> Problem | None:
    """Flag a code that does not follow the rule of its level; ``None`` if it does.

    Returns
    -------
    Problem or None
        ``irregular_code``, a warning: the code is kept as given.

    Raises
    ------
    ValueError
        If ``level`` is none of county, township, village, grid.
    """
    if level not in get_args(CodeLevel):
        raise ValueError(f"no such level: {level}")
    short = canonical(code)
    if level_of(code) == level and short == code:
        return None
    details: dict[str, object] = {
        "code": code,
        "level": level,
        "level_zh": _ZH[level],
        "digits": DIGITS[level],
    }
    if level_of(code) == level:
        details["short"] = short
    return Problem("irregular_code", details, field="code", grids=(code,))


def area_type_of(urban_rural_class: str | None, rural_default: AreaType = "mountain") -> AreaType:
    """Return the area type an urban–rural class code gives.

    Parameters
    ----------
    urban_rural_class
        Statistical class: 111 main urban, 112 urban fringe, 121 town centre, 122 town fringe,
        123 special area, all urban (城镇); 210 township centre, 220 village, rural.
    rural_default
        What rural means in this county (profile's ``rural_default``); also for unknown classes.

    Examples
    --------
    >>> area_type_of("121"), area_type_of("220"), area_type_of(None, "rural_plain")
    ('urban', 'mountain', 'rural_plain')
    """
    if isinstance(urban_rural_class, str) and urban_rural_class.strip().startswith("1"):
        return "urban"
    return rural_default


def number_grids(grids: geopandas.GeoDataFrame) -> pd.Series:
    """Give each grid its number in its village, west to east, north to south.

    The village's extent is cut into √n bands of equal height (n grids, rounded); bands count
    from the north, grids in a band from the west, by a point inside each.

    Parameters
    ----------
    grids
        Any CRS, polygons, column ``village_code``.

    Returns
    -------
    Series of str
        Named ``suffix``, three digits from ``001``, index of ``grids``. It does not depend on the
        order of the rows, unless two grids have the same inside point.

    Raises
    ------
    FrameError
        ``column_missing``; ``not_a_polygon`` for a missing or empty shape; ``too_many_grids``
        above 999 in one village.
    """
    if "village_code" not in grids:
        raise FrameError(Problem("column_missing", {"columns": "village_code"}))
    shapes = grids.geometry
    unplaced = (shapes.isna() | shapes.is_empty).to_numpy()
    problems = [
        Problem("not_a_polygon", {"code": position + 1, "found": "—"}, row=int(position) + 1)
        for position in np.flatnonzero(unplaced)
    ]
    villages = grids["village_code"].astype("string").fillna("").astype(str)
    counts = villages.value_counts()
    problems += [
        Problem("too_many_grids", {"village": village, "count": int(counts[village])})
        for village in sorted(counts.index[counts > _MAX_GRIDS])
    ]
    if problems:
        raise FrameError(problems)
    inside = shapes.representative_point()
    table = pd.DataFrame(
        {"village": villages.to_numpy(), "x": inside.x.to_numpy(), "y": inside.y.to_numpy()}
    )
    top = table.groupby("village")["y"].transform("max")
    height = top - table.groupby("village")["y"].transform("min")
    bands = np.sqrt(table.groupby("village")["y"].transform("size")).round()
    with np.errstate(invalid="ignore", divide="ignore"):
        band = np.floor((top - table["y"]) / height * bands)
    table["band"] = np.minimum(band.fillna(0), bands - 1)
    order = table.sort_values(["village", "band", "x", "y"], kind="stable")
    number = order.groupby("village").cumcount() + 1
    suffix = number.reindex(table.index).map("{:03d}".format)
    return pd.Series(suffix.to_numpy(dtype=object), index=grids.index, name="suffix", dtype=object)
