"""Which grid is an address in: read it, look it up, and refuse rather than guess.

An address is answered only if enough of it was understood (coverage), nothing in it names another
place (veto), nothing in it contradicts the register (veto), and no other reading is nearly as good
(margin). How well: ``benchmarks/ADDRESSES.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.address.answer import Answer, Fault
from geo.address.chains import Chain, foreign
from geo.address.doors import Door
from geo.address.faults import REMARK, find_faults, list_parts, make_fault
from geo.address.gazetteer import Gazetteer
from geo.address.homes import Homes
from geo.address.look import Looked, look_up
from geo.address.meanings import (
    MARGIN,
    UNSURE,
    Meaning,
    find_meanings,
    is_likely,
    leaves_unknown,
)
from geo.address.mentions import Text
from geo.address.text import spell
from geo.address.words import LEVELS

_VILLAGE = LEVELS.index("village")


def search(query: str, gazetteer: Gazetteer, homes: Homes, grids: NDArray[np.int32]) -> Answer:
    """Return which grid an address is in.

    Parameters
    ----------
    query
        Anything people type.
    gazetteer, homes
        Names of places and the register.
    grids
        Position of the grid each household of ``homes`` lies in, -1 for none, shape (n,).

    Returns
    -------
    Answer
        * ``ok`` if all households it can mean lie in one grid (house, group, natural village or
          village), with the level that was reached;
        * ``ambiguous`` if they lie in several: all of them are listed, none is given;
        * ``none`` if too little was understood, or something in it belongs elsewhere.

    Notes
    -----
    Confidence (version 1) is ``1 / (1 + p)`` with ``p`` the sum of the faults' penalties, divided
    by the number of grids it could be.
    """
    spelled = spell(query)
    if spelled.cut:
        return _nothing("", [make_fault("", "text", "too_long")])
    code = gazetteer.by_code.get(query.strip())
    if code is not None:
        meanings = [Meaning(Chain(code, (), 0.0, (), 1.0), Door(), Text((), False, ()))]
        looked = [look_up(meanings[0], gazetteer, homes)]
        return _decide(query.strip(), looked, looked, gazetteer, grids, [])
    private = [make_fault("", "text", "private")] if spelled.private else []
    meanings = find_meanings(spelled.text, gazetteer)
    if spelled.bare:
        plain = find_meanings(spelled.bare, gazetteer)
        if plain and (not meanings or plain[0].chain.cost < meanings[0].chain.cost):
            meanings = plain
            private.append(Fault(spelled.remark, "text", "not_understood", REMARK))
    likely = [m for m in meanings if is_likely(m, gazetteer)]
    if not likely:
        return _refused(spelled.text, meanings, gazetteer, private)
    best = likely[0].chain.cost
    rivals = [m for m in likely if m.chain.cost <= best + MARGIN]
    looked = [look_up(meaning, gazetteer, homes) for meaning in rivals]
    reached = [one for one in looked if one.found.level == "house" and one.found.rows]
    exact = [one for one in reached if one.exact or not one.sure]
    narrow = exact or reached or _narrowest(looked)
    return _decide(spelled.text, narrow, looked, gazetteer, grids, private)


def _narrowest(looked: Sequence[Looked]) -> list[Looked]:
    held = [one for one in looked if one.found.rows] or list(looked)
    least = min(one.found.cost for one in held)
    return [one for one in held if one.found.cost <= least + MARGIN]


def _decide(
    text: str,
    narrow: Sequence[Looked],
    looked: Sequence[Looked],
    gazetteer: Gazetteer,
    grids: NDArray[np.int32],
    private: list[Fault],
) -> Answer:
    first = narrow[0]
    counts: dict[int, int] = {}
    for one in narrow:
        rows = np.asarray(one.found.rows, dtype=np.int64)
        values, numbers = np.unique(grids[rows], return_counts=True)
        for grid, number in zip(values.tolist(), numbers.tolist(), strict=True):
            counts[grid] = counts.get(grid, 0) + number
    level = first.found.level
    possible = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    faults = [*private, *first.faults]
    if level == "house":
        # half a house (the sub-number is not there) is none where it may be in another place
        alone = len({one.found.place for one in looked}) == 1
        whole = all(one.sure and (one.exact or alone) for one in narrow)
    else:
        whole = first.sure or _is_plain(first, gazetteer)
    unsure = level != "house" and any(m.cost >= UNSURE for m in first.meaning.chain.mentions)
    settled = len(possible) == 1 and whole and not unsure and level not in ("township", "county")
    grid = next(iter(possible)) if settled else -1
    if settled and grid < 0:
        faults.append(make_fault("", "text", "no_grid"))
    confidence = 1.0 / (1.0 + sum(fault.penalty for fault in faults))
    possible.pop(-1, None)
    found = tuple(one.found for one in [*narrow, *(o for o in looked if o not in narrow)])
    return Answer(
        "ok" if settled else "ambiguous",
        level,
        round(confidence if settled else confidence / max(len(possible), 2), 4),
        grid,
        possible,
        found,
        tuple(faults),
        text,
        list_parts(first.meaning, gazetteer),
        first.meaning.door,
    )


def _is_plain(one: Looked, gazetteer: Gazetteer) -> bool:
    """Whether a place is named as it should be, so that it may stand for its households.

    What follows it may be unknown (no such group): all its households are in one grid, then.
    """
    village = [m for m in one.meaning.chain.mentions if gazetteer.places[m.place].level >= _VILLAGE]
    contradicted = any(f.fault in ("contradicts", "said_twice", "beside") for f in one.faults)
    unknown = leaves_unknown(one.meaning, gazetteer)
    return bool(village) and not (contradicted or unknown) and all(m.cost < UNSURE for m in village)


def _refused(
    text: str, meanings: Sequence[Meaning], gazetteer: Gazetteer, private: list[Fault]
) -> Answer:
    """Answer that nothing was found, and why."""
    if not meanings:
        return _nothing(text, [*private, make_fault(text, "text", "too_little")])
    best = meanings[0]
    elsewhere = foreign(best.text, best.chain)
    faults = [*private, *find_faults(best, gazetteer)]
    if elsewhere:
        faults.append(make_fault(*elsewhere, "other_place"))
    return _nothing(text, faults, list_parts(best, gazetteer), best.door)


def _nothing(
    text: str, faults: list[Fault], parsed: dict[str, str] | None = None, door: Door | None = None
) -> Answer:
    return Answer("none", None, 0.0, -1, {}, (), tuple(faults), text, parsed or {}, door or Door())
