"""Grids and centers by name and code, against looking at each."""

from hypothesis import given
from hypothesis import strategies as st

from geo.address.named import Named

SIGNS = st.text("甲乙网格a1", max_size=5)
THINGS = st.lists(st.tuples(SIGNS, SIGNS), max_size=12)


def ranked(things, text):
    """Return what an eye finds in a list."""
    found = []
    for at, (name, code) in enumerate(things):
        if text in (name, code):
            found.append((0, at))
        elif name.startswith(text) or code.startswith(text):
            found.append((1, at))
        elif text in name:
            found.append((2, at))
    return [at for _, at in sorted(found)]


@given(THINGS, SIGNS.filter(bool), st.integers(1, 12))
def test_finds_what_an_eye_finds(things, text, limit):
    named = Named([name for name, _ in things], [code for _, code in things])
    assert named.find(text, limit) == ranked(things, text)[:limit]
    assert named.exactly(text) == [at for at, thing in enumerate(things) if text in thing]


def test_nothing_is_asked_and_a_line_break_is_in_no_name():
    named = Named(["甲\n乙", "甲"], ["1", "2"])
    assert named.find("", 5) == []
    assert named.find("甲\n乙", 5) == []
    assert named.find("甲", 5) == [1, 0]
