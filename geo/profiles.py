"""Profiles: named rule sets for grid sizes and service standards, each number with its source.

What a good grid is differs between a city and a mountain county, so sizes and standards are data
(``data/profiles/*.json``, editable by the county), never constants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from geo.errors import ProfileError
from geo.problems import Problem
from geo.travel import Means, Travel

AreaType = Literal["urban", "rural_plain", "mountain"]
GridLevel = Literal["big_grid", "grid", "micro_grid"]
CenterLevel = Literal["county", "township", "village", "station"]
SizeStatus = Literal["within", "below", "above", "empty"]

# Highest first: a center of a higher level also serves as one of a lower.
CENTER_LEVELS: tuple[CenterLevel, ...] = get_args(CenterLevel)


@dataclass(frozen=True)
class SizeRule:
    """Fewest, best and most units in one grid, inclusive."""

    minimum: int
    target: int
    maximum: int

    def status(self, count: int) -> SizeStatus:
        """Return where a count stands: ``empty`` for none at all.

        Examples
        --------
        >>> SizeRule(30, 60, 100).status(100), SizeRule(30, 60, 100).status(29)
        ('within', 'below')
        """
        if count == 0:
            return "empty"
        if count < self.minimum:
            return "below"
        return "above" if count > self.maximum else "within"


@dataclass(frozen=True)
class Sizes:
    """Size rules of one grid level in one area type."""

    households: SizeRule | None
    residents: SizeRule | None
    source: str = ""


@dataclass(frozen=True)
class Standard:
    """Farthest acceptable way to a center, inclusive: metres by straight line, minutes."""

    distance_m: float | None
    walk_min: float | None
    drive_min: float | None
    source: str = ""


@dataclass(frozen=True)
class Profile:
    """A rule set; build it by :func:`parse_profile`."""

    name: str
    version: int
    title_zh: str
    title_en: str
    source: str
    sizes: Mapping[GridLevel, Mapping[AreaType, Sizes]]
    standards: Mapping[CenterLevel, Mapping[AreaType, Standard]]
    rural_default: AreaType
    travel: Travel = field(default_factory=Travel)

    def size_rule(
        self,
        area_type: AreaType,
        *,
        level: GridLevel = "grid",
        of: Literal["households", "residents"] = "households",
    ) -> SizeRule | None:
        """Return the rule, or ``None`` where the profile has none."""
        sizes = self.sizes.get(level, {}).get(area_type)
        rule: SizeRule | None = getattr(sizes, of) if sizes else None
        return rule

    def standard(
        self,
        level: CenterLevel,
        area_type: AreaType,
        measure: Literal["distance", "time"] = "distance",
        means: Means = "walk",
    ) -> float:
        """Return the standard as reach counts it: metres, or seconds of the means.

        Raises
        ------
        ProfileError
            ``missing_rule`` if the profile has none, with the path of the entry.

        Examples
        --------
        >>> rules = {"name": "county", "standards": {"village": {"mountain": {"walk_min": 30}}}}
        >>> parse_profile(rules).standard("village", "mountain", "time", "walk")
        1800.0
        """
        name = "distance_m" if measure == "distance" else f"{means}_min"
        value: float | None = getattr(self.standards.get(level, {}).get(area_type), name, None)
        if value is None:
            path = f"standards.{level}.{area_type}.{name}"
            raise ProfileError(Problem("missing_rule", {"profile": self.name, "path": path}))
        return value if measure == "distance" else value * 60

    def standard_m(self, level: CenterLevel, area_type: AreaType) -> float:
        """Return the standard in metres by straight line.

        Raises
        ------
        ProfileError
            ``missing_rule`` if the profile has none.
        """
        return self.standard(level, area_type)

    def as_rules(self) -> dict[str, Any]:
        """Return the plain rules: ``parse_profile(profile.as_rules()) == profile``."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for part in ("sizes", "standards"):
            plain[part] = {
                level: {area_type: asdict(rule) for area_type, rule in by_type.items()}
                for level, by_type in plain[part].items()
            }
        travel = {one.name: getattr(self.travel, one.name) for one in fields(Travel)}
        return {**plain, "travel": {**travel, "drive_kmh": dict(self.travel.drive_kmh)}}


def parse_profile(rules: Mapping[str, Any]) -> Profile:
    """Read a rule set.

    Parameters
    ----------
    rules
        ``name``, ``version``, ``title_zh``, ``title_en``, ``source``, ``rural_default``,
        ``sizes[grid level][area type] = {"households": {"minimum", "target", "maximum"},
        "residents": …, "source"}`` and ``standards[center level][area type] = {"distance_m",
        "walk_min", "drive_min", "source"}``. Grid levels: big_grid, grid, micro_grid; center
        levels: county, township, village, station; area types: urban, rural_plain, mountain.
        Parts of a rule may be null or missing. ``travel`` has the fields of
        :class:`geo.travel.Travel`, those missing as shipped.

    Raises
    ------
    ProfileError
        Every ``profile_value`` at once, with the path of the entry.

    Examples
    --------
    >>> rules = {"name": "county", "sizes": {"grid": {"mountain": {
    ...     "households": {"minimum": 30, "target": 60, "maximum": 100}}}}}
    >>> parse_profile(rules).size_rule("mountain")
    SizeRule(minimum=30, target=60, maximum=100)
    """
    reader = _Reader()
    rules = reader.mapping({"rules": rules}, "rules", "rules")
    reader.only(rules, "", tuple(Profile.__dataclass_fields__))
    name = reader.text(rules, "name", required=True)
    profile = Profile(
        name=name,
        version=reader.version(rules),
        title_zh=reader.text(rules, "title_zh") or name,
        title_en=reader.text(rules, "title_en") or name,
        source=reader.text(rules, "source"),
        sizes=reader.table(rules, "sizes", get_args(GridLevel), reader.sizes),
        standards=reader.table(rules, "standards", CENTER_LEVELS, reader.standard),
        rural_default=reader.area_type(rules),
        travel=reader.travel(rules),
    )
    if reader.problems:
        raise ProfileError(reader.problems)
    return profile


