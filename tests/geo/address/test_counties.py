"""Invented counties as an oracle: what is right is told from the truth, not by reading."""

from collections import Counter
from itertools import repeat
from math import inf

import pytest

from benchmarks.addresses import judge
from geo.address import chains
from geo.address.chains import find_chains
from geo.address.mentions import find_exact, make_texts
from geo.address.near import find_near
from tests.geo.address.counties import KEYS, county, index, queries

# Share of answers that must be good; a planner types again what is not.
GOOD = 0.96


@pytest.mark.parametrize("key", KEYS)
def test_no_grid_is_given_that_is_not_the_right_one(key):
    held = index(key)
    wrong = [
        (query.type, query.text, query.grids)
        for query in queries(key)
        if judge(query, held.ask(query.text), held.codes) in ("wrong", "false")
    ]
    assert not wrong


@pytest.mark.parametrize("key", KEYS)
def test_nearly_all_queries_are_answered_as_they_should(key):
    held = index(key)
    found = Counter(judge(query, held.ask(query.text), held.codes) for query in queries(key))
    assert found["good"] >= GOOD * found.total()


@pytest.mark.parametrize("key", KEYS)
def test_a_grid_only_with_ok_and_several_only_without(key):
    held = index(key)
    for query in queries(key):
        answer = held.ask(query.text)
        assert (answer.grid >= 0) <= (answer.status == "ok")
        assert answer.status != "ok" or len(answer.grids) == 1
        assert answer.status != "none" or not answer.grids
        assert 0.0 <= answer.confidence <= 1.0


@pytest.mark.parametrize("key", KEYS)
def test_the_county_is_the_same_every_time_and_its_queries_hold_all_kinds_of_answer(key):
    county.cache_clear()
    queries.cache_clear()
    first = (county(key), queries(key))
    county.cache_clear()
    queries.cache_clear()
    assert (county(key), queries(key)) == first
    expected = {query.expect for query in first[1]}
    assert {"house", "ambiguous", "none", "none_or_ambiguous", "village_or_none"} <= expected


@pytest.mark.parametrize("key", KEYS)
def test_the_bound_of_a_chain_leaves_out_nothing(key, monkeypatch):
    gazetteer = index(key).gazetteer
    texts = [text for query in queries(key) for text in make_texts(query.text)]
    offered = []
    for text in texts:
        exact = find_exact(text, gazetteer)
        offered.append([*exact, *find_near(text, gazetteer, exact)])
    bounded = [find_chains(*given) for given in zip(texts, repeat(gazetteer), offered)]
    monkeypatch.setattr(chains, "_least_costs", lambda held, *_: dict.fromkeys(held, -inf))
    assert [find_chains(*given) for given in zip(texts, repeat(gazetteer), offered)] == bounded
