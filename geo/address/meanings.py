"""Every way to understand an address: its places and its numbers together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from geo.address.align import OTHER
from geo.address.chains import Chain, find_chains, foreign
from geo.address.doors import Door, read_doors
from geo.address.gazetteer import LOCALITY, Gazetteer
from geo.address.mentions import Text, find_exact, make_texts
from geo.address.near import find_near
from geo.address.words import LEVELS

# Chains that cost more than the best by this are no rivals. A homophone costs .25.
MARGIN = 0.2
# Share of the text that names known places, below which nothing is answered.
COVERAGE = 0.6
# What costs more has more than two things wrong.
HIGHEST = 1.3
# From this on a mention is not sure: a sign is wrong, missing or too much.
UNSURE = 0.4
# As much text left over (in signs) is the name of a place that is not known.
UNKNOWN, UNKNOWN_IN_LETTERS = 1.5, 1.2
_TOWNSHIP = LEVELS.index("township")


@dataclass(frozen=True)
class Meaning:
    """One way to understand a whole address: places, numbers and the text they were read from.

    ``shorthand`` tells that the numbers may mean something else as well.
    """

    chain: Chain
    door: Door
    text: Text
    shorthand: bool = False


def find_meanings(text: str, gazetteer: Gazetteer, *, near: bool = True) -> list[Meaning]:
    """Return every way to understand an address, best first.

    Parameters
    ----------
    near
        Also look for names that are written with an error.

    Notes
    -----
    Names that hold numerals are left whole in one reading and taken for numbers in another. Names
    written with an error are looked for only where the exact ones leave something open.
    """
    made: dict[tuple[int, Door], Meaning] = {}
    readings = [read_doors(text, held) for held in _protected(text, gazetteer)]
    readings += [read_doors(text, one.named) for one in readings if one.named]
    for reading in readings:
        for left in make_texts(reading.units):
            exact = find_exact(left, gazetteer)
            chains = find_chains(left, gazetteer, exact)
            if near and (not chains or chains[0].cost > MARGIN):
                chains = find_chains(left, gazetteer, [*exact, *find_near(left, gazetteer, exact)])
            doors = [reading.door, *([reading.other] if reading.other else [])]
            for chain, door in itertools.product(chains, doors):
                key = (chain.place, door)
                if key not in made or chain.cost < made[key].chain.cost:
                    made[key] = Meaning(chain, door, left, reading.other is not None)
    return sorted(made.values(), key=lambda m: (m.chain.cost, gazetteer.places[m.chain.place].code))


def _protected(text: str, gazetteer: Gazetteer) -> list[list[tuple[int, int]]]:
    """Return in which stretches no number is looked for, in each of the readings."""
    held = [
        [found.span() for found in pattern.finditer(text)] for pattern in gazetteer.with_numerals
    ]
    return [*(one for at, one in enumerate(held) if one and one not in held[:at]), []]


def is_likely(meaning: Meaning, gazetteer: Gazetteer) -> bool:
    """Whether enough of the address was understood, surely enough, and none of it elsewhere."""
    chain = meaning.chain
    wrong = sum(mention.cost for mention in chain.mentions)
    if chain.coverage < COVERAGE or wrong > HIGHEST or foreign(meaning.text, chain):
        return False
    near = [m for m in chain.mentions if gazetteer.places[m.place].level >= _TOWNSHIP]
    sure = [m for m in near if m.cost < UNSURE and (m.exact or not meaning.text.latin)]
    return bool(sure) and len(near) - len(sure) <= len(sure)


def leaves_unknown(meaning: Meaning, gazetteer: Gazetteer) -> bool:
    """Whether something in an address may be the name of a place that is not known.

    That is text left over, a natural village with two signs wrong, one written with an error whose
    village is not named, or a county with another sign: 高州市 is no slip for 台州市.
    """
    chain, text = meaning.chain, meaning.text
    wide = [m for m in chain.mentions if gazetteer.places[m.place].level < _TOWNSHIP]
    if not text.latin and any(m.cost >= OTHER for m in wide):
        return True
    most = UNKNOWN_IN_LETTERS if text.latin else UNKNOWN
    if any(sum(text.weights[start:end]) >= most for start, end in chain.left):
        return True
    last = chain.mentions[-1] if chain.mentions else None
    if last is None or gazetteer.places[last.place].level != LOCALITY or last.cost < UNSURE:
        return False
    village = chain.mention_of(gazetteer.places[last.place].parent)
    return village is None or last.cost >= 2 * OTHER
