"""Equal spellings, different places, and never a grid when two are possible."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.address import Match, address_key, decide, normalise
from tests.shared import shared_data

SAME = [
    ("江家山25号", "江家山２５號"),
    ("江家山25号", " 江家山 25 号 "),
    ("江家山25号", "江家山二十五号"),
    ("江家山25号", "江家山貳拾伍號"),
    ("江家山25号", "江家山,25号。"),
    ("江家山25号", "江家\u200b山25号"),
    ("坪坝镇3组", "坪壩鎮三組"),
    ("坪坝村3组", "坪坝村三村民小组"),
    ("坪坝村3组", "坪坝村第3村民小组"),
    ("坪坝村3组", "坪坝村第三小组"),
    ("坪坝村10组", "坪坝村十组"),
    ("坪坝村105号", "坪坝村一百〇五号"),
    ("坪坝村105号", "坪坝村一百零五号"),
    ("坪坝村115号", "坪坝村一百一十五号"),
    ("坪坝村1020号", "坪坝村一千零二十号"),
    ("坪坝村302室", "坪坝村三〇二室"),
    ("12-3号", "12—3号"),
    ("12-3号", "12之3号"),
    ("A栋2单元", "a棟二單元"),
]
DIFFERENT = [
    ("江家山25号", "江家山52号"),
    ("坪坝村三组", "坪坝村三社"),
    ("大塘村", "大塘社区"),
    ("二号村", "2号村"),  # a name is a name
    ("12/3号", "123号"),
    ("3组 12号", "312号"),
    ("三 十二号", "三十二号"),
    ("坪坝村一百二号", "坪坝村102号"),  # 120 as well
    ("坪坝村一二组", "坪坝村12组"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_address(one, other):
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_that_must_not_fall_together(one, other):
    assert address_key(one) != address_key(other)


def test_names_keep_their_numerals():
    for name in ("东方红二号村", "七社", "三组桥", "一二组", "第二号桥", "三道拐"):
        assert normalise(name) == name
    assert normalise("三道拐二组") == "三道拐2组"


def test_only_known_prefixes_are_dropped():
    known = ["重庆市", "城口县"]
    assert address_key("重庆市城口县葛城街道25号", known) == "葛城街道25号"
    assert address_key("城口縣 葛城街道25号", known) == "葛城街道25号"
    assert address_key("巫溪县葛城街道25号", known) == "巫溪县葛城街道25号"
    assert address_key("城口县", known) == ""
    assert address_key("葛城街道25号", [""]) == "葛城街道25号"


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=40))
def test_any_text_has_one_spelling(text):
    once = normalise(text)
    assert normalise(once) == once
    assert normalise(unicodedata.normalize("NFKC", text)) == once
    assert not any(c.isspace() for c in once)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 9999), st.sampled_from(["组", "号", "户", "栋", "室"]))
def test_every_numeral_below_ten_thousand(number, unit):
    assert normalise(f"坪坝村{chinese(number)}{unit}") == f"坪坝村{number}{unit}"


def chinese(number):
    """The usual reading: 十二, 一百零五, 一千零二十, 二千三百."""
    digits = "零一二三四五六七八九"
    text, pending = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if pending else "") + digits[digit] + name
            pending = False
        elif text:
            pending = True
    return text[1:] if 10 <= number < 20 else text


def matches(*rows):
    return [Match(address_key(a), a, g, str(i)) for i, (a, g) in enumerate(rows)]


REGISTER = matches(
    ("凤凰社区江家山25号", "g1"),
    ("凤凰社区江家山26号", "g1"),
    ("凤凰社区江家湾3组1号", "g1"),
    ("凤凰社区江家湾3组12号", "g1"),
    ("凤凰社区江家湾4组1号", "g2"),
    ("凤凰社区江家湾4组2号", "g3"),
    ("凤凰社区江家湾5组1号", None),
    ("凤凰社区6组1号附1号", "g4"),
    ("凤凰社区6组1号附2号", "g4"),
)


@pytest.mark.parametrize(
    ("query", "status", "level", "grid"),
    [
        ("凤凰社区江家山25号", "ok", "house", "g1"),
        ("凤凰社区江家山25", "ok", "house", "g1"),
        ("凤凰社区江家山二十五号", "ok", "house", "g1"),
        ("凤凰社区江家山", "ok", "natural_village", "g1"),
        ("凤凰社区江家湾3组", "ok", "group", "g1"),
        ("凤凰社区江家湾3组1", "ok", "house", "g1"),
        ("凤凰社区江家湾4组", "ambiguous", "group", None),
        ("凤凰社区江家湾", "ambiguous", "natural_village", None),
        ("凤凰社区江家", "ambiguous", None, None),  # half a name
        ("凤凰社区", "ambiguous", "village", None),
        ("凤凰社区江家湾5组1号", "ok", "house", None),  # known, and in no grid
        ("凤凰社区6组1号", "ok", "house", "g4"),
        ("凤凰社区江家湾3", "ambiguous", None, None),  # group or house?
        ("凤凰社区江家山2", "none", None, None),  # not the beginning of 25
        ("凤凰社区江家山27号", "none", None, None),
        ("江家山25号", "none", None, None),
        ("", "none", None, None),
    ],
)
def test_decisions(query, status, level, grid):
    decision = decide(address_key(query), REGISTER)
    assert (decision.status, decision.level, decision.grid) == (status, level, grid)


def test_an_address_used_twice():
    same = matches(("江家山25号", "g1"), ("江家山25号", "g1"))
    assert decide("江家山25号", same).grid == "g1"
    differ = matches(("江家山25号", "g1"), ("江家山25号", "g2"), ("江家山25号附1号", "g1"))
    decision = decide("江家山25号", differ)
    assert (decision.status, decision.grid, decision.grids) == ("ambiguous", None, ("g1", "g2"))
    assert decision.confidence == 0.5
    in_no_grid = matches(("江家山25号", "g1"), ("江家山25号", None))
    assert decide("江家山25号", in_no_grid).status == "ambiguous"


def test_a_lookup_that_stopped_early_is_not_unique():
    found = REGISTER[:2]
    assert decide("凤凰社区江家山", found).status == "ok"
    assert decide("凤凰社区江家山", found, complete=False).status == "ambiguous"
    assert decide("凤凰社区江家山25号", found, complete=False).status == "ok"


keys = st.text(alphabet="江家山湾12345号组村", min_size=1, max_size=7)
registers = st.lists(st.tuples(keys, st.sampled_from(["g1", "g2", None])), max_size=12)


@settings(deadline=None, max_examples=300)
@given(keys, registers, st.booleans())
def test_never_a_grid_when_two_are_possible(query, rows, complete):
    found = [Match(key, key, grid) for key, grid in rows]
    decision = decide(query, found, complete=complete)
    possible = {m.grid for m in found if m.key == query} or {
        m.grid for m in found if m.key.startswith(query)
    }
    if decision.status == "ok":
        exact = any(m.key == query for m in found)
        assert exact or complete
        assert {decision.grid} == {m.grid for m in decision.candidates}
        if exact:
            assert possible == {decision.grid}
    else:
        assert decision.grid is None
        assert decision.match is None
    if decision.status == "none":
        assert not any(m.key == query for m in found)
    assert 0 <= decision.confidence <= 1
    assert decide(query, found[::-1], complete=complete) == decision


def test_the_public_queries_get_no_wrong_grid():
    """Counts on the synthetic pack: as stored always found, and not one wrong grid."""
    register = pd.read_csv(shared_data("dev_pack_chengkou/register.csv"))
    queries = pd.read_csv(shared_data("dev_pack_chengkou/queries.csv"), dtype=str).fillna("")
    grids = household_grids(register)
    prefixes = ["重庆市", "城口县"]
    register["key"] = [address_key(a, prefixes) for a in register.address]
    register = register.assign(grid=grids).sort_values("key")
    wrong, stored = [], []
    for query in queries.itertuples():
        key = address_key(query.text, prefixes)
        low, high = register.key.searchsorted([key, key + "\U0010ffff"])
        rows = register.iloc[low:high] if key else register.iloc[:0]
        found = [Match(r.key, r.address, r.grid, str(r.household_id)) for r in rows.itertuples()]
        decision = decide(key, found)
        right = set(query.gold_grid_ids.replace(";", "|").replace(",", "|").split("|")) - {""}
        if decision.status == "ok" and {decision.grid} != right:
            wrong.append((query.type, query.text, decision.grid, right))
        if query.type == "as_stored":
            stored.append(decision.status == "ok")
    assert wrong == []
    assert len(stored) > 10
    assert all(stored)


def household_grids(register):
    import geopandas

    from geo.locate import GridIndex

    grids = geopandas.read_file(shared_data("dev_pack_chengkou/grids.geojson"))
    index = GridIndex(grids.grid_id.tolist(), grids.geometry.array)
    position = index.locate(register.lon, register.lat)
    return [grids.grid_id[p] if p >= 0 else None for p in position]
