"""The vocabulary: both sentences for every key, none can fail to be told, the page is in step."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.problems import VOCABULARY, Problem, document

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"
FIELDS = string.Formatter()


def fields(template):
    return {name for _, name, _, _ in FIELDS.parse(template) if name}


@pytest.mark.parametrize("key", VOCABULARY)
def test_sentences(key):
    entry = VOCABULARY[key]
    assert entry.zh.strip()
    assert entry.en.strip()
    assert bool(entry.remedy_zh) == bool(entry.remedy_en)
    assert any("\u4e00" <= c <= "\u9fff" for c in entry.zh)
    # the same values in both languages, but for texts that come in two languages themselves
    both = [{f.removesuffix("_zh").removesuffix("_en") for f in fields(t)} for t in entry[1:3]]
    assert both[0] == both[1], f"{key}: {both}"


@pytest.mark.parametrize("key", VOCABULARY)
@given(value=st.one_of(st.none(), st.text(max_size=5), st.floats(), st.integers(), st.just(())))
def test_every_problem_can_be_told(key, value):
    template = VOCABULARY[key].zh + VOCABULARY[key].en
    whole = Problem(key, dict.fromkeys(fields(template), value))
    for problem in (Problem(key), whole):
        assert problem.sentence("zh")
        assert problem.sentence("en")


def test_unknown_keys_are_refused():
    with pytest.raises(KeyError, match="no_such_key"):
        Problem("no_such_key")


def test_numbers_and_missing_values():
    gap = Problem("gap_in_village", {"village": "v", "area_m2": 12345.678})
    assert gap.sentence("en") == "12,345.68 m² of v, with — households, is in no grid."
    assert gap.severity == "error"


def test_one_and_many():
    one = Problem("places_unknown", {"count": 1})
    assert one.sentence("en").startswith("1 household has no usable place")
    many = Problem("places_unknown", {"count": 2})
    assert many.sentence("en").startswith("2 households have no usable place")
    unknown = Problem("places_unknown")
    assert unknown.sentence("en").startswith("— households have no usable place")


def test_the_page_lists_every_key():
    page = PAGE.read_text(encoding="utf-8")
    for key in VOCABULARY:
        assert page.count(f"| `{key}` |") == 2
    assert page == document(), "run: python -m geo.problems > docs/problems.md"
