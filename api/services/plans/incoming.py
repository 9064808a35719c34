"""A plan that comes from a file: its edits are replayed, its drawings only compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.faults import explain
from api.refusals import BadBody, Conflict
from api.services.caller import Caller
from api.services.plans import comments, life, replay
from api.services.plans.files import FORMAT, normal_shapes
from api.services.plans.opening import Row, read_plan
from api.services.plans.texts import clean_comment
from api.services.shapes import Json, shape_problem
from data import plan_comments, plan_joints, plan_lines
from geo.crs import STORE_CRS
from geo.problems import Problem

MAX_EDITS = 20_000
MAX_COMMENTS = 5_000


class _Part(BaseModel):
    """Members nobody knows may come from a later version; they are left alone."""

    model_config = ConfigDict(extra="ignore")


class _Entry(_Part):
    edit: dict[str, Any]
    created: list[str] = Field(default_factory=list, max_length=100_000)
    recoded: dict[str, str] = Field(default_factory=dict, max_length=100_000)


class _Comment(_Part):
    text: str
    point: tuple[float, float]
    resolved: bool = False


class _Joint(_Part):
    code: str
    name: str
    members: list[str] = Field(max_length=10_000)


class _About(_Part):
    """Member ``wangge_plan`` of a plan file."""

    format: int
    name: str
    scope: str = Field(pattern=r"^[0-9A-Za-z_-]{1,40}$")
    network: str | None = Field(default=None, max_length=60)
    edits: list[_Entry] = Field(max_length=MAX_EDITS)
    comments: list[_Comment] = Field(default_factory=list, max_length=MAX_COMMENTS)
    joint_villages: list[_Joint] = Field(default_factory=list, max_length=10_000)


def bring_in(
    connection: sa.Connection,
    content: bytes | Mapping[str, Any],
    *,
    drop: bool,
    caller: Caller,
    now: datetime,
) -> Json:
    """Make a draft from a file by replaying its edits on the lines in force.

    Parameters
    ----------
    content
        What :func:`api.services.plans.files.write_plan` wrote.
    drop
        Leave out edits that are not possible; without it one of them refuses the whole file.

    Returns
    -------
    dict
        The plan, ``replayed``, ``dropped``, and ``problems``: where the result differs from the
        grids in the file.

    Raises
    ------
    BadBody
        ``plan_file_invalid``; ``plan_scope_unknown`` and what else :func:`life.create` refuses.
    Conflict
        ``plan_file_conflict`` with ``conflicts``.
    """
    document = read_document(content)
    about = _read_about(document)
    made = life.create(
        connection,
        name=about.name,
        scope=about.scope,
        network=about.network,
        caller=caller,
        now=now,
        action="import",
    )
    plan = read_plan(connection, made["id"], caller)
    entries = [
        {
            "position": position,
            "edit": entry.edit,
            "outcome": {"created": entry.created, "recoded": entry.recoded},
        }
        for position, entry in enumerate(about.edits, start=1)
    ]
    played = replay.play(connection, plan, entries, caller=caller, now=now)
    failed = played.describe_failed()
    if failed and not drop:
        raise Conflict(
            "plan_file_conflict", more=played.problems, count=len(failed), conflicts=failed
        )
    _store_comments(connection, plan, about.comments, caller=caller, now=now)
    problems = find_differences(connection, plan, document)
    problems += find_joint_differences(connection, plan, about.joint_villages)
    return {
        **life.show(connection, plan["id"], caller=caller),
        "replayed": played.played,
        "dropped": failed,
        "problems": [shape_problem(problem) for problem in problems],
    }


def read_document(content: bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON object of a file."""
    if not isinstance(content, bytes):
        return content
    try:
        document = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        raise _invalid("not JSON", "不是 JSON") from None
    if not isinstance(document, dict):
        raise _invalid("not an object", "不是对象")
    return document