class _Reader:
    """Reads parts of a rule set and collects everything that is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, path: str, reason: str, reason_zh: str) -> None:
        details = {"path": path, "reason": reason, "reason_zh": reason_zh}
        self.problems.append(Problem("profile_value", details, field=path))

    def only(self, part: Mapping[str, Any], path: str, allowed: tuple[str, ...]) -> None:
        """Refuse names nobody knows: a misspelt rule must not pass for a missing one."""
        for name in part:
            if name not in allowed:
                words = ", ".join(allowed)
                self.refuse(_join(path, name), f"allowed are {words}", f"只能是 {words}")

    def mapping(self, part: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
        value = part.get(name)
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return value
        self.refuse(path, "it must be an object", "必须是一个对象")
        return {}

    def text(
        self, part: Mapping[str, Any], name: str, path: str = "", required: bool = False
    ) -> str:
        value = part.get(name, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self.refuse(_join(path, name), "it must be a text", "必须是文字")
            return ""
        return value

    def version(self, rules: Mapping[str, Any]) -> int:
        value = rules.get("version", 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.refuse("version", "it must be a whole number from 1", "必须是从 1 开始的整数")
            return 1
        return value

    def area_type(self, rules: Mapping[str, Any]) -> AreaType:
        value = rules.get("rural_default", "mountain")
        if value not in ("rural_plain", "mountain"):
            self.refuse(
                "rural_default", "allowed are rural_plain, mountain", "只能是 rural_plain、mountain"
            )
            return "mountain"
        chosen: AreaType = value
        return chosen

    def table(self, rules: Mapping[str, Any], name: str, levels: tuple[str, ...], read: Any) -> Any:  # noqa: ANN401
        """Read ``rules[name][level][area type]`` by ``read(mapping, path)``."""
        levels_given = self.mapping(rules, name, name)
        self.only(levels_given, name, levels)
        table = {}
        for level in (level for level in levels if level in levels_given):
            path = f"{name}.{level}"
            by_type = self.mapping(levels_given, level, path)
            self.only(by_type, path, get_args(AreaType))
            table[level] = {
                area_type: read(
                    self.mapping(by_type, area_type, f"{path}.{area_type}"), f"{path}.{area_type}"
                )
                for area_type in get_args(AreaType)
                if area_type in by_type
            }
        return table

    def sizes(self, part: Mapping[str, Any], path: str) -> Sizes:
        self.only(part, path, tuple(Sizes.__dataclass_fields__))
        return Sizes(
            self.size_rule(part, "households", path),
            self.size_rule(part, "residents", path),
            self.text(part, "source", path),
        )

    def size_rule(self, part: Mapping[str, Any], name: str, path: str) -> SizeRule | None:
        if part.get(name) is None:
            return None
        path = _join(path, name)
        numbers = self.mapping(part, name, path)
        order = tuple(SizeRule.__dataclass_fields__)
        self.only(numbers, path, order)
        values = [numbers.get(field) for field in order]
        if any(isinstance(v, bool) or not isinstance(v, int) or v < 0 for v in values):
            self.refuse(
                path,
                "minimum, target and maximum must be whole numbers",
                "minimum、target、maximum 必须是整数",
            )
            return None
        rule = SizeRule(*(int(v) for v in values if v is not None))
        if not rule.minimum <= rule.target <= rule.maximum:
            self.refuse(
                path,
                "minimum ≤ target ≤ maximum does not hold",
                "应满足 minimum ≤ target ≤ maximum",
            )
        return rule

    def standard(self, part: Mapping[str, Any], path: str) -> Standard:
        self.only(part, path, tuple(Standard.__dataclass_fields__))
        return Standard(
            self.number(part, "distance_m", path),
            self.number(part, "walk_min", path),
            self.number(part, "drive_min", path),
            self.text(part, "source", path),
        )

    def travel(self, rules: Mapping[str, Any]) -> Travel:
        part = self.mapping(rules, "travel", "travel")
        names = tuple(one.name for one in fields(Travel))
        self.only(part, "travel", names)
        given: dict[str, Any] = {}
        for name in names:
            if part.get(name) is None:
                continue
            if name == "source":
                given[name] = self.text(part, name, "travel")
            elif name == "drive_kmh":
                speeds = self.mapping(part, name, "travel.drive_kmh")
                read = {str(kind): self.number(speeds, kind, "travel.drive_kmh") for kind in speeds}
                given[name] = {kind: speed for kind, speed in read.items() if speed is not None}
            elif (number := self.number(part, name, "travel")) is not None:
                given[name] = number
        return Travel(**given)

    def number(self, part: Mapping[str, Any], name: str, path: str) -> float | None:
        value = part.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e7:
            self.refuse(_join(path, name), "it must be a positive number", "必须是正数")
            return None
        return float(value)


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
