"""Which chain of places (county, township, village, natural village) an address means."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from geo.address.align import OTHER
from geo.address.doors import BARRIER
from geo.address.gazetteer import Gazetteer
from geo.address.mentions import Mention, Text, options
from geo.address.numerals import HAN
from geo.address.signs import OPPOSITES
from geo.address.words import LEVELS, NOISE, VICINITY, PlaceLevel, level_word, names_a_place

# 咸宜村 咸宜镇 is said less often than 咸宜镇 咸宜村, but is said; without its word, or with an
# error, a wider place is not named behind a narrower one.
DISORDER = 0.02
ODD_DISORDER = 1.0
_ROUNDING = 1e-9
# Said of a place behind its name as often as they begin another.
_BESIDE = "上下前后里外内中左右"


@dataclass(frozen=True)
class Chain:
    """One way to understand the names of an address.

    ``place`` is the narrowest place meant; ``mentions`` are what names it and the places around
    it, widest first; ``cost`` is what is wrong (0: nothing); ``left`` are the stretches of text
    that name none of them; ``coverage`` is the share of the text that does.
    """

    place: int
    mentions: tuple[Mention, ...]
    cost: float
    left: tuple[tuple[int, int], ...]
    coverage: float

    def mention_of(self, place: int) -> Mention | None:
        """Return what names a place of the chain, ``None`` if it is left out."""
        return next((m for m in self.mentions if m.place == place), None)


def weigh(text: Text) -> tuple[float, ...]:
    """Return the weight of each unit: 0 for words that say nothing about where it is."""
    weights = list(text.weights)
    glue = " " if text.latin else ""
    joined, at_of = "", []
    for at, unit in enumerate(text.units):
        piece = (glue if at else "") + unit
        at_of += [at] * len(piece)
        joined += piece
    for pattern in (NOISE, VICINITY):
        for found in pattern.finditer(joined):
            if text.latin and not _whole_words(joined, found.start(), found.end()):
                continue
            for position in range(found.start(), found.end()):
                weights[at_of[position]] = 0.0
    return tuple(weights)


def _whole_words(text: str, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1] == " ") and (end == len(text) or text[end] == " ")


def find_chains(
    text: Text, gazetteer: Gazetteer, mentions: Sequence[Mention], *, within: float = 1.0
) -> list[Chain]:
    """Return every chain the mentions make, best first.

    Parameters
    ----------
    within
        Chains that cost more than the best by this are left out.

    Notes
    -----
    Cost of a chain: that of its mentions, plus :data:`geo.address.align.OTHER` for each sign of
    text that none of them explains, plus :data:`DISORDER` for each that stands before a wider one.
    """
    held = options(mentions)
    weights = weigh(text)
    total = sum(weights)
    before = list(itertools.accumulate(weights, initial=0.0))
    least = _least_costs(held, gazetteer, before, total)
    made: list[Chain] = []
    best = float("inf")
    # the most promising first, so that most of the others need not be looked at
    for place in sorted(held, key=lambda at: (least[at], at)):
        if least[place] > best + within + _ROUNDING:
            break
        nodes = [at for at in gazetteer.chain(place) if at in held]
        chosen, cost = _choose([held[at] for at in nodes], before, total)
        again = _again(chosen, [m for at in nodes for m in held[at]])
        cost -= OTHER * sum(before[m.end] - before[m.start] for m in again)
        if place not in [m.place for m in chosen] or cost > best + within:
            continue
        best = min(best, cost)
        left = _left((*chosen, *again), weights)
        rest = sum(before[end] - before[start] for start, end in left)
        coverage = 1.0 - rest / total if total else 0.0
        made.append(Chain(place, chosen, cost, left, coverage))
    kept = [chain for chain in made if chain.cost <= best + within]
    return sorted(kept, key=lambda chain: (chain.cost, *_rank(chain.place, gazetteer)))


def _rank(place: int, gazetteer: Gazetteer) -> tuple[str, int, int]:
    """Return what orders places: the code; of those without one the narrower, then the earlier."""
    level, code = gazetteer.places[place].level, gazetteer.places[place].code
    return code, -level, place


def _least_costs(
    held: dict[int, list[Mention]], gazetteer: Gazetteer, before: list[float], total: float
) -> dict[int, float]:
    """Return what the chain of each place costs at least, whichever mentions are chosen."""
    gains: dict[int, float] = {}
    for place, offered in held.items():
        # what is written as it is may count a second time (_again), another mention once
        exact, other = 0.0, 0.0
        for m in offered:
            gain = OTHER * (before[m.end] - before[m.start]) - m.cost
            if m.cost == 0:
                exact += gain
            else:
                other = max(other, gain)
        gains[place] = exact + other
    return {
        place: OTHER * total - sum(gains.get(at, 0.0) for at in gazetteer.chain(place))
        for place in held
    }


def _choose(
    offered: list[list[Mention]], before: list[float], total: float
) -> tuple[tuple[Mention, ...], float]:
    """Return the mentions, at most one a place and none over another, that explain most."""
    best: tuple[Mention, ...] = ()
    least = OTHER * total
    if all(len(one) == 1 for one in offered):
        alone = tuple(one[0] for one in offered)
        if _apart(alone):
            return alone, _cost(alone, before, total)
    for combination in itertools.product(*([None, *one] for one in offered)):
        chosen = tuple(m for m in combination if m is not None)
        if not _apart(chosen):
            continue
        cost = _cost(chosen, before, total)
        if cost < least:
            best, least = chosen, cost
    return best, least


def _again(chosen: tuple[Mention, ...], offered: list[Mention]) -> tuple[Mention, ...]:
    """Return what names a place of the chain a second time, as it is (城口县城口县)."""
    places = {m.place for m in chosen}
    found: tuple[Mention, ...] = ()
    for m in offered:
        if m.place in places and m.cost == 0 and _apart((*chosen, *found, m)):
            found += (m,)
    return found


def _apart(chosen: tuple[Mention, ...]) -> bool:
    ordered = sorted((m.start, m.end) for m in chosen)
    return all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))


def _cost(chosen: tuple[Mention, ...], before: list[float], total: float) -> float:
    told = sum(before[m.end] - before[m.start] for m in chosen)
    disorder = sum(
        DISORDER if a.word and a.cost < OTHER else ODD_DISORDER
        for a, b in itertools.pairwise(chosen)
        if a.start > b.start
    )
    return sum(m.cost for m in chosen) + OTHER * (total - told) + disorder


def _left(chosen: tuple[Mention, ...], weights: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """Return the stretches that no mention covers; borders and empty words end none."""
    covered = [False] * len(weights)
    for m in chosen:
        covered[m.start : m.end] = [True] * (m.end - m.start)
    left = []
    for free, run in itertools.groupby(
        range(len(weights)), key=lambda at: not covered[at] and weights[at] > 0
    ):
        at = list(run)
        if free:
            left.append((at[0], at[-1] + 1))
    return tuple(left)


def foreign(text: Text, chain: Chain) -> tuple[str, PlaceLevel] | None:
    """Return a place the address names that is not of the chain (岔河乡), and its level.

    Examples of what is none: 新开屋场 (no word says that it is a place of another level).
    """
    for start, end in chain.left:
        behind = next((m for m in chain.mentions if m.start == end), None)
        before = next((m for m in chain.mentions if m.end == start), None)
        if not text.latin and behind is not None and _lengthens(text, start, end, behind):
            # 勐坪坝镇 is another township than 坪坝镇
            return text.between(start, behind.end), "township"
        if not text.latin and before is not None and before.cost >= OTHER and not before.word:
            return text.between(before.start, end), "natural_village"
        if text.latin:
            named = _latin_place(text, start, end)
        else:
            # a level word may stand behind the stretch, as part of no mention
            named = names_a_place(text.between(start, end))
        if named is not None:
            return text.between(start, end), named
    return None


def _lengthens(text: Text, start: int, end: int, behind: Mention) -> bool:
    """Whether signs before a name make another name of it (and are no slip).

    Before a name that is written with an error they always do.
    """
    if behind.cost >= OTHER:
        return True
    first, last = text.units[start], text.units[end - 1]
    if last in HAN and text.units[behind.start] in HAN:  # 十二连 is not 二连, 三三河 a slip
        return last != text.units[behind.start]
    alone = start == 0 or text.units[start - 1] == BARRIER or end - start == 1
    twice = last == text.units[behind.start] or (start > 0 and first == text.units[start - 1])
    # 新村 of 新村社区 has its word, too
    word = behind.word or text.units[behind.end - 1] == "村"
    # 东马家庄 is not 马家庄, with its word or without; 镇上, 村里 and 屋后 are no part of a name
    begins = start == 0 or text.units[start - 1] == BARRIER
    tells = end - start == 1 and last in OPPOSITES and (begins or last not in _BESIDE)
    return (word or tells) and alone and not twice


def _latin_place(text: Text, start: int, end: int) -> PlaceLevel | None:
    for at in range(start + 1, end):
        _, levels = level_word(text.units, at)
        if levels:
            return levels[0]
    return None


def village_of(gazetteer: Gazetteer, place: int) -> int:
    """Return the village a place is or lies in, -1 for what is wider."""
    village = LEVELS.index("village")
    at = place
    while at >= 0 and gazetteer.places[at].level > village:
        at = gazetteer.places[at].parent
    return at if at >= 0 and gazetteer.places[at].level == village else -1
