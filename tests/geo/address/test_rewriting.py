"""An address means the same however it is written; what is unknown never makes it mean more."""

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import address_rewrites as rewrites
from benchmarks.address_homes import Home
from benchmarks.address_slips import BEFORE
from benchmarks.address_truth import Recipe, parts_of
from tests.geo.address.counties import KEYS, county, grid_of, index

RECIPES = [
    Recipe(town, village, unit, group, door)
    for town in ("full", "stem", "")
    for village in ("full", "stem")
    for unit, group in ((True, True), (True, False), (False, True))
    for door in (True, False)
]
Rewriting = Callable[[Home, Recipe, random.Random], str]


def _numerals(form: str) -> Rewriting:
    return lambda home, recipe, rng: str(
        parts_of(home, recipe, number=rewrites.NUMERALS[form], group_first=True)
    )


def _words(home: Home, recipe: Recipe, rng: random.Random) -> str:
    word = rng.choice(("社", "队", "小组", "村民小组", "第村民小组", "第组"))
    return str(parts_of(home, recipe, word=word, group_first=True))


def _between(home: Home, recipe: Recipe, rng: random.Random) -> str:
    parts = parts_of(home, recipe, group_first=True).all()
    return rng.choice((rewrites.spaced, rewrites.punctuated))(parts, rng)


def _headed(home: Home, recipe: Recipe, rng: random.Random) -> str:
    heads = (home.county, home.province + home.city + home.county, home.province, home.county * 2)
    return rng.choice(heads) + str(parts_of(home, recipe, group_first=True))


def _script(home: Home, recipe: Recipe, rng: random.Random) -> str:
    text = str(parts_of(home, recipe, group_first=True))
    return rng.choice((rewrites.full_width, rewrites.traditional))(text)


def _introduced(home: Home, recipe: Recipe, rng: random.Random) -> str:
    return rng.choice(BEFORE) + str(parts_of(home, recipe, group_first=True))


def _unit_first(home: Home, recipe: Recipe, rng: random.Random) -> str:
    return str(parts_of(home, recipe, group_first=False))


REWRITINGS: dict[str, Rewriting] = {
    "words": _words,
    "between": _between,
    "county": _headed,
    "script": _script,
    "introduced": _introduced,
    "unit_first": _unit_first,
    **{f"numerals_{form}": _numerals(form) for form in rewrites.NUMERALS},
}


def _home(key: str, at: int) -> Home:
    homes = county(key).homes
    return homes[at % len(homes)]


asked = {
    "key": st.sampled_from(KEYS),
    "at": st.integers(0, 10_000),
    "recipe": st.sampled_from(RECIPES),
    "seed": st.integers(0, 1_000_000),
}


@settings(max_examples=150)
@given(rewriting=st.sampled_from(sorted(REWRITINGS)), **asked)
def test_rewriting_changes_no_answer(rewriting, key, at, recipe, seed):
    home = _home(key, at)
    plain = str(parts_of(home, recipe, group_first=True))
    other = REWRITINGS[rewriting](home, recipe, random.Random(seed))
    assert grid_of(key, other)[:2] == grid_of(key, plain)[:2], (plain, other)


UNKNOWN = (
    "燕子窝村", "白云观镇", "响水洞", "鲤鱼背", "欧阳大屋", "狮子岭", "双牌村",
    "炮台山社区", "太和乡", "仙女洞", "海珠区", "昌平县", "雷公庙屯", "葫芦口街道",
)  # fmt: skip


@settings(max_examples=150)
@given(name=st.sampled_from(UNKNOWN), where=st.integers(0, 5), **asked)
def test_an_unknown_name_never_makes_an_answer_or_another_one(name, where, key, at, recipe, seed):
    home = _home(key, at)
    parts = parts_of(home, recipe, group_first=True).all()
    plain, with_name = "".join(parts), "".join([*parts[:where], name, *parts[where:]])
    status, grid, _ = grid_of(key, plain)
    told, other, _ = grid_of(key, with_name)
    if told == "ok":
        assert (status, grid) == ("ok", other), (plain, with_name)


@settings(max_examples=100)
@given(key=st.sampled_from(KEYS), text=st.text(max_size=60))
def test_any_text_is_answered_without_a_crash_and_without_a_grid_unless_ok(key, text):
    status, grid, _ = grid_of(key, text)
    assert status in ("ok", "ambiguous", "none")
    assert status == "ok" or grid is None


SIGNS = st.sampled_from(
    "村镇乡组社队号户附-#栋单元室第一二三十百0123456789 ，（）abcxiang大小东西前后坝湾家王李"
)


@settings(max_examples=100)
@given(key=st.sampled_from(KEYS), signs=st.lists(SIGNS, max_size=12), at=st.integers(0, 10_000))
def test_signs_of_addresses_at_random_never_crash(key, signs, at):
    """Pieces of true addresses among signs that mean something to the reader."""
    home = _home(key, at)
    middle = len(signs) // 2
    text = "".join(signs[:middle]) + home.village + home.unit + "".join(signs[middle:])
    status, grid, level = grid_of(key, text)
    assert status == "ok" or grid is None
    assert (level is None) == (status == "none")


def test_a_grid_of_a_text_is_the_grid_of_one_of_its_households():
    """Nothing but the register decides: every grid given holds a household that is meant."""
    for key in KEYS:
        held = index(key)
        for home in county(key).homes[::37]:
            answer = held.ask(home.written)
            if answer.status == "ok":
                assert {int(held.grids[row]) for row in answer.found[0].rows} == {answer.grid}
