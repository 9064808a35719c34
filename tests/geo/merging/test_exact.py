"""Every level equals the best of all set partitions; the enumeration finds what brute force does."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.merging import Decisions, MergeRules, Size, suggest_merges
from tests.geo.merging.brute import Brute
from tests.geo.merging.checker import check
from tests.geo.merging.counties import board, county


def levels_of(merges, refused):
    names = ["left", "healthy_touched", "touched", "travel"]
    if merges.rules.objective == "most_groups":
        names = ["left", "groups", "travel"]
    values = [merges.total(name) for name in names]
    if merges.rules.objective == "most_groups":
        values[1] = -values[1]
    has = set(merges.levels["level"])
    balance = merges.total("balance") if "balance" in has else 0
    broken = merges.total("together_broken") if "together_broken" in has else 0
    return broken + refused, *values, balance


def compare(frame, rules, decisions=None):
    merges = suggest_merges(frame, rules, decisions=decisions)
    assert check(frame, rules, merges, decisions=decisions) == []
    told = {
        p.grids
        for p in merges.problems
        if p.key == "merge_together_refused"
    }
    has = set(merges.levels["level"])
    late = merges.total("together_broken") if "together_broken" in has else 0
    assert levels_of(merges, len(told) - late) == Brute(frame, rules, decisions).best()
    assert merges.proved
    return merges


@st.composite
def questions(draw):
    rows, columns = draw(st.sampled_from([(1, 7), (2, 4), (2, 3), (3, 3)]))
    people = st.integers(0, 60)
    some = st.one_of(people, people, people, st.none()) if rows < 3 else people
    cells = [[draw(some) for _ in range(columns)] for _ in range(rows)]
    if rows == 3:
        cells[1][1] = None
    if all(value is None for row in cells for value in row):
        cells[0][0] = 5
    frame = board(cells)
    count = len(frame)
    frame["residents"] = draw(st.lists(st.integers(0, 150), min_size=count, max_size=count))
    if draw(st.booleans()):
        towns = st.lists(st.sampled_from("ST"), min_size=count, max_size=count)
        frame["township"] = draw(towns)
    else:
        frame["township"] = "T"
    if draw(st.booleans()):
        frame["locked"] = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    low = draw(st.integers(1, 50))
    high = draw(st.one_of(st.none(), st.integers(low, 150)))
    residents = draw(st.one_of(st.none(), st.integers(1, 120)))
    target = draw(st.one_of(st.none(), st.integers(low, high or 200)))
    rules = MergeRules(
        minimum=Size(low, residents),
        target=Size(target),
        maximum=Size(high),
        max_units=draw(st.integers(2, 6)),
        max_span=draw(st.sampled_from([None, 100.0, 150.0, 250.0])),
        within=draw(st.sampled_from(["township", "county"])),
        objective=draw(st.sampled_from(["least_change", "least_change", "most_groups"])),
    )
    pair = st.lists(st.sampled_from(list(frame.index)), min_size=2, max_size=2, unique=True)
    pairs = st.lists(pair, max_size=2) if count > 1 else st.just([])
    decisions = Decisions(together=draw(pairs), apart=draw(pairs))
    return frame, rules, decisions


@given(questions())
@settings(max_examples=150, deadline=None)
def test_equals_brute_force(question):
    compare(*question)


@pytest.mark.parametrize("seed", [3, 4])
def test_ten_units(seed):
    frame = county(9, 1, seed=seed, median=30)
    compare(frame, MergeRules(Size(40), Size(60), Size(150), max_units=4))
