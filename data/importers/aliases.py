"""Other names of places: a table with one row a name, no shapes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from data.importers.read import ReadResult, read_file
from geo.frames import Field, Layer

LAYER = "aliases"
KINDS: dict[str, tuple[str, ...]] = {
    "official": ("全称", "正式名称", "规范名称", "标准名称"),
    "old": ("曾用名", "旧名", "旧称", "原名", "历史名称"),
    "other": ("别名", "俗名", "俗称", "又名", "简称", "其他"),
}
_DAY_ZONE = "Asia/Shanghai"

SPEC = Layer(
    LAYER,
    "地名别名",
    "other names of places",
    "polygon",
    False,
    (
        Field(
            "code",
            "code",
            "编码",
            "code",
            True,
            (
                *("PLACE_CODE", "VILLAGE_CODE", "区划代码", "村编码", "村代码", "自然村编码"),
                *("代码", "行政区划代码", "XZQDM", "ZRCDM", "CUN_DM"),
            ),
        ),
        Field(
            "name",
            "text",
            "别名",
            "other name",
            True,
            ("ALIAS", "NAME", "OLD_NAME", "曾用名", "旧名", "旧称", "俗名", "名称", "地名", "MC"),
        ),
        Field("kind", "choice", "类别", "kind", aliases=("TYPE", "类型", "LX"), choices=KINDS),
        Field(
            "valid_from",
            "instant",
            "启用日期",
            "from",
            aliases=("START", "START_DATE", "SINCE", "起", "开始日期", "起始日期", "自"),
        ),
        Field(
            "valid_to",
            "instant",
            "停用日期",
            "to",
            aliases=("END", "END_DATE", "UNTIL", "止", "结束日期", "截止日期", "废止日期", "至"),
        ),
    ),
    unique=False,
)


def read_aliases(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    max_bytes: int,
) -> ReadResult:
    """Read other names of divisions and natural villages.

    Returns
    -------
    ReadResult
        ``frame`` has ``code``, ``name``, ``kind``, ``valid_from`` and ``valid_to`` (days as text,
        ``YYYY-MM-DD``); what has no kind is an old name if it has ended, else another one.
    """
    result = read_file(path, SPEC, mapping=mapping, encoding=encoding, max_bytes=max_bytes)
    frame, problems = result.frame, result.problems
    ended = frame["valid_to"].notna()
    frame["kind"] = frame["kind"].where(frame["kind"].notna(), np.where(ended, "old", "other"))
    for column in ("valid_from", "valid_to"):
        days = frame[column].dt.tz_convert(_DAY_ZONE).dt.strftime("%Y-%m-%d")
        frame[column] = days.astype("str")
    reversed_days = np.flatnonzero((frame["valid_from"] >= frame["valid_to"]).to_numpy(bool))
    problems.add_rows(
        "alias_dates_reversed",
        frame["row"].to_numpy()[reversed_days],
        lambda i: {
            "start": frame["valid_from"].iloc[reversed_days[i]],
            "to": frame["valid_to"].iloc[reversed_days[i]],
        },
        field="valid_to",
    )
    return result
