"""Joint villages (联村): who may join whom, codes, names, leaving; no land moves."""

import itertools
import random

import geopandas
import pytest
import shapely

from geo.edits import JointVillage, Partition, attempt, edit_to_json, parse_edit
from geo.edits.unions import parts_of
from geo.errors import EditError
from tests.geo.edits.squares import VILLAGE, partition

TOWN = VILLAGE[:9]
A, B, C, D = (f"{TOWN}{number:03d}" for number in range(1, 5))
E = "500229002001"  # east of D, in the next township
F = "500230001001"  # east of E, in the next county
NAMES = {A: "甲村", B: "乙社区", C: "丙村", D: "丁村", E: "戊村", F: "己村"}
J601, J602 = f"{TOWN}601", f"{TOWN}602"


def county(*joint, locked=(), taken=(), hidden=(), villages=(A, B, C, D, E, F)):
    """Return villages of one hundredth of a degree in a row, A in the west, without grids."""
    shapes = [
        None if code in hidden else shapely.box(108 + i / 100, 31, 108 + (i + 1) / 100, 31.01)
        for i, code in enumerate(NAMES)
    ]
    units = geopandas.GeoDataFrame(
        {"code": list(NAMES), "name": list(NAMES.values())}, geometry=shapes, crs=4490
    )
    units["locked"] = units["code"].isin(locked)
    units = units[units["code"].isin(villages)].reset_index(drop=True)
    grids = partition("a").grids.iloc[:0]
    return Partition(grids, units, taken=frozenset(taken), joint_villages=tuple(joint))


def perform(place, **edit):
    return attempt(place, parse_edit(edit))


def join(place, *villages, **more):
    return perform(place, type="join_villages", villages=list(villages), **more)


def leave(place, village):
    return perform(place, type="leave_joint_village", village=village)


def key_of(outcome):
    assert outcome.problem is not None
    return outcome.problem.key


def test_villages_join_under_the_lowest_free_code():
    place = county(taken=[A, B, C, J601, f"{TOWN}603"])
    outcome = join(place, C, B, A)
    assert outcome.problem is None
    assert outcome.joint_villages == (JointVillage(J602, "甲乙丙联村", (A, B, C)),)
    assert (outcome.created, outcome.removed, outcome.changed) == ((J602,), (), ())
    assert outcome.grids is place.grids


def test_a_code_and_a_name_may_be_given():
    [made] = join(county(), A, B, code=f"{TOWN}777", name="河东联村").joint_villages
    assert (made.code, made.name) == (f"{TOWN}777", "河东联村")
    assert key_of(join(county(taken=[f"{TOWN}777"]), A, B, code=f"{TOWN}777")) == "joint_code_taken"
    for code in (f"{TOWN}600", f"{TOWN}123", "500229002601"):
        assert key_of(join(county(), A, B, code=code)) == "joint_code_irregular"


def test_no_code_is_left():
    taken = [f"{TOWN}{number}" for number in range(601, 1000)]
    assert key_of(join(county(taken=taken), A, B)) == "too_many_joint_villages"
    assert join(county(taken=taken[:-1]), A, B).created == (f"{TOWN}999",)


def test_joining_again_adds_and_a_name_nobody_gave_follows():
    first = JointVillage(J601, "甲乙联村", (A, B), key=5)
    other = JointVillage(J602, "别的", (D, E), key=6)
    outcome = join(county(first, other), B, C)
    assert outcome.joint_villages == (JointVillage(J601, "甲乙丙联村", (A, B, C), key=5), other)
    assert outcome.created == ()
    named = JointVillage(J601, "河东联村", (A, B), key=5)
    assert join(county(named), B, C).joint_villages[0].name == "河东联村"
    assert join(county(named), B, C, name="新联村").joint_villages[0].name == "新联村"
    # the joint village may be named by its code, too
    assert join(county(named), C, D, code=J601).joint_villages[0].members == (A, B, C, D)
    assert key_of(join(county(named), A, B)) == "no_change"


def test_a_village_is_in_one_joint_village():
    first, other = JointVillage(J601, "一", (A, B)), JointVillage(J602, "二", (C, D))
    refused = join(county(first, other), B, C).problem
    assert refused.key == "village_joined_elsewhere"
    assert refused.details == {"village": C, "code": J602, "name": "二"}
    assert key_of(join(county(first), B, C, code=J602)) == "village_joined_elsewhere"
    assert key_of(join(county(first, other), A, D, code=J601)) == "village_joined_elsewhere"


