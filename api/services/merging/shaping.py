"""The answer about merges as JSON: groups with reasons, units left over, levels, townships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.schemas_merge_runs import Unit
from api.services.asking import PER_UNIT, name_unit
from api.services.merging.edits import edit_of_group
from api.services.merging.solving import Solved, total_levels
from api.services.shapes import Json, plain, shape_box
from geo.crs import STORE_CRS
from geo.merging import Left, Reason, RunnerUp, Suggestion
from geo.merging.units import whole_numbers
from geo.merging.words import say

_NEIGHBOURS_TOLD = 6
_OF_SPAN = ("span", "lost_travel")  # reasons whose numbers are ways
_UNITS_TOLD = 8  # of a list of units in one sentence


@dataclass(frozen=True)
class Story:
    """What is needed to tell an answer.

    Parameters
    ----------
    unit
        What the units are, None for units of a file.
    frame
        The units, as the engine had them.
    solved
        What came of them.
    names
        Division code → name.
    measure
        Of spans.
    """

    unit: Unit | None
    frame: gpd.GeoDataFrame
    solved: Solved
    names: Mapping[str, str]
    measure: Literal["distance", "time"]

    @cached_property
    def rows(self) -> dict[str, Json]:
        """Unit → its row, of codes that are used once."""
        known = self.frame[~self.frame.index.duplicated(keep=False)]
        table = pd.DataFrame(known.drop(columns=known.geometry.name))
        records = table.to_dict("records")
        return {
            str(code): {str(name): value for name, value in row.items()}
            for code, row in zip(known.index, records, strict=True)
        }

    @cached_property
    def points(self) -> dict[str, list[float] | None]:
        """Unit → a point inside it, lon/lat."""
        return dict(zip(map(str, self.frame.index), _points(self.frame), strict=True))

    @cached_property
    def below(self) -> set[str]:
        """Units under the minimum by themselves."""
        under = self.solved.units["under"].to_numpy(bool)
        return set(map(str, self.solved.units.index[under]))

    def call(self, code: object) -> str:
        """Return a unit's name with its code, as sentences have it."""
        row = self.rows.get(str(code))
        name = "" if row is None else str(row.get("name") or "")
        return f"{name}({code})" if name and name != str(code) else str(code)

    def tell(self, reason: Reason) -> Json:
        """Return a reason with its sentences, units by name."""
        values = {name: _cut(plain(value)) for name, value in reason.values.items()}
        named: Json = {
            name: self._list(value)
            if isinstance(value, list)
            else self.call(value)
            if name in ("unit", "one", "other")
            else value
            for name, value in values.items()
        }
        if named.get("unit_of_span") == "s":
            if reason.key in _OF_SPAN:
                named |= {n: named[n] / PER_UNIT["time"] for n in ("value", "limit") if n in named}
            named |= {"unit_of_span": "min", "unit_of_span_zh": "分钟"}
        zh, en = say(reason.key, named, "zh"), say(reason.key, named, "en")
        return {"key": reason.key, "values": values, "zh": zh, "en": en}

    def _list(self, codes: list[str]) -> list[str]:
        return [code if code.startswith("…") else self.call(code) for code in codes]


def _cut(value: Any) -> Any:  # noqa: ANN401
    """Return a list of units no longer than anybody reads."""
    if not isinstance(value, list) or len(value) <= _UNITS_TOLD:
        return value
    return [*value[:_UNITS_TOLD], f"… (+{len(value) - _UNITS_TOLD})"]


def shape_groups(story: Story) -> list[Json]:
    """Return the groups of several units (:class:`api.schemas_merging.GroupOut`)."""
    drawn = story.solved.groups
    several = drawn[drawn["unit_count"] > 1]
    lonlat = several.geometry.to_crs(STORE_CRS)
    boxes = shapely.bounds(np.asarray(lonlat.array)).tolist()
    about = {one.group: one for one in story.solved.suggestions}
    rows = zip(several.to_dict("records"), several.index, _points(several), boxes, strict=True)
    return [_group(story, about[str(id)], row, point, box) for row, id, point, box in rows]


def _group(
    story: Story,
    told: Suggestion,
    row: Mapping[Any, Any],
    point: list[float] | None,
    box: Sequence[float],
) -> Json:
    members = [_member(story, code) for code in told.members]
    first = story.rows[told.members[0]]
    whys = [story.tell(reason) for reason in told.triggers]
    up = told.runner_up
    return {
        "id": told.group,
        "name": "、".join(member["name"] or member["code"] for member in members),
        "members": members,
        **_where(story, first),
        **{name: plain(row[name]) for name in ("households", "residents", "registered")},
        "span": _span(row["span"], story.measure),
        "shared_border_m": round(float(row["shared_border_m"]), 1),
        "hub": str(row["hub"]),
        "healthy_touched": int(row["healthy_touched"]),
        "point": point,
        "bbox": shape_box(box),
        "why": whys[0] if whys else story.tell(Reason("limits")),
        "whys": whys,
        "others": [story.tell(reason) for reason in told.others[:_NEIGHBOURS_TOLD]],
        "runner_up": None if up is None else _runner_up(story, up),
        "price": None if up is None else {name: int(n) for name, n in up.price.items()},
        "pinned": bool(row["pinned"]),
        "seat": bool(row["seat"]),
        "edit": edit_of_group(story.unit, told.members, story.rows, str(row["hub"])),
    }


