"""What a planner asks of merges: sizes, limits, and decisions already taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from geo.errors import GeoError
from geo.problems import Problem

Within = Literal["township", "village", "county"]
SpanMeasure = Literal["distance", "time"]
Objective = Literal["least_change", "most_groups"]
MEASURES = ("households", "residents")

MOST_UNITS = 12  # of a group: what is tried grows fivefold with each


@dataclass(frozen=True)
class Size:
    """A number of households, of residents, or of both; None asks nothing.

    Examples
    --------
    >>> Size(households=30).asked
    {'households': 30}
    """

    households: int | None = None
    residents: int | None = None

    @property
    def asked(self) -> dict[str, int]:
        """The numbers that are given, by column."""
        return {name: n for name in MEASURES if (n := getattr(self, name)) is not None}


@dataclass(frozen=True)
class MergeRules:
    """Which groups are allowed, and what is best.

    Parameters
    ----------
    minimum
        A unit or group with less of any of its numbers is *under*.
    target
        What groups should come near to; only decides between plans that are otherwise equal.
    maximum
        No group has more of any of its numbers. A unit that has by itself is left as it is
        (:func:`geo.merging.suggest_splits`).
    max_units
        Most units of a group, 2 to 12.
    max_span
        Longest way between any two units of a group, metres or seconds by ``span_measure``, both
        ways, inclusive; None for no limit.
    span_measure
        ``distance`` or ``time``.
    within
        Units of a group lie in one township, one village, or anywhere.
    min_shared_border_m
        Neighbours share at least so much border, metres, above 0: a corner is no contact.
    keep_seats
        A group that holds a town seat (column ``seat``) is told with a warning.
    objective
        ``least_change``: fewest units left under the minimum, then fewest healthy units touched,
        units touched, travel, distance from the target. ``most_groups``: fewest units left, then
        most groups that reach the minimum (max-p regions), then travel, distance from the target.

    Examples
    --------
    >>> [p.key for p in MergeRules(Size(50), maximum=Size(40)).problems()]
    ['merge_sizes_contradict']
    """

    minimum: Size = field(default_factory=lambda: Size(households=30))
    target: Size = field(default_factory=Size)
    maximum: Size = field(default_factory=Size)
    max_units: int = 5
    max_span: float | None = None
    span_measure: SpanMeasure = "distance"
    within: Within = "township"
    min_shared_border_m: float = 10.0
    keep_seats: bool = True
    objective: Objective = "least_change"

    @property
    def measures(self) -> tuple[str, ...]:
        """Columns of people that a rule names, in a fixed order."""
        sizes = (self.minimum, self.target, self.maximum)
        return tuple(name for name in MEASURES if any(name in size.asked for size in sizes))

    def problems(self) -> list[Problem]:
        """Return why nothing can be suggested by these rules; empty when they are in order.

        ``parameter_value`` for a value that cannot be; ``merge_without_minimum``;
        ``merge_sizes_contradict`` where minimum, target and maximum are not ascending.
        """
        found: list[Problem] = []
        for name, words in (
            ("span_measure", get_args(SpanMeasure)),
            ("within", get_args(Within)),
            ("objective", get_args(Objective)),
        ):
            if getattr(self, name) not in words:
                found.append(_bad(name, getattr(self, name), ", ".join(words)))
        if not 2 <= self.max_units <= MOST_UNITS:
            found.append(_bad("max_units", self.max_units, f"2–{MOST_UNITS}"))
        if self.max_span is not None and not 0 < self.max_span < float("inf"):
            found.append(_bad("max_span", self.max_span, "> 0"))
        if not 0 < self.min_shared_border_m < float("inf"):
            found.append(_bad("min_shared_border_m", self.min_shared_border_m, "> 0"))
        for name in ("minimum", "target", "maximum"):
            for measure, value in getattr(self, name).asked.items():
                if value < 1:
                    found.append(_bad(f"{name}.{measure}", value, "≥ 1"))
        if not self.minimum.asked:
            found.append(Problem("merge_without_minimum", field="minimum"))
        for measure in MEASURES:
            sizes = [getattr(s, measure) for s in (self.minimum, self.target, self.maximum)]
            given = [value for value in sizes if value is not None]
            if given != sorted(given):
                low, target, high = ("—" if value is None else value for value in sizes)
                details = {"measure": measure, "measure_zh": MEASURES_ZH[measure],
                           "minimum": low, "target": target, "maximum": high}  # fmt: skip
                found.append(Problem("merge_sizes_contradict", details, field=measure))
        return found

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> MergeRules:
        """Build from plain values, such as the parameters of a request.

        ``minimum``, ``target`` and ``maximum`` are mappings, or a number of households.

        Raises
        ------
        GeoError
            ``parameter_value`` for an unknown name or a value of a wrong kind; contradictions are
            told by :meth:`problems`.

        Examples
        --------
        >>> MergeRules.from_mapping({"minimum": 30, "maximum": {"residents": 400}}).measures
        ('households', 'residents')
        """
        given: dict[str, Any] = {}
        known = {f.name for f in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise GeoError(_bad(name, value, ", ".join(sorted(known))))
            given[name] = _read(name, value)
        return cls(**given)

    def to_mapping(self) -> dict[str, Any]:
        """Return plain values that :meth:`from_mapping` reads."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {n: v.asked if isinstance(v, Size) else v for n, v in plain.items()}