def test_members_border_on_each_other():
    refused = join(county(), A, B, D).problem
    assert refused.key == "villages_apart"
    assert refused.grids == (D,)
    assert refused.geometry.equals(shapely.box(108.03, 31, 108.04, 31.01))
    # a corner is no contact, a hair between two surveys is no gap
    corner = {A: shapely.box(108, 31, 108.01, 31.01), B: shapely.box(108.01, 31.01, 108.02, 31.02)}
    assert parts_of(corner) == [[A], [B]]
    hair = {A: shapely.box(108, 31, 108.01, 31.01), B: shapely.box(108.010002, 31, 108.02, 31.01)}
    assert parts_of(hair) == [[A, B]]
    wide = {A: shapely.box(108, 31, 108.01, 31.01), B: shapely.box(108.01001, 31, 108.02, 31.01)}
    assert parts_of(wide) == [[A], [B]]
    within = {
        A: shapely.box(108, 31, 108.01, 31.01),
        B: shapely.box(108.001, 31.001, 108.002, 31.002),
    }
    assert parts_of(within) == [[A, B]]


def test_townships_and_counties():
    assert key_of(join(county(), D, E)) == "different_townships"
    made = join(county(), D, E, within="county").joint_villages
    assert [j.code for j in made] == [J601]
    # one that crosses the border of its township goes on doing so
    assert join(county(*made), C, D).joint_villages[0].members == (C, D, E)
    assert key_of(join(county(), E, F, within="county")) == "different_counties"


def test_where_no_outline_is_known_the_grids_tell():
    square = partition("ab", villages={"b": B})
    units = square.villages.assign(geometry=None)
    outcome = join(Partition(square.grids, units), A, B)
    assert outcome.joint_villages[0].members == (A, B)
    # without names the codes stand for them
    assert outcome.joint_villages[0].name == f"{A}{B}联村"
    assert key_of(join(county(hidden=[A]), A, B)) == "village_without_land"
    assert key_of(join(county(villages=[B, C]), A, B)) == "village_not_found"


def test_leaving():
    three = JointVillage(J601, "甲乙丙联村", (A, B, C), key=5)
    outcome = leave(county(three), C)
    assert outcome.joint_villages == (JointVillage(J601, "甲乙联村", (A, B), key=5),)
    assert key_of(leave(county(three), B)) == "villages_apart"
    assert key_of(leave(county(three), D)) == "village_not_joined"
    ended = leave(county(*outcome.joint_villages), A)
    assert (ended.joint_villages, ended.removed) == ((), (J601,))


def test_locked_villages_stay_where_they_are():
    two = JointVillage(J601, "甲乙联村", (A, B))
    assert key_of(join(county(locked=[B]), A, B)) == "village_locked"
    assert key_of(leave(county(two, locked=[B]), B)) == "village_locked"
    assert key_of(leave(county(two, locked=[B]), A)) == "village_locked"  # it would end
    assert join(county(two, locked=[A]), B, C).problem is None


def test_another_name():
    two = JointVillage(J601, "甲乙联村", (A, B), key=5)
    outcome = perform(county(two), type="set_attributes", grid=J601, attributes={"name": "河东"})
    assert outcome.joint_villages == (JointVillage(J601, "河东", (A, B), key=5),)
    same = {"type": "set_attributes", "grid": J601, "attributes": {"name": "甲乙联村"}}
    assert key_of(perform(county(two), **same)) == "no_change"
    kind = {"type": "set_attributes", "grid": J601, "attributes": {"kind": "dedicated"}}
    assert key_of(perform(county(two), **kind)) == "invalid_edit"
    assert key_of(perform(county(), **same)) == "grid_not_found"


def test_long_names():
    many = [f"{TOWN}{number:03d}" for number in range(1, 9)]
    shapes = [shapely.box(108 + i / 100, 31, 108 + (i + 1) / 100, 31.01) for i in range(8)]
    units = geopandas.GeoDataFrame(
        {"code": many, "name": [f"第{c}村民委员会" for c in "一二三四五六七八"], "locked": False},
        geometry=shapes,
        crs=4490,
    )
    [made] = join(Partition(partition("a").grids.iloc[:0], units), *many).joint_villages
    assert made.name == "第一第二第三第四第五第六等8村联村"


