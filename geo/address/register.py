"""The register's addresses, read once into columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import pandas as pd

from geo.address.chains import find_chains, village_of
from geo.address.doors import BARRIER, DOOR_FIELDS, Door, Reading, read_doors
from geo.address.gazetteer import Gazetteer, Place, make_gazetteer
from geo.address.mentions import find_exact, make_text
from geo.address.names import split_name
from geo.address.numerals import HAN
from geo.address.text import spell, spell_name
from geo.address.words import LEVELS, SUFFIXES, names_a_place

COLUMNS = ("locality", "group_no", "number", "sub_number", "building", "unit", "room", "fault")
_NOTHING = pd.DataFrame(columns=["village_code", "name", "code"], dtype="str")
# 村, 社区 behind a name that has its word already belong to what follows.
_LONE_WORD = 2
_NUMBERED_NAME = re.compile(
    rf"[^\W\d_]?第?(?:[0-9]+|[{HAN}]+)[组社队号排](?:[^\W\d_](?=[0-9{HAN}]|$))?"
)
# What is left of 八房组一号 is no name.
_A_WORD = re.compile("[组社队号户村镇乡排]|社区|街道|小组")
# A village's name with its word that is looked for behind unknown words.
_SHORTEST_FORM = 3
_EDGES = re.compile(r"^(?:住|位于|原)|(?:门牌|号牌)$")


def read_addresses(
    addresses: Sequence[str | None], villages: Sequence[str | None], divisions: pd.DataFrame
) -> pd.DataFrame:
    """Read addresses of households into columns.

    Parameters
    ----------
    addresses
        As the register has them, ``None`` for none.
    villages
        Code of the village each household is registered in, ``None`` or ``""`` where it is not
        known: then the address must name it.
    divisions
        ``code``, ``name`` and ``level`` of the store's divisions (without ``level`` it is told
        from the length of the code).

    Returns
    -------
    DataFrame
        A row an address, in order: ``locality`` (natural village, street or estate as written,
        ``""`` for none), ``group_no``, ``number``, ``sub_number`` (Int32), ``building``, ``unit``,
        ``room`` (``""`` for none), ``fault``: ``""`` or ``no_address``, ``too_long``,
        ``no_number``, ``two_numbers``, ``other_place`` (names another village or township than
        its code), ``no_village``.
    """
    gazetteer = make_gazetteer(_with_levels(divisions), _NOTHING)
    heads = lru_cache(maxsize=None)(lambda code: _head(gazetteer, code))
    rows = [
        _read(address, village or "", gazetteer, heads)
        for address, village in zip(addresses, villages, strict=True)
    ]
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in ("group_no", "number", "sub_number"):
        made[column] = made[column].astype("Int32")
    return made


# What finds the names before an address from its beginning, and the village's anywhere.
_Head = tuple[re.Pattern[str], re.Pattern[str]]
_Row = tuple[str, int | None, int | None, int | None, str, str, str, str]


def _read(
    address: str | None, village: str, gazetteer: Gazetteer, heads: Callable[[str], _Head]
) -> _Row:
    spelled = spell(address or "")
    if spelled.cut:
        return _row("", Door(), "too_long")
    text = spelled.text.replace(" ", "") if not spelled.text.isascii() else spelled.text
    if not text:
        return _row("", Door(), "no_address")
    if village in gazetteer.by_code:
        rest, fault = _behind(heads(village), text), ""
    else:
        rest, fault = _find_village(text, gazetteer)
    locality, door = _locality(rest)
    if not fault and names_a_place(locality) in ("county", "township", "village"):
        fault = "other_place"
    if not fault and door.conflict:
        fault = "two_numbers"
    if not fault and not door.names_a_house:
        fault = "no_number"
    return _row(locality, door, fault)


def _row(locality: str, door: Door, fault: str) -> _Row:
    _, number, sub, building, unit, room, _ = (getattr(door, name) for name in DOOR_FIELDS)
    return locality, door.group, number, sub, building, unit, room, fault


def _locality(rest: str) -> tuple[str, Door]:
    """Return the name that is left when the numbers are out, and the numbers.

    What looks like a number may be part of a name: of two groups or house numbers the first
    (三号浜七号), and one that leaves a lone sign (三组桥 is a bridge, 新一组 a group's name).
    """
    reading = read_doors(rest)
    if reading.named and reading.door.conflict:
        reading = read_doors(rest, reading.named)
    name = _name(reading)
    lone = _NUMBERED_NAME.search(rest) if len(name) == 1 and name not in HAN else None
    if lone:
        again = read_doors(rest, [*reading.named, lone.span()])
        if again.door.names_a_house:
            reading, name = again, _name(again)
    return name, reading.door


def _name(reading: Reading) -> str:
    name = _EDGES.sub("", "".join(reading.units).replace(BARRIER, ""))
    return "" if _A_WORD.fullmatch(name) else name


def _head(gazetteer: Gazetteer, code: str) -> _Head:
    """Return what finds the names of a village and of all it lies in before an address.

    The village's own name comes first: in 城关社区 of 城关镇 城关 is the village. Without its word
    it counts only before a number, as it may be the beginning of a longer name. Behind words
    that are not known it counts with its word.
    """
    *wider, village = (gazetteer.places[at] for at in gazetteer.chain(gazetteer.by_code[code]))
    above = "".join(
        rf"(?:(?:{_any_of(_stems(place))})(?:{_any_of(SUFFIXES[place.level_name])})?)?"
        for place in wider
    )
    spelled = spell_name(village.name)
    bases = {spelled, *_stems(village), spelled.removesuffix("村")} - {""}
    words = SUFFIXES[village.level_name]
    # 村村口 is a place in the village: only longer words follow its whole name
    forms = {base + word for base in bases - {spelled} for word in words}
    forms |= {spelled + word for word in words if len(word) > _LONE_WORD}
    known = spelled.endswith(words) or split_name(spelled, "village") == ((spelled, ""),)
    forms |= {spelled} if known and len(spelled) > 1 else set()
    bare = rf"(?:{_any_of(_stems(village) | {spelled})})(?=第?[0-9{HAN}]+[组社队号排]|$)"
    whole = _any_of(form for form in forms if len(form) >= _SHORTEST_FORM)
    return (
        re.compile(rf"{above}(?P<village>{_any_of(forms)}|{bare})|{above}"),
        re.compile(whole or "(?!)"),
    )


def _stems(place: Place) -> set[str]:
    return {stem for stem, _ in split_name(spell_name(place.name), place.level_name)}


def _any_of(names: Iterable[str]) -> str:
    """Return an alternative of names, the longest first."""
    return "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))


def _behind(head: _Head, text: str) -> str:
    """Return what follows the village's name; a short name of the county may stand before it."""
    start, village = head
    found = start.match(text)
    at = found.end() if found else 0
    if not (found and found["village"]):
        later = village.search(text, at)
        at = later.end() if later else at
    return text[at:]


def _find_village(text: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """Return what follows the village an address names; it must name one and only one."""
    units = make_text(read_doors(text).units, latin=False)
    chains = find_chains(units, gazetteer, find_exact(units, gazetteer), within=0.1)
    villages = {village_of(gazetteer, chain.place) for chain in chains} - {-1}
    if len(villages) != 1:
        return text, "no_village"
    code = gazetteer.places[villages.pop()].code
    return _behind(_head(gazetteer, code), text), ""


def _with_levels(divisions: pd.DataFrame) -> pd.DataFrame:
    if "level" in divisions:
        return divisions[divisions["level"].isin(LEVELS)]
    level = (
        divisions["code"]
        .str.len()
        .map({2: "province", 4: "city", 6: "county", 9: "township", 12: "village"})
    )
    return divisions.assign(level=level)[level.notna()]