@dataclass(frozen=True)
class Decisions:
    """What the planner has decided, by codes of units; order means nothing.

    Parameters
    ----------
    together
        Pairs that must be in one group.
    apart
        Pairs that must not.
    pinned
        Groups that stay exactly so.
    locked
        Units that stay by themselves.

    Examples
    --------
    >>> Decisions(together=[("B", "A"), ("A", "B")]).together
    (('A', 'B'),)
    """

    together: Iterable[tuple[str, str]] = ()
    apart: Iterable[tuple[str, str]] = ()
    pinned: Iterable[tuple[str, ...]] = ()
    locked: Iterable[str] = ()

    def __post_init__(self) -> None:
        for name in ("together", "apart", "pinned"):
            groups = {tuple(sorted({str(code) for code in group})) for group in getattr(self, name)}
            object.__setattr__(self, name, tuple(sorted(groups)))
        object.__setattr__(self, "locked", tuple(sorted({str(code) for code in self.locked})))

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Decisions:
        """Build from lists of lists of codes.

        Raises
        ------
        GeoError
            ``parameter_value`` for anything else.
        """
        known = {f.name for f in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise GeoError(_bad(name, value, ", ".join(sorted(known))))
            if isinstance(value, str) or not isinstance(value, Iterable):
                raise GeoError(_bad(name, value, "[…]"))
            nested = name != "locked"
            for group in value:
                if isinstance(group, str) is nested or (nested and not isinstance(group, Iterable)):
                    raise GeoError(_bad(name, group, "[[…], …]" if nested else "[…]"))
        return cls(**values)

    def to_mapping(self) -> dict[str, list[Any]]:
        """Return plain values that :meth:`from_mapping` reads."""
        plain: dict[str, list[Any]] = {"locked": list(self.locked)}
        for name in ("together", "apart", "pinned"):
            plain[name] = [list(group) for group in getattr(self, name)]
        return plain


MEASURES_ZH = {"households": "户数", "residents": "常住人口"}
_WORDS = {"span_measure", "within", "objective"}


def _bad(name: str, value: object, allowed: str) -> Problem:
    return Problem(
        "parameter_value", {"name": name, "value": str(value), "allowed": allowed}, field=name
    )


def _read(name: str, value: Any) -> Any:  # noqa: ANN401
    """Return one value as the field has it."""
    if name in ("minimum", "target", "maximum"):
        if isinstance(value, Size):
            return value
        if value is None:
            return Size()
        sizes = value if isinstance(value, Mapping) else {"households": value}
        for measure, number in sizes.items():
            if measure not in MEASURES:
                raise GeoError(_bad(f"{name}.{measure}", number, ", ".join(MEASURES)))
            if number is not None and not _is_number(number, whole=True):
                raise GeoError(_bad(f"{name}.{measure}", number, "1, 2, 3 …"))
        return Size(**{m: None if n is None else int(n) for m, n in sizes.items()})
    if name in _WORDS:
        return str(value)
    if name == "keep_seats":
        if not isinstance(value, bool):
            raise GeoError(_bad(name, value, "true, false"))
        return value
    if name == "max_span" and value is None:
        return None
    if not _is_number(value, whole=name == "max_units"):
        raise GeoError(_bad(name, value, "2, 3, 4 …" if name == "max_units" else "> 0"))
    return int(value) if name == "max_units" else float(value)


def _is_number(value: object, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return not whole or float(value).is_integer()
