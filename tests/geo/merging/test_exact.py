"""Every level equals the best of all set partitions; so does what is enumerated."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.merging import Decisions, MergeRules, Size, cover, program, suggest_merges, zones
from geo.merging.candidates import list_groups
from geo.merging.contacts import find_contacts
from geo.merging.decided import weigh_decisions
from geo.merging.network import build_network
from geo.merging.spans import Spans
from geo.merging.units import read_units
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
    told = {p.grids for p in merges.problems if p.key == "merge_together_refused"}
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
@settings(max_examples=80)
def test_equals_brute_force(question):
    compare(*question)


@pytest.mark.parametrize("seed", [3, 4])
def test_ten_units(seed):
    frame = county(9, 1, seed=seed, median=30)
    compare(frame, MergeRules(Size(40), Size(60), Size(150), max_units=4))


@given(questions())
@settings(max_examples=25)
def test_the_program_equals_brute_force(question):
    """As for large pieces: HiGHS in place of dynamic programming."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "FEW", 1)
        compare(*question)


@given(questions())
@settings(max_examples=20)
def test_columns_and_rearranging_equal_brute_force(question):
    """As for very many groups: taken in by columns, from a plan found by rearranging."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "FEW", 1)
        patch.setattr(cover, "LARGE", 0)
        patch.setattr(program, "MANY", 3)
        patch.setattr(program, "_FIRST", 1)
        patch.setattr(program, "_MORE", 1)
        compare(*question)


@pytest.mark.parametrize("most", [0, 40])
def test_stopped_early_never_says_best(most):
    """Hardly anything is searched: what is not proved says how far it may be off, rightly."""
    frame = county(120, 1, seed=8, median=25)
    rules = MergeRules(Size(40), maximum=Size(90), max_units=4)
    full = suggest_merges(frame, rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "MOST_BRANCHED", most)
        patch.setattr(program, "MOST_NODES", 0)
        patch.setattr(cover, "LARGE", 10**9)
        short = suggest_merges(frame, rules)
    assert check(frame, rules, short) == []
    assert full.proved
    for one, best in zip(short.levels.itertuples(), full.levels.itertuples(), strict=True):
        assert one.value >= best.value
        assert one.proved == (one.gap is not pd.NA and one.gap == 0)
        if one.bound is not pd.NA:
            assert one.bound <= best.value
        if one.value > best.value:
            assert not one.proved
            break
    assert short.proved or "merge_not_proved" in {p.key for p in short.problems}


def network_of(frame, rules, decisions=None):
    units, _ = read_units(frame, rules)
    contacts, _ = find_contacts(units.shapes, units.codes)
    spans = Spans(units.places, rules)
    decided, _ = weigh_decisions(decisions or Decisions(), units, rules, contacts, spans)
    return build_network(0, units, rules, contacts, decided, spans), units


@pytest.mark.parametrize("objective", ["least_change", "most_groups"])
@pytest.mark.parametrize("seed", range(6))
def test_enumeration_equals_brute_force(seed, objective):
    frame = county(14, 1, seed=seed, median=30)
    rules = MergeRules(Size(40), maximum=Size(140), max_units=5, max_span=6000.0,
                       objective=objective)  # fmt: skip
    network, units = network_of(frame, rules)
    pool = list_groups(network, rules, reduce=False)
    found = [tuple(network.units[row[row >= 0]]) for row in pool.members]
    assert len(found) == len(set(found))
    brute = Brute(frame, rules)
    under = set(frame.index[frame["households"] < 40])
    wanted = {
        group
        for size in range(2, 6)
        for group in itertools.combinations(brute.codes, size)
        if under & set(group) and brute.allowed(group)
    }
    free = set(units.codes[network.units])
    assert {tuple(units.codes[list(g)]) for g in found if len(g) > 1} == wanted
    assert {units.codes[g[0]] for g in found if len(g) == 1} == free


@pytest.mark.parametrize("target", [None, 60])
@pytest.mark.parametrize("seed", range(4))
def test_reduction_keeps_a_best_plan(seed, target):
    """On whole counties, too large for brute force: the pool with and without what is replaced."""
    frame = county(60, 2, seed=seed)
    rules = MergeRules(Size(40), Size(target), Size(150))
    short = suggest_merges(frame, rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zones, "list_groups", lambda *a: list_groups(*a, reduce=False))
        whole = suggest_merges(frame, rules)
    assert whole.proved
    assert whole.counts["candidates"] > 1.5 * short.counts["candidates"]
    values = ["zone", "level", "value", "bound"]
    assert short.levels[values].equals(whole.levels[values])


def test_travel_is_not_always_less_for_parts():
    """Three round a fourth, all under: what is replaced is compared, never assumed.

    The hub in the middle shortens the ways of all; without it they are farther from each other.
    """
    frame = board([[None, 20, None], [20, 10, 20], [None, 20, None]], township="T")
    compare(frame, MergeRules(Size(20), maximum=Size(90)))
    compare(frame, MergeRules(Size(21), Size(45), Size(90)))