def _member(story: Story, code: str) -> Json:
    row = story.rows[code]
    return {
        "code": code,
        "name": str(row.get("name") or ""),
        **_counts(row),
        "registered": number_of(row.get("registered")),
        "below": code in story.below,
        "seat": bool(row.get("seat") or False),
        "village": name_unit(row.get("village_code"), story.names),
    }


def _runner_up(story: Story, up: RunnerUp) -> Json:
    names = [story.call(code) for code in up.members]
    return {
        **story.tell(up.reason),
        "members": list(up.members),
        "names": names,
        "exact": bool(up.exact),
    }


def shape_left(story: Story) -> list[Json]:
    """Return the units left below the minimum (:class:`api.schemas_merging.LeftOut`)."""
    return [_left(story, one) for one in story.solved.left]


def _left(story: Story, one: Left) -> Json:
    row = story.rows.get(one.unit, {})
    return {
        **_unit(story, one.unit, row),
        "reason": story.tell(one.reason),
        "neighbours": [story.tell(reason) for reason in one.neighbours[:_NEIGHBOURS_TOLD]],
    }


def shape_unit(story: Story, code: str) -> Json:
    """Return a unit with its counts and where it is."""
    return _unit(story, code, story.rows.get(code, {}))


def _unit(story: Story, code: str, row: Json) -> Json:
    return {
        "code": code,
        "name": str(row.get("name") or ""),
        **_counts(row),
        **_where(story, row),
        "point": story.points.get(code),
    }


def _counts(row: Mapping[Any, Any]) -> Json:
    return {name: number_of(row.get(name)) for name in ("households", "residents")}


def number_of(value: object) -> int | None:
    """Return a number of people, None for anything else a file may hold in its place."""
    numbers, faulty = whole_numbers(pd.Series([value], dtype=object))
    return None if faulty[0] else int(numbers[0])


def _where(story: Story, row: Mapping[Any, Any]) -> Json:
    names = story.names
    return {
        "township": name_unit(row.get("township") or None, names),
        "village": name_unit(row.get("village_code") or None, names),
    }


def shape_levels(levels: pd.DataFrame) -> list[Json]:
    """Return the levels of everything (:class:`api.schemas_merging.LevelOut`)."""
    total = levels[levels["zone"] == ""]
    return [
        {
            "name": str(row["level"]),
            "value": int(row["value"]),
            "bound": plain(row["bound"]),
            "proved": bool(row["proved"]),
            "gap": plain(row["gap"]),
        }
        for row in total.to_dict("records")
    ]


def shape_townships(story: Story) -> list[Json]:
    """Return what came of each township (:class:`api.schemas_merging.TownshipOut`)."""
    units = story.solved.units
    township = _townships(story.frame)
    of_zone = dict(zip(units["zone"], township, strict=True))
    levels = story.solved.levels
    by_zone = levels[levels["zone"] != ""]
    of_level = by_zone["zone"].map(of_zone)
    left = {one.unit for one in story.solved.left}
    codes = np.array(list(map(str, units.index)), dtype=object)
    grouped = story.solved.groups
    several = grouped[grouped["unit_count"] > 1]
    groups = several["zone"].map(of_zone)
    shaped = []
    for code in sorted(set(township)):
        own = township == code
        total = total_levels(by_zone[(of_level == code).to_numpy(bool)])
        unproved = total[~total["proved"]]
        zones = [zone for zone, name in of_zone.items() if name == code]
        shaped.append(
            {
                "code": code,
                "name": story.names.get(code, ""),
                "units": int(own.sum()),
                "below": int(units["under"].to_numpy(bool)[own].sum()),
                "left": sum(unit in left for unit in codes[own]),
                "groups": int((groups == code).sum()),
                "proved": unproved.empty,
                "gap": 0.0 if unproved.empty else plain(unproved["gap"].iloc[0]),
                "candidates": sum(story.solved.candidates.get(zone, 0) for zone in zones),
            }
        )
    return shaped


def _townships(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    if "township" not in frame:
        return np.full(len(frame), "", dtype=object)
    return np.asarray(frame["township"].fillna("").astype(str), dtype=object)


def _points(frame: gpd.GeoDataFrame) -> list[list[float] | None]:
    """Return a point inside each shape, lon/lat to nine decimals; None without a shape."""
    inside = gpd.GeoSeries(frame.geometry.representative_point(), crs=frame.crs).to_crs(STORE_CRS)
    xy = np.column_stack([inside.x, inside.y]).round(9)
    return [None if np.isnan(point).any() else point.tolist() for point in xy]


def _span(cost: object, measure: Literal["distance", "time"]) -> float | None:
    value = plain(cost)
    return None if value is None else round(float(value) / PER_UNIT[measure], 3)
