"""From the parameters of a run to the rules of the engine: one set an area type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from api.services.asking import PER_UNIT
from api.services.shapes import Json
from geo.errors import GeoError, ProfileError
from geo.merging import Decisions, MergeRules, Size
from geo.problems import Problem
from geo.profiles import AreaType, Profile, SizeRule

ALL = "all"
_SIZES = ("minimum", "target", "maximum")


class Applied(NamedTuple):
    """Rules, and whether a size of them is the profile's."""

    rules: MergeRules
    from_profile: bool


def check_parameters(parameters: Json) -> None:
    """Refuse sizes that cannot be before anything waits in the queue.

    Raises
    ------
    GeoError
        ``merge_without_minimum``, ``merge_sizes_contradict``.
    """
    if parameters["unit"] == "grid" and parameters["minimum"] is None:
        return
    _accept(_rules_of(parameters, {name: _size(parameters[name]) for name in _SIZES}))


def make_rules(
    parameters: Json, profile: Profile, kinds: Iterable[str], *, ascending: bool = True
) -> dict[str, Applied]:
    """Return the rules by area type, or one set under :data:`ALL` where they are the same.

    What is not asked for comes from the rule set in force, for grids: it has none for settlements.
    Groups of grids never leave their village, and a village has one area type, so that every
    group stands under the rules of all its members.

    Parameters
    ----------
    kinds
        Area types of the units.
    ascending
        Whether minimum, target and maximum must be: not while somebody moves a slider.

    Raises
    ------
    ProfileError
        ``missing_rule`` where the profile has no size for an area type.
    GeoError
        As :func:`check_parameters`.
    """
    found = {kind: _of_kind(parameters, profile, kind) for kind in sorted(set(kinds))}
    for one in found.values():
        _accept(one.rules, ascending=ascending)
    if not found or len({one.rules for one in found.values()}) == 1:
        return {ALL: next(iter(found.values()), None) or _of_kind(parameters, profile, None)}
    return found


def make_decisions(parameters: Json) -> Decisions:
    """Return what the planner has decided."""
    names = ("together", "apart", "pinned", "locked")
    return Decisions.from_mapping({name: parameters[name] for name in names})


def shape_rules(applied: Mapping[str, Applied]) -> Json:
    """Return the sizes by area type (:class:`api.schemas_merging.RulesApplied`)."""
    return {
        kind: {
            **{
                name: {
                    "households": getattr(one.rules, name).households,
                    "residents": getattr(one.rules, name).residents,
                }
                for name in _SIZES
            },
            "from_profile": one.from_profile,
        }
        for kind, one in applied.items()
    }


def measure_of(applied: Mapping[str, Applied]) -> Literal["households", "residents"]:
    """Return what sizes are drawn by: households, unless the rules only know residents."""
    asked = {name for one in applied.values() for name in one.rules.measures}
    return "households" if "households" in asked else "residents"


def _of_kind(parameters: Json, profile: Profile, kind: str | None) -> Applied:
    sizes = {name: _size(parameters[name]) for name in _SIZES}
    missing = [name for name in _SIZES if parameters[name] is None]
    if parameters["unit"] != "grid" or not missing:
        return Applied(_rules_of(parameters, sizes), False)
    measure, rule = _rule_of(profile, kind)
    if rule is None:
        if "minimum" in missing:
            path = f"sizes.grid.{kind or profile.rural_default}"
            raise ProfileError(Problem("missing_rule", {"profile": profile.name, "path": path}))
        return Applied(_rules_of(parameters, sizes), False)
    for name in missing:
        sizes[name] = Size(**{measure: getattr(rule, name)})
    if "target" in missing and _rules_of(parameters, sizes).problems():
        sizes["target"] = Size()  # a minimum above the profile's target is no contradiction
    return Applied(_rules_of(parameters, sizes), True)


def _rule_of(profile: Profile, kind: str | None) -> tuple[str, SizeRule | None]:
    """Return the rule grids are rated by: of households, else of residents."""
    area_type: AreaType = profile.rural_default if kind is None else kind  # type: ignore[assignment]
    rule = profile.size_rule(area_type)
    if rule is not None:
        return "households", rule
    return "residents", profile.size_rule(area_type, of="residents")


def _size(asked: Mapping[str, int | None] | None) -> Size:
    return Size() if asked is None else Size(asked["households"], asked["residents"])


def _rules_of(parameters: Json, sizes: Mapping[str, Size]) -> MergeRules:
    minutes = parameters["max_span_min"]
    return MergeRules(
        minimum=sizes["minimum"],
        target=sizes["target"],
        maximum=sizes["maximum"],
        max_units=parameters["max_units"],
        max_span=parameters["max_span_m"] if minutes is None else minutes * PER_UNIT["time"],
        span_measure="distance" if minutes is None else "time",
        within=parameters["within"],
        min_shared_border_m=parameters["min_shared_border_m"],
        # of grids every one in the seat's village would be told; each group says it anyway
        keep_seats=parameters["unit"] == "village",
        objective=parameters["objective"],
    )


def _accept(rules: MergeRules, *, ascending: bool = True) -> None:
    problems = rules.problems()
    refused = [p for p in problems if ascending or p.key != "merge_sizes_contradict"]
    if refused:
        raise GeoError(refused)