@pytest.mark.parametrize("seed", range(20))
def test_any_walk_keeps_the_rules(seed):
    """Each village in one joint village, members in one piece, codes unique and lowest free."""
    order = random.Random(seed)
    towns, places = [A, B, C, D], itertools.count()
    place = county()
    for _ in range(40):
        picked = order.sample(towns, order.randint(2, 4))
        outcome = leave(place, picked[0]) if order.random() < 0.5 else join(place, *picked)
        if outcome.problem is not None:
            continue
        next(places)
        joint = outcome.joint_villages
        assert all(len(j.members) >= 2 and j.members == tuple(sorted(j.members)) for j in joint)
        members = [code for j in joint for code in j.members]
        assert len(members) == len(set(members))
        assert len({j.code for j in joint}) == len(joint)
        numbers = [towns.index(code) for j in joint for code in j.members]
        assert all(
            [towns.index(c) for c in j.members]
            == list(range(towns.index(j.members[0]), towns.index(j.members[-1]) + 1))
            for j in joint
        ), numbers
        for code in outcome.created:
            held = {j.code for j in place.joint_villages}
            assert code == min(c for c in (J601, J602, f"{TOWN}603") if c not in held)
        place = county(*joint, taken=[j.code for j in joint])
    assert next(places) > 5


BAD = [
    {"villages": [A]},
    {"villages": []},
    {"villages": [A, A]},
    {"villages": [A, "12"]},
    {"villages": [A, f"{TOWN}000"]},
    {"villages": [A, B + "001"]},
    {"villages": [A, 7]},
    {"villages": A},
    {"villages": [A, B], "name": ""},
    {"villages": [A, B], "name": "x" * 201},
    {"villages": [A, B], "code": "601"},
    {"villages": [A, B], "within": "world"},
    {"villages": [A, B], "keep": A},
    {},
]


@pytest.mark.parametrize("members", BAD, ids=str)
def test_bad_joins_are_not_read(members):
    with pytest.raises(EditError) as refused:
        parse_edit({"type": "join_villages", **members})
    assert refused.value.problems[0].key == "invalid_edit"


RUN = "5d4b5a3e-6c0f-4b0a-9a53-7f3e2b1c0d9e"
MERGE = {"type": "merge", "grids": [f"{A}001", f"{A}002"]}
SUGGESTION = {"type": "apply_suggestion", "run": RUN, "group": 3, "edit": MERGE}


@pytest.mark.parametrize(
    "value",
    [
        {"type": "join_villages", "villages": [A, B]},
        {"type": "join_villages", "villages": [A, B], "name": "河东", "code": J601},
        {"type": "leave_joint_village", "village": A},
        SUGGESTION,
        {"type": "apply_suggestion", "run": RUN, "group": "G-1"},
        {"type": "apply_suggestion", "run": RUN, "group": 0},
    ],
    ids=lambda value: value["type"],
)
def test_edits_come_back_as_they_were_written(value):
    edit = parse_edit(value)
    assert parse_edit(edit_to_json(edit)) == edit
    assert edit_to_json(edit).items() >= value.items()


@pytest.mark.parametrize(
    "wrong",
    [
        {"run": "last"},
        {"run": None},
        {"group": None},
        {"group": False},
        {"group": -1},
        {"group": 1.5},
        {"edit": {"type": "merge"}},
        {"edit": SUGGESTION},
        {"edit": []},
    ],
    ids=str,
)
def test_bad_suggestions_are_not_read(wrong):
    with pytest.raises(EditError) as refused:
        parse_edit({**SUGGESTION, **wrong})
    assert refused.value.problems[0].key == "invalid_edit"


def test_a_suggestion_does_what_its_edit_does():
    place = partition("ab\ncd")
    plain = attempt(place, parse_edit(MERGE))
    suggested = attempt(place, parse_edit(SUGGESTION))
    assert suggested.grids.equals(plain.grids)
    assert (suggested.changed, suggested.removed) == (plain.changed, plain.removed)
    with pytest.raises(ValueError, match="what does group 3"):
        attempt(place, parse_edit({**SUGGESTION, "edit": None}))
