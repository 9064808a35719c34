"""Where groups are too many to list or to prove: an answer all the same, and what it is worth."""

import numpy as np
import pytest

from geo.merging import (
    Decisions,
    MergeRules,
    Size,
    candidates,
    fallback,
    network,
    program,
    suggest_merges,
)
from geo.merging.windows import best_within
from tests.geo.merging.checker import check
from tests.geo.merging.counties import board, county
from tests.geo.merging.test_exact import network_of


def dense(seed=1, rows=14):
    """Return a chessboard of units nearly all of which need several others."""
    people = np.random.default_rng(seed).integers(0, 10, (rows, rows))
    return board(people.tolist(), township="T")


@pytest.fixture
def few_steps(monkeypatch):
    """Only pairs can be listed."""
    monkeypatch.setattr(candidates, "MOST_STEPS", (10, 60))


@pytest.mark.parametrize("objective", ["least_change", "most_groups"])
def test_groups_larger_than_those_listed(few_steps, objective):
    frame = dense()
    rules = MergeRules(Size(40), Size(50), Size(90), max_units=10, objective=objective)
    decisions = Decisions(together=["AB"], apart=[("Z100", "Z101")], locked=["Z090"])
    merges = suggest_merges(frame, rules, decisions=decisions)
    assert check(frame, rules, merges, decisions=decisions) == []
    assert "merge_search_limited" in {p.key for p in merges.problems}
    assert merges.levels.loc[merges.levels["value"] > 0, "bound"].isna().all()
    assert not merges.proved
    assert merges.groups["unit_count"].max() > 4
    assert merges.total("left") < 0.2 * len(frame)
    assert merges.units.loc["A", "group"] == merges.units.loc["B", "group"]
    again = suggest_merges(frame.iloc[::-1], rules, decisions=decisions)
    assert again.to_mapping() == merges.to_mapping()


def test_few_units_are_rearranged_to_the_best(few_steps):
    """One window holds them all, so the plan is the best there is; it is not called proved."""
    for seed in range(4):
        frame = county(12, 1, seed=seed, median=20)
        rules = MergeRules(Size(60), maximum=Size(150), max_units=6)
        limited = suggest_merges(frame, rules)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(candidates, "MOST_STEPS", (10**9, 0))
            full = suggest_merges(frame, rules)
        assert full.proved
        assert limited.levels["value"].tolist() == full.levels["value"].tolist()


def test_a_window_is_rearranged_as_the_listed_groups_would_be():
    frame = county(10, 1, seed=5, median=25)
    rules = MergeRules(Size(50), maximum=Size(150), max_units=5)
    tables = network_of(frame, rules)[0].tables
    window = np.argsort(tables.rank).astype(np.int32)
    _, total, steps = best_within(tables, window, 5)
    merges = suggest_merges(frame, rules)
    assert merges.proved
    assert steps < fallback.MOST_STEPS[0]
    assert total[1:4].tolist() == [
        merges.total(level) for level in ("left", "healthy_touched", "travel")
    ]


def test_few_pairs(monkeypatch):
    """Where too many could meet, groups are only a few neighbours across."""
    monkeypatch.setattr(network, "MOST_PAIRS", 2_500)
    frame = dense()
    rules = MergeRules(Size(30), max_units=8)
    merges = suggest_merges(frame, rules)
    assert check(frame, rules, merges) == []
    assert "merge_search_limited" in {p.key for p in merges.problems}
    assert merges.groups["unit_count"].max() > 4


def test_the_whole_county_is_named_in_words(few_steps):
    merges = suggest_merges(dense(rows=6), MergeRules(Size(40), max_units=10, within="county"))
    (told,) = [p for p in merges.problems if p.key == "merge_search_limited"]
    assert told.sentence("zh").startswith("全县")
    assert told.sentence("en").startswith("Too many groups are possible in the county")


def test_hardly_any_work_allowed(monkeypatch):
    """What the solver is stopped at depends on the question, not on the machine."""
    monkeypatch.setattr(program, "MOST_WORK", (0, 0))
    monkeypatch.setattr(program, "_FEWEST_STEPS", 5)
    frame, rules = dense(2), MergeRules(Size(30), maximum=Size(60), max_units=4)
    one, other = suggest_merges(frame, rules), suggest_merges(frame, rules)
    assert check(frame, rules, one) == []
    assert one.to_mapping() == other.to_mapping()
    assert not one.proved
    assert "merge_not_proved" in {p.key for p in one.problems}


def test_nobody_at_all():
    """Nothing can ever be enough: seen before sets are tried, and proved."""
    frame = board(np.zeros((12, 12), int).tolist(), township="T")
    merges = suggest_merges(frame, MergeRules(Size(30), max_units=12))
    assert merges.proved
    assert len(merges.left) == 144
