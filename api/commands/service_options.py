"""What ``wangge gaps``, ``radius`` and ``access`` ask for: of the database, or of files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.services.files.source import Paths


class Level(StrEnum):
    """Levels of service centers."""

    county = "county"
    township = "township"
    village = "village"
    station = "station"


class Mode(StrEnum):
    """Ways of going."""

    straight = "straight"
    road = "road"
    terrain = "terrain"


class Means(StrEnum):
    """On foot, or by car."""

    walk = "walk"
    drive = "drive"


class Method(StrEnum):
    """The family of two-step floating catchment areas."""

    two_step = "2sfca"
    enhanced = "e2sfca"
    three_step = "3sfca"


LEVEL_HELP = "中心级别：该级及以上都算。 Centers of this level or higher count."
STANDARD_HELP = "服务标准(米)；缺省按规则。 Service standard in metres; the profile's if absent."
SCOPE_HELP = "区划代码。 Division code."
LONGEST_M, LONGEST_MIN = 1_000_000.0, 10_000.0


def _positive(most: float, value: float | None) -> float | None:
    if value is not None and not 0 < value <= most:  # not a number is neither
        raise typer.BadParameter(f"应大于 0、不大于 {most:,.0f}  above 0, at most {most:,.0f}")
    return value


def _check_m(value: float | None) -> float | None:
    return _positive(LONGEST_M, value)


def _check_min(value: float | None) -> float | None:
    return _positive(LONGEST_MIN, value)


def _check_share(value: float) -> float:
    return _positive(1.0, value) or math.nan


Households = Annotated[Path | None, typer.Option("--households", help="住户文件。 Households.")]
Centers = Annotated[Path | None, typer.Option("--centers", help="中心文件。 Service centers.")]
Areas = Annotated[
    Path | None,
    typer.Option(
        "--areas",
        help="自然村或网格文件，盲区从中划出。 Land to draw gaps in: settlements or grids.",
    ),
]
Roads = Annotated[Path | None, typer.Option("--roads", help="道路文件。 Roads.")]
Dem = Annotated[Path | None, typer.Option("--dem", help="高程文件(GeoTIFF)。 Heights, a GeoTIFF.")]
Barriers = Annotated[
    Path | None,
    typer.Option("--barriers", help="阻隔文件：河流、铁路等。 Barriers: rivers, railways …"),
]
LevelAsked = Annotated[Level, typer.Option("--level", help=LEVEL_HELP)]
ModeAsked = Annotated[
    Mode | None,
    typer.Option(
        "--mode",
        help="文件缺省：有高程用地形，有道路用道路；数据库缺省为直线。 Of files by default over "
        "terrain, else by road, if there are such files; of the database straight line.",
    ),
]
MeansAsked = Annotated[
    Means, typer.Option("--means", help="步行或驾车(仅限道路)。 On foot, or by car (by road).")
]
StandardM = Annotated[
    float | None, typer.Option("--standard-m", callback=_check_m, help=STANDARD_HELP)
]
StandardMin = Annotated[
    float | None,
    typer.Option(
        "--standard-min", callback=_check_min, help="服务标准(分钟)。 Service standard in minutes."
    ),
]
Weight = Annotated[
    str | None,
    typer.Option(
        "--weight",
        help="每户的权重：文件中的一列，或 households、residents、elderly。 What a household "
        "counts: a column of the file, or one of these.",
    ),
]
Id = Annotated[str | None, typer.Option("--id", help="住户编号列。 Column of the households' ids.")]
Crs = Annotated[
    str | None,
    typer.Option(
        "--crs", help="文件没有说明时的坐标系。 Coordinate system of files that do not say theirs."
    ),
]
CellM = Annotated[
    float | None,
    typer.Option("--cell-m", min=1, max=1000, help="高程格距(米)。 Side of cells of terrain."),
]
Scope = Annotated[str | None, typer.Option("--scope", help=SCOPE_HELP)]
Plan = Annotated[
    str | None,
    typer.Option("--plan", help="方案：按其草案网格统计。 A plan: by the grids of its draft."),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help=".gpkg .geojson .csv .xlsx .html，或文件夹。 A file of these, or a folder.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")]
Share = Annotated[
    float,
    typer.Option(
        "--share", callback=_check_share, help="服务半径应覆盖的比例。 Share a radius serves."
    ),
]


Capacity = Annotated[
    str | None,
    typer.Option(
        "--capacity",
        help="服务能力列；按能力分配。 Column of capacities; nobody is assigned beyond them.",
    ),
]
WithCapacity = Annotated[
    bool,
    typer.Option(
        "--with-capacity", help="按中心的服务能力分配。 Assign within the centers' capacities."
    ),
]
MethodAsked = Annotated[
    Method, typer.Option("--method", help="两步移动搜索法。 Floating catchment areas.")
]
Supply = Annotated[
    str | None,
    typer.Option(
        "--supply",
        help="供给：文件中的一列；数据库为 capacity、floor_area、one。 What a center offers: a "
        "column of the file; of the database one of these.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """The words of a command, checked against each other.

    Parameters
    ----------
    paths
        The files, None for the database.
    parameters
        Of a run.
    plan
        Name of a plan, of the database only.
    """

    paths: Paths | None
    parameters: dict[str, Any]
    plan: str | None


def settle(words: dict[str, Any], **more: Any) -> Asked:  # noqa: ANN401
    """Return what is asked for.

    Parameters
    ----------
    words
        The command's local names: those of the options above that it has.
    more
        Further parameters of the analysis.

    Raises
    ------
    typer.BadParameter
        For words that do not go together.
    """
    from api.services.files.source import Paths

    if (words["households"] is None) != (words["centers"] is None):
        _refuse("--households, --centers", "两个文件要一起给出  both files are needed")
    if words["standard_m"] is not None and words["standard_min"] is not None:
        _refuse("--standard-m, --standard-min", "只能给一个  give one of them")
    mode = words["mode"] and words["mode"].value
    if words["means"] is Means.drive and mode not in (None, "road"):
        _refuse("--means drive", "驾车只能按道路  driving is by road only")
    parameters = {
        "level": words["level"].value,
        "mode": mode,
        "means": words["means"].value,
        "standard_m": words["standard_m"],
        "standard_min": words["standard_min"],
        **more,
    }
    if words["households"] is None:
        return _of_database(words, parameters)
    for name in ("scope", "plan"):
        if words[name] is not None:
            _refuse(f"--{name}", "只用于数据库  of the database only")
    needed = {"road": "roads", "terrain": "dem"}.get(mode or "")
    if needed is None and words["means"] is Means.drive:
        needed = "roads"
    if needed is not None and words[needed] is None:
        _refuse(f"--{needed}", "这种出行方式需要这个文件  this way of going needs the file")
    given = {name: words[name] for name in Paths.__dataclass_fields__ if name in words}
    return Asked(Paths(**given), parameters, None)


def _of_database(words: dict[str, Any], parameters: dict[str, Any]) -> Asked:
    for name in ("areas", "roads", "dem", "barriers", "crs", "id", "cell_m", "capacity"):
        if words.get(name) is not None:
            option = f"--{name.replace('_', '-')}"
            _refuse(option, "只用于文件  of files only, with --households and --centers")
    weight = words["weight"]
    if weight not in (None, "households", "residents", "elderly"):
        _refuse("--weight", "households, residents, elderly")
    if words.get("supply") is not None:
        if words["supply"] not in ("capacity", "floor_area", "one"):
            _refuse("--supply", "capacity, floor_area, one")
        parameters = {**parameters, "supply": words["supply"]}
    default = "road" if parameters["means"] == "drive" else "straight"
    asked = {**parameters, "mode": parameters["mode"] or default, "scope": words["scope"]}
    if weight is not None:
        asked["weight"] = weight
    return Asked(None, asked, words["plan"])


def _refuse(option: str, why: str) -> None:
    raise typer.BadParameter(f"{option}: {why}")
