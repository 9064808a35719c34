"""Lists of villages: one row a village, with the names of everything above it.

A list makes divisions: the villages of its rows and, from codes and name columns, the townships,
counties, cities and provinces they lie in. Shapes may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd

from data.importers.log import ProblemLog
from data.importers.quoting import printable
from data.importers.read import ReadResult, read_file
from geo.codes import canonical, level_of
from geo.division_names import is_placeholder, spoken_name
from geo.frames import LAYERS, Field, Layer
from geo.problems import Problem

LAYER = "villages"
# Column of the frame with the full name, where it is another than the one people say.
OFFICIAL = "official_name"
# Digits of the code that name what is above a village.
ABOVE = {"township": 9, "county": 6, "city": 4, "province": 2}

_DIVISIONS = LAYERS["divisions"]
SPEC = Layer(
    LAYER,
    "村社区名单",
    "list of villages",
    "polygon",
    False,
    (
        _DIVISIONS.field("code")._replace(
            zh="村编码",
            en="village code",
            aliases=(
                *("VILLAGE_CODE", "村代码", "行政村代码", "行政村编码", "村级代码", "村社区代码"),
                *("社区代码", "村(社区)代码", "村（社区）代码", "村(居)代码", "统计用区划代码"),
                *("区划代码", "行政区划代码", "代码", "编码"),
                *_DIVISIONS.field("code").aliases,
            ),
        ),
        _DIVISIONS.field("name")._replace(
            zh="村名",
            en="village",
            aliases=(
                *("VILLAGE_NAME", "村名称", "行政村", "行政村名称", "村社区", "村社区名称"),
                *("村(社区)", "村（社区）", "村(居)", "村居", "村居名称", "社区", "社区名称", "村"),
                *("名称", *_DIVISIONS.field("name").aliases),
            ),
        ),
        Field(
            OFFICIAL,
            "text",
            "全称",
            "official name",
            aliases=(
                *("VILLAGE_OFFICIAL", "FULL_NAME", "FULLNAME", "村全称", "规范名称", "标准名称"),
                *("村委会", "村(居)委会", "村（居）委会", "村居委会", "村委会名称", "机构名称"),
            ),
        ),
        Field(
            "township",
            "text",
            "乡镇",
            "township",
            aliases=(
                *("TOWN", "TOWN_NAME", "TOWNSHIP_NAME", "STREET_NAME", "STREET", "XIANG_MC"),
                *("乡镇名称", "乡镇街道", "乡镇(街道)", "乡镇（街道）", "镇街", "街镇", "街道"),
                *("街道名称", "所属乡镇", "所属街道", "镇", "乡"),
            ),
        ),
        Field(
            "county",
            "text",
            "县",
            "county",
            aliases=(
                *("COUNTY_NAME", "DISTRICT", "AREA_NAME", "XIAN_MC", "县名", "县区", "区县"),
                *("县(市、区)", "县（市、区）", "县市区", "区县名称", "县名称", "所属县", "区"),
            ),
        ),
        Field(
            "city",
            "text",
            "市",
            "city",
            aliases=("CITY_NAME", "PREFECTURE", "市名", "地市", "地级市", "市州", "州市", "市名称"),
        ),
        Field(
            "province",
            "text",
            "省",
            "province",
            aliases=("PROVINCE_NAME", "省名", "省份", "省市", "省(市)", "省（市）", "省名称"),
        ),
        *(_DIVISIONS.field(n) for n in ("urban_rural_class", "area_type", "residents")),
        _DIVISIONS.field("valid_from"),
    ),
)


def read_villages(
    path: Path,
    *,
    crs: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    source_layer: str | None = None,
    max_bytes: int,
) -> ReadResult:
    """Read a list of villages as divisions.

    Parameters
    ----------
    path, crs, mapping, encoding, source_layer, max_bytes
        As of :func:`data.importers.read.read_file`; fields are those of :data:`SPEC`.

    Returns
    -------
    ReadResult
        ``frame`` is a layer frame of ``divisions`` with :data:`OFFICIAL`. What stands for no row
        of the file, such as a county, has row 0.
    """
    result = read_file(
        path,
        SPEC,
        crs=crs,
        mapping=mapping,
        encoding=encoding,
        source_layer=source_layer,
        max_bytes=max_bytes,
    )
    problems, frame = result.problems, result.frame
    name = SPEC.field("name")
    words = {"field": name.name, "field_zh": name.zh, "field_en": name.en}
    if not problems.fatal and not {"name", OFFICIAL} & set(result.mapping):
        problems.add(Problem("field_without_column", words, field=name.name))
    if problems.fatal or frame.empty:
        return _with(result, _units(frame.iloc[:0]))
    nameless = (frame["name"].isna() & frame[OFFICIAL].isna()).to_numpy()
    problems.add_rows("missing_value", frame["row"].to_numpy()[nameless], words, field=name.name)
    listed = frame[~nameless].reset_index(drop=True)
    units = _units(listed)
    above = _above(listed, set(units["code"]), problems)
    whole = pd.concat([above, units], ignore_index=True) if len(above) else units
    return _with(result, geopandas.GeoDataFrame(whole, geometry="geometry", crs=frame.crs))


def _with(result: ReadResult, frame: geopandas.GeoDataFrame) -> ReadResult:
    return ReadResult(
        frame,
        result.problems,
        result.mapping,
        result.crs,
        result.row_count,
        result.columns,
        result.unused_columns,
        result.dropped_columns,
    )


def _units(listed: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the rows as divisions; a row that is a county or a township is one."""
    given = listed["name"].fillna(listed[OFFICIAL]).astype(str)
    official = listed[OFFICIAL].fillna(given).astype(str)
    codes, levels = _settle_levels(listed["code"].tolist())
    names = pd.Series([spoken_name(name) for name in given], listed.index, dtype="str")
    # two committees of one name in a township: only their full names tell them apart
    township = pd.Series([code[:9] for code in codes], listed.index, dtype="str")
    twice = pd.DataFrame({"township": township, "name": names}).duplicated(keep=False)
    names = names.where(~twice, official)
    columns = {
        "code": pd.Series(codes, listed.index, dtype="str"),
        "name": names,
        "level": pd.Series(levels, listed.index, dtype="str"),
        **{
            field.name: listed[field.name]
            for field in _DIVISIONS.fields
            if field.name not in ("code", "name", "level")
        },
        OFFICIAL: official.where(official != names),
        "row": listed["row"],
    }
    return geopandas.GeoDataFrame(columns, geometry=listed.geometry, crs=listed.crs)