def _read_about(document: Mapping[str, Any]) -> _About:
    found = document.get("wangge_plan")
    if not isinstance(found, dict):
        raise _invalid("there is no member wangge_plan", "没有 wangge_plan")
    if found.get("format") != FORMAT:
        said = str(found.get("format"))[:40]
        raise _invalid(f"format {said} is not {FORMAT}", f"格式 {said} 不是 {FORMAT}")
    try:
        return _About.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))[:200]
        raise _invalid(f"{place}: {first['msg']}", f"{place} {explain(first)}") from None


def _invalid(reason: str, reason_zh: str) -> BadBody:
    return BadBody("plan_file_invalid", reason=reason, reason_zh=reason_zh)


def _store_comments(
    connection: sa.Connection,
    plan: Row,
    found: list[_Comment],
    *,
    caller: Caller,
    now: datetime,
) -> None:
    for comment in found:
        lon, lat = comments.check_place(connection, plan, comment.point)
        row = plan_comments.store_comment(
            connection,
            plan["id"],
            text=clean_comment(comment.text),
            lon=lon,
            lat=lat,
            author=caller.name,
            now=now,
        )
        if comment.resolved:
            plan_comments.resolve(
                connection, plan["id"], row["id"], resolved=True, author=caller.name, now=now
            )


def find_differences(
    connection: sa.Connection, plan: Row, document: Mapping[str, Any]
) -> list[Problem]:
    """Tell for each village which grids came out other than they stand in the file.

    Returns
    -------
    list of Problem
        ``plan_file_differs`` by village, with the grids as they are now.
    """
    told = _read_grids(document)
    touched = plan_lines.touched(connection, plan["id"])
    lines = plan_lines.fetch_lines(connection, plan["id"], sorted({*touched, *told.village}))
    now = pd.DataFrame({"village": lines["village_code"], "shape": normal_shapes(lines)}).set_axis(
        lines["code"]
    )
    problems = []
    for village in sorted({*touched, *told.village}):
        was, present = told[told.village == village], now[now.village == village]
        codes = sorted({*was.index, *present.index})
        other = [c for c in codes if not _same(was["shape"].get(c), present["shape"].get(c))]
        if other:
            place = [present["shape"][c] for c in other if c in present.index]
            details = {"village": village, "codes": other[:20]}
            problems.append(
                Problem(
                    "plan_file_differs",
                    details,
                    grids=tuple(other),
                    geometry=shapely.GeometryCollection(place) if place else None,
                )
            )
    return problems


def find_joint_differences(
    connection: sa.Connection, plan: Row, told: list[_Joint]
) -> list[Problem]:
    """Tell which joint villages came out other than they stand in the file."""
    pinned = plan_joints.fetch_pinned(connection, plan["id"])
    drafted = plan_joints.fetch(connection, plan["id"], pinned)
    now = {joint.code: (joint.name, joint.members) for joint in drafted}
    was = {joint.code: (joint.name, tuple(joint.members)) for joint in told}
    return [
        Problem("joint_village_differs", {"code": code}, grids=(code,))
        for code in sorted({*was, *now})
        if was.get(code) != now.get(code)
    ]


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401
    if one is None or other is None:
        return False
    return bool(shapely.equals_exact(one, other, 0.0))


def _read_grids(document: Mapping[str, Any]) -> pd.DataFrame:
    """Return the grids of a file by code: ``village``, ``shape``; what is no grid is left out."""
    rows: dict[str, tuple[str, Any]] = {}
    features = document.get("features")
    for feature in features if isinstance(features, list) else []:
        named = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(named, dict):
            continue
        code, village = named.get("code"), named.get("village_code")
        if isinstance(code, str) and isinstance(village, str):
            rows[code] = (village, _read_shape(feature.get("geometry")))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["village", "shape"])
    known = frame["shape"].notna()
    shapes = gpd.GeoSeries(frame.loc[known, "shape"].tolist(), crs=STORE_CRS)
    frame.loc[known, "shape"] = shapely.normalize(shapes.to_numpy())
    return frame


def _read_shape(value: Any) -> Any:  # noqa: ANN401
    try:
        return shapely.from_geojson(json.dumps(value))
    except (shapely.errors.GEOSException, ValueError, RecursionError):
        return None
