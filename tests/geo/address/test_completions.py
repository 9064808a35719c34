"""Beginnings of names in an invented county, against looking at every name."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.address.completions import make_completions
from geo.address.gazetteer import Gazetteer
from tests.geo.address.counties import KEYS, index


@functools.cache
def made(key):
    return make_completions(index(key).gazetteer)


def lies_in(gazetteer: Gazetteer, place: int, wide: int) -> bool:
    return place != wide and wide in gazetteer.chain(place)


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
def test_beginnings_are_those_an_eye_finds(key, data):
    completions = made(key)
    gazetteer = completions.gazetteer
    written = data.draw(st.sampled_from(completions.keys))
    text = written[: data.draw(st.integers(1, len(written)))]
    wide = data.draw(st.none() | st.integers(0, len(gazetteer.places) - 1))
    whole: dict[int, bool] = {}
    for name, place in zip(completions.keys, completions.places.tolist(), strict=True):
        if name.startswith(text) and (wide is None or lies_in(gazetteer, place, wide)):
            whole[place] = whole.get(place, False) or name == text
    ranked = sorted(whole, key=lambda at: (not whole[at], gazetteer.places[at].level, at))
    assert completions.beginning_with(text, 10, inside=wide) == ranked[:10]