def _settle_levels(given: list[str]) -> tuple[list[str], list[str]]:
    """Return the code of each row without the zeros that fill it, and what the code names.

    Examples
    --------
    >>> _settle_levels(["500229001001", "500229001000", "500200000000", "A-17"])
    (['500229001001', '500229001', '5002', 'A-17'], ['village', 'township', 'city', 'village'])
    """
    codes, levels = [], []
    for code in map(canonical, given):
        level: str = level_of(code) or "village"
        if level == "county" and code.endswith("00"):
            level, code = ("province", code[:2]) if code.endswith("0000") else ("city", code[:4])
        codes.append(code)
        levels.append(level)
    return codes, levels


def _above(listed: pd.DataFrame, known: set[str], problems: ProblemLog) -> geopandas.GeoDataFrame:
    """Return the divisions that the rows lie in, as far as their names are told."""
    regular = listed["code"].str.fullmatch(r"[0-9]{12}", na=False)
    rows: list[dict[str, object]] = []
    for level, digits in reversed(ABOVE.items()):
        told = listed[regular & listed[level].notna()]
        short = told["code"].str[:digits].rename("code")
        for code, names in told[level].groupby(short, sort=True):
            name = _settle(str(code), names, problems)
            if str(code) in known or (level == "city" and is_placeholder(name)):
                continue
            spoken = spoken_name(name)
            official = None if spoken == name else name
            rows.append(
                {"code": code, "name": spoken, "level": level, OFFICIAL: official, "row": 0}
            )
    empty = _units(listed.iloc[:0])
    frame = pd.DataFrame(rows, columns=list(empty.columns.drop("geometry")))
    for column in frame.columns:
        frame[column] = frame[column].astype(empty[column].dtype)
    shapes = np.full(len(frame), None, dtype=object)
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=empty.crs)


def _settle(code: str, names: pd.Series, problems: ProblemLog) -> str:
    """Return the name that most rows give to a division, and tell of others."""
    counts = names.str.strip().value_counts()
    if len(counts) > 1:
        others = int(counts.iloc[1:].sum())
        details = {"code": code, "name": printable(str(counts.index[0])), "count": others}
        problems.note(Problem("division_named_twice", details))
    return str(counts.index[0])
