"""What an address has wrong, and its parts as they were understood."""

from __future__ import annotations

from geo.address.answer import Element, Fault, FaultKey
from geo.address.gazetteer import Gazetteer
from geo.address.meanings import Meaning

# What each takes from the confidence; misspelt names take what they cost.
PENALTY: dict[FaultKey, float] = {
    "not_in_register": 0.2,
    "contradicts": 0.5,
    "other_place": 1.0,
    "said_twice": 0.3,
    "beside": 0.3,
    "no_grid": 0.0,
    "private": 0.0,
    "too_long": 1.0,
    "too_little": 1.0,
}
# A remark in brackets that was passed over.
REMARK = 0.1


def make_fault(value: str, element: Element, fault: FaultKey) -> Fault:
    """Return a fault with its penalty."""
    return Fault(value, element, fault, PENALTY[fault])


def find_faults(meaning: Meaning, gazetteer: Gazetteer) -> list[Fault]:
    """Return what is wrong with the names of an address."""
    chain, text = meaning.chain, meaning.text
    made = []
    for m in chain.mentions:
        place = gazetteer.places[m.place]
        value = text.between(m.start, m.end)
        if m.old:
            made.append(Fault(value, place.level_name, "old_name", m.cost, place.name))
        elif not m.exact:
            made.append(Fault(value, place.level_name, "spelled", round(m.cost, 2), place.name))
        elif m.cost > 0:
            made.append(Fault(value, place.level_name, "word", m.cost, place.name))
    for start, end in chain.left:
        weight = sum(text.weights[start:end])
        made.append(
            Fault(text.between(start, end), "text", "not_understood", round(0.6 * weight, 2))
        )
    return made


def list_parts(meaning: Meaning, gazetteer: Gazetteer) -> dict[str, str]:
    """Return the parts of an address as they were understood."""
    made: dict[str, str] = {}
    for at in gazetteer.chain(meaning.chain.place):
        place = gazetteer.places[at]
        made[place.level_name] = place.name
    for name in ("group", "number", "sub", "building", "unit", "room"):
        value = getattr(meaning.door, name)
        if value not in (None, ""):
            made[name] = str(value)
    return made
