"""Edits of joint villages: villages join, leave, and get another name; no land moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import shapely

from geo.codes import DIGITS, CodeLevel
from geo.edits import unions
from geo.edits.ground import Partition
from geo.edits.outcome import Outcome
from geo.edits.refusal import Refusal, refuse
from geo.edits.unions import JointVillage
from geo.edits.values import JoinVillages, LeaveJointVillage, SetAttributes
from geo.problems import Problem


def is_joint(partition: Partition, code: str) -> bool:
    """Return whether a code is that of a joint village, and of no grid."""
    return code not in partition.rows and any(j.code == code for j in partition.joint_villages)


def join_villages(partition: Partition, edit: JoinVillages) -> Outcome:
    """Make a joint village, or add to the one that the villages are in or that is named.

    Raises
    ------
    Refusal
        ``village_joined_elsewhere``, ``different_townships``, ``different_counties``,
        ``villages_apart``, ``village_locked``, ``no_change``, ``joint_code_taken``,
        ``joint_code_irregular``, ``too_many_joint_villages``.
    """
    old = _joined_by(partition, edit)
    members = tuple(sorted({*edit.villages, *(old.members if old else ())}))
    coming = [code for code in members if old is None or code not in old.members]
    _check_units(members, edit.within, old)
    _refuse_locked(partition, coming)
    if coming:
        _check_together(partition, members)
    if old is None:
        code = _new_code(partition, edit, members)
        made = JointVillage(code, edit.name or _name(partition, members), members)
        return _outcome(partition, [*partition.joint_villages, made], created=(code,))
    name = edit.name or _renamed(partition, old, members)
    if not coming and name == old.name:
        raise refuse("no_change", old.code)
    return _outcome(partition, _put(partition, replace(old, name=name, members=members)))


def leave_joint_village(partition: Partition, edit: LeaveJointVillage) -> Outcome:
    """Let a village leave; with one member left the joint village ends.

    Raises
    ------
    Refusal
        ``village_not_joined``, ``villages_apart``, ``village_locked``.
    """
    found = [j for j in partition.joint_villages if edit.village in j.members]
    if not found:
        raise refuse("village_not_joined", village=edit.village)
    [old] = found
    members = tuple(code for code in old.members if code != edit.village)
    _refuse_locked(partition, old.members if len(members) < 2 else [edit.village])
    if len(members) < 2:
        rest = [j for j in partition.joint_villages if j is not old]
        return _outcome(partition, rest, removed=(old.code,))
    _check_together(partition, members)
    left = replace(old, name=_renamed(partition, old, members), members=members)
    return _outcome(partition, _put(partition, left))


def rename(partition: Partition, edit: SetAttributes) -> Outcome:
    """Give a joint village another name.

    Raises
    ------
    Refusal
        ``invalid_edit`` for anything but a name, ``no_change``.
    """
    if set(edit.attributes) != {"name"}:
        details = {"place": "attributes.kind", "reason": "a joint village has a name only"}
        details["reason_zh"] = "联村只有名称"
        raise Refusal(Problem("invalid_edit", details, field="attributes.kind"))
    [old] = [j for j in partition.joint_villages if j.code == edit.grid]
    if old.name == edit.attributes["name"]:
        raise refuse("no_change", old.code)
    return _outcome(partition, _put(partition, replace(old, name=edit.attributes["name"])))


def _joined_by(partition: Partition, edit: JoinVillages) -> JointVillage | None:
    """Return the joint village an edit adds to."""
    wanted = set(edit.villages)
    met = [j for j in partition.joint_villages if wanted & {*j.members} or j.code == edit.code]
    if not met:
        return None
    named = [j for j in met if j.code == edit.code] if edit.code is not None else met[:1]
    if not named or len(met) > 1:
        other = next(j for j in met if j not in named)
        village = min(wanted & {*other.members})
        details = {"village": village, "code": other.code, "name": other.name}
        raise Refusal(Problem("village_joined_elsewhere", details, grids=(village,)))
    return named[0]


def _check_units(members: Sequence[str], within: str, old: JointVillage | None) -> None:
    counties = _units(members, "county")
    townships = _units(members, "township")
    spread = within == "county" or (old is not None and len(_units(old.members, "township")) > 1)
    if len(counties) > 1 or (len(townships) > 1 and not spread):
        units = counties if len(counties) > 1 else townships
        key = "different_counties" if len(counties) > 1 else "different_townships"
        details = {"villages": list(members), "units": units}
        raise Refusal(Problem(key, details, grids=tuple(members)))


def _units(members: Sequence[str], level: CodeLevel) -> list[str]:
    return sorted({code[: DIGITS[level]] for code in members})


def _refuse_locked(partition: Partition, villages: Sequence[str]) -> None:
    for code in villages:
        if code in partition.locked_villages:
            problem = Problem("village_locked", {"village": code}, grids=(code,))
            raise Refusal(problem)


def _check_together(partition: Partition, members: Sequence[str]) -> None:
    """Refuse members that do not hang together by borders."""
    shapes = {code: _land_of(partition, code) for code in members}
    unknown = [code for code, shape in shapes.items() if shape is None]
    if unknown:
        raise refuse("village_without_land", village=unknown[0])
    parts = unions.parts_of(shapes)
    if len(parts) > 1:
        alone = min(parts, key=len)
        place = shapely.union_all([shapes[code] for code in alone])
        details = {"villages": alone, "count": len(parts)}
        raise Refusal(Problem("villages_apart", details, grids=tuple(alone), geometry=place))


def _land_of(partition: Partition, village: str) -> shapely.Geometry | None:
    """Return a village's outline; where it is not known, the land of its grids."""
    known = partition.villages.geometry[partition.villages["code"] == village]
    if len(known) and known.iloc[0] is not None:
        return known.iloc[0]
    rows = [row for row, code in enumerate(partition.villages_of) if code == village]
    return shapely.union_all(partition.shapes[rows]) if rows else None


def _new_code(partition: Partition, edit: JoinVillages, members: Sequence[str]) -> str:
    township = members[0][: DIGITS["township"]]
    if edit.code is None:
        free = unions.free_code(township, partition.taken)
        if free is None:
            raise refuse("too_many_joint_villages", township=township)
        return free
    if not edit.code.startswith(township) or int(edit.code[-3:]) < unions.FIRST:
        raise refuse("joint_code_irregular", edit.code, township=township)
    if edit.code in partition.taken:
        raise refuse("joint_code_taken", edit.code)
    return edit.code


def _name(partition: Partition, members: Sequence[str]) -> str:
    villages = partition.villages
    names = villages["name"] if "name" in villages else villages["code"]
    known = zip(villages["code"], names, strict=True)
    return unions.default_name(
        members, {str(code): name for code, name in known if isinstance(name, str)}
    )


def _renamed(partition: Partition, old: JointVillage, members: Sequence[str]) -> str:
    """Return the name it keeps; one that was never given follows the members."""
    return _name(partition, members) if old.name == _name(partition, old.members) else old.name


def _put(partition: Partition, changed: JointVillage) -> list[JointVillage]:
    return [changed if j.code == changed.code else j for j in partition.joint_villages]


def _outcome(
    partition: Partition,
    joint_villages: Sequence[JointVillage],
    *,
    created: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
) -> Outcome:
    return Outcome(
        None,
        partition.grids,
        partition.villages,
        created=created,
        removed=removed,
        joint_villages=tuple(joint_villages),
    )
