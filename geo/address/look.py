"""One way to understand an address, looked up in the register as narrowly as it goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.address.answer import Element, Fault, Found, Level
from geo.address.chains import village_of
from geo.address.faults import find_faults, make_fault
from geo.address.gazetteer import LOCALITY, Gazetteer
from geo.address.homes import Homes, Rows
from geo.address.meanings import Meaning, leaves_unknown
from geo.address.words import LEVELS, VICINITY

_VILLAGE, _TOWNSHIP = LEVELS.index("village"), LEVELS.index("township")
_LEVEL: dict[int, Level] = {
    LOCALITY: "natural_village",
    _VILLAGE: "village",
    _TOWNSHIP: "township",
}


@dataclass(frozen=True)
class Looked:
    """What the register holds of a meaning.

    ``sure`` tells that nothing in it is contradicted or unknown, ``exact`` that a house has the
    very number that was asked.
    """

    found: Found
    faults: tuple[Fault, ...]
    meaning: Meaning
    sure: bool
    exact: bool = False


@dataclass(frozen=True)
class _Unit:
    """The narrowest unit of an address that the register knows, above the house."""

    place: int
    group: int | None
    level: Level
    rows: Rows
    sure: bool
    faults: tuple[Fault, ...]


def look_up(meaning: Meaning, gazetteer: Gazetteer, homes: Homes) -> Looked:
    """Return what the register holds of a meaning: the house, else the unit it would be in."""
    unit = _find_unit(meaning, gazetteer, homes)
    door = meaning.door
    if gazetteer.places[unit.place].level < _VILLAGE:
        # 城关12号 may be any No. 12 of the township
        rows = homes.with_door(unit.rows, door)[0] if door.names_a_house else unit.rows[:0]
        level: Level = "house" if len(rows) else unit.level
        return _looked(meaning, unit, rows if len(rows) else unit.rows, level, sure=False)
    if not door.names_a_house or not unit.sure:
        return _looked(meaning, unit, unit.rows, unit.level, sure=unit.sure)
    rows, missing, exact = homes.with_door(unit.rows, door)
    # of these nothing says that they are not in the group or natural village
    others, _, just_so = homes.with_door(homes.of_unknown(unit.place, unit.group), door)
    if len(rows) == 0:
        element: Element = "number" if door.number is not None else "building"
        said = door.building if door.number is None else f"{door.number}"
        fault = make_fault(said, element, "not_in_register")
        return _looked(
            meaning, unit, np.union1d(unit.rows, others), unit.level, fault, sure=unit.sure
        )
    rows = homes.as_written(rows, unit.place, unit.group)
    if missing and just_so:
        rows = np.union1d(rows, others)
    faults = [make_fault(str(getattr(door, name)), name, "not_in_register") for name in missing]
    if _is_beside(meaning):
        return _looked(
            meaning,
            unit,
            unit.rows,
            unit.level,
            *faults,
            make_fault("", "text", "beside"),
            sure=False,
        )
    # 4-55 was group 4 or number 4: if neither is in the register, it is not certain
    sure = not (meaning.shorthand and missing)
    return _looked(meaning, unit, rows, "house", *faults, sure=sure, exact=exact)


def _looked(
    meaning: Meaning,
    unit: _Unit,
    rows: Rows,
    level: Level,
    *faults: Fault,
    sure: bool,
    exact: bool = False,
) -> Looked:
    found = Found(unit.place, unit.group, level, tuple(rows.tolist()), meaning.chain.cost)
    return Looked(found, (*unit.faults, *faults), meaning, sure, exact)


def _find_unit(meaning: Meaning, gazetteer: Gazetteer, homes: Homes) -> _Unit:
    """Return the group, natural village or division that a meaning names."""
    door, place = meaning.door, meaning.chain.place
    faults = find_faults(meaning, gazetteer)
    if door.conflict:
        faults.append(make_fault(door.conflict, "number", "said_twice"))
    sure = not door.conflict and not leaves_unknown(meaning, gazetteer)
    level = _LEVEL.get(gazetteer.places[place].level, "county")
    everyone = homes.of_unit(place, None)
    group = door.group
    if group is None or gazetteer.places[place].level < _VILLAGE:
        return _Unit(place, group, level, everyone, sure and group is None, tuple(faults))
    known = homes.groups_known.get(place)
    if known and group not in known:
        faults.append(make_fault(f"{group}", "group", "contradicts"))
        return _Unit(place, group, level, everyone, sure=False, faults=tuple(faults))
    village = village_of(gazetteer, place)
    rows = homes.of_unit(place, group)
    if group in homes.groups_in(village) and len(rows):
        return _Unit(place, group, "group", rows, sure, tuple(faults))
    # whatever else was said, it is only certain as far as the village
    faults.append(make_fault(f"{group}", "group", "not_in_register"))
    return _Unit(village, None, "village", homes.of_unit(village, None), False, tuple(faults))


def _is_beside(meaning: Meaning) -> bool:
    """Whether 旁, 附近 … stand in an address, and not in a name of it (河边, 桥边)."""
    units = meaning.text.units
    if not VICINITY.search(meaning.text.between(0, len(units))):
        return False
    covered = {at for m in meaning.chain.mentions for at in range(m.start, m.end)}
    left = "".join("\n" if at in covered else unit for at, unit in enumerate(units))
    return VICINITY.search(left) is not None
