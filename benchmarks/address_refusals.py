"""Addresses that must not be answered with a house: elsewhere, unknown, or none at all."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.address_asker import Asker, kind, unsure
from benchmarks.address_truth import Query, Recipe, parts_of, stem

JUNK = (
    "你好", "在吗", "三楼", "顺丰快递", "测试", "哈哈哈哈", "……", "?", "村", "镇", "县", "组",
    "号", "村组号",
    "镇村组号", "3组12号", "12号", "三组", "第三村民小组", "12", "3-12", "1栋2单元301室", "🏠",
    "null", "N/A",
    "0", "不详", "同上", "无", "本村", "本组", "隔壁", "老家", "http://a.cn/?q=1", "<b>12号</b>",
    "' OR 1=1 --",
    "13800138000", "511923198001011234", "A座", "No. 12", "cun", "zhen", "hao", "Village",
    "Group 3",
    "村委会", "村民委员会", "社区居民委员会", "人民政府", "大队", "派出所", "中国",
    "北京市海淀区中关村大街1号",
    "上海市浦东新区世纪大道100号", "广东省深圳市南山区科技园", "New York",
    "1600 Amphitheatre Parkway",
)  # fmt: skip
INSTITUTIONS = (
    "人民医院",
    "派出所",
    "中心小学",
    "卫生院",
    "信用社",
    "供销社",
    "邮政所",
    "汽车站",
    "加油站",
    "敬老院",
)


@kind
def _other_county(asker: Asker) -> Query:
    rng, other = asker.rng, asker.rng.choice(asker.foreign)
    town, villages = rng.choice(other.traps)
    head = rng.choice(
        (other.county, other.city + other.county, other.province + other.city + other.county)
    )
    text = f"{head}{town}{rng.choice(villages)[0]}{rng.randint(1, 9)}组{rng.randint(1, 40)}号"
    return Query("none_other_county", text, "none", (), ())


@kind
def _other_county_same_names(asker: Asker) -> Query:
    other, home = asker.rng.choice(asker.foreign), asker.home()
    head = asker.rng.choice(
        (other.county, other.city + other.county, other.province + other.city + other.county)
    )
    text = head + str(parts_of(home, Recipe()))
    return Query("none_other_county_same_names", text, "none_or_ambiguous", (), ())


@kind
def _other_town(asker: Asker) -> Query | None:
    rng, other = asker.rng, asker.rng.choice(asker.foreign)
    town, villages = rng.choice(other.traps)
    village = rng.choice(villages)[0]
    if asker.near_any(town, asker.towns, 1) or asker.near_any(village, asker.names, 1):
        return None
    return Query(
        "none_other_town",
        f"{town}{village}{rng.randint(1, 9)}组{rng.randint(1, 40)}号",
        "none",
        (),
        (),
    )


@kind
def _other_town_same_village(asker: Asker) -> Query | None:
    """A township of elsewhere, or the wrong one of this county, with a village of here."""
    rng, home = asker.rng, asker.home()
    town = rng.choice(
        [t for region in asker.foreign for t, _ in region.traps] + sorted(asker.towns)
    )
    parts = replace(parts_of(home, Recipe()), town=town)
    if (
        stem(town) == stem(home.town)
        or asker.near_any(town, {home.town}, 1)
        or (town, home.village) in {(h.town, h.village) for h in asker.county.homes}
    ):
        return None
    return Query("none_wrong_town", str(parts), "none_or_ambiguous", (), ())


@kind
def _unknown_village(asker: Asker) -> Query | None:
    rng, home = asker.rng, asker.home()
    name = (
        rng.choice(
            (
                "丰收",
                "胜利",
                "燕子窝",
                "白云观",
                "凤凰台",
                "沙井子",
                "响水洞",
                "双牌",
                "茅草街",
                "太和",
            )
        )
        + "村"
    )
    if asker.near_any(name, asker.names, 1.5):
        return None
    parts = replace(parts_of(home, Recipe()), village=name)
    if rng.random() < 0.5:
        parts = replace(parts, unit="")
    return Query("none_unknown_village", str(parts), "none_or_ambiguous", (), ())


@kind
def _unknown_unit(asker: Asker) -> Query | None:
    rng, home = asker.rng, asker.home()
    name = rng.choice(
        ("欧阳大屋", "观音阁", "鲤鱼背", "炮台山", "狮子岭", "葫芦口", "雷公庙", "仙女洞", "马桑埂")
    )
    here = {other.unit for other in asker.truth.homes_of(home.code)}
    if asker.near_any(name, here - {""}, 1.5):
        return None
    parts = replace(parts_of(home, Recipe(group=False)), unit=name)
    grids = {other.grid for other in asker.truth.homes_of(home.code)}
    return Query(
        "none_unknown_unit",
        str(parts),
        "village_or_none",
        (),
        tuple(sorted(grids)) if len(grids) == 1 else (),
    )


@kind
def _unknown_group(asker: Asker) -> Query | None:
    rng, home = asker.rng, asker.home()
    parts = replace(
        parts_of(home, Recipe(unit=rng.random() < 0.4)), group=f"{rng.randint(31, 60)}组"
    )
    grids = {other.grid for other in asker.truth.homes_of(home.code)}
    return Query(
        "none_unknown_group",
        str(parts),
        "village_or_none",
        (),
        tuple(sorted(grids)) if len(grids) == 1 else (),
    )


@kind
def _contradicting_group(asker: Asker) -> Query | None:
    """A group of the village in which the natural village does not lie."""
    rng, home = asker.rng, asker.home()
    here = asker.truth.homes_of(home.code)
    linked = asker.truth.links.get((home.code, home.unit), set())
    wrong = sorted({h.group for h in here} - {h.group for h in here if h.unit == home.unit} - {0})
    if not home.unit or not wrong or not linked:
        return None
    parts = replace(parts_of(home, Recipe()), group=f"{rng.choice(wrong)}组")
    grids = {other.grid for other in here}
    return Query(
        "none_contradicting_group",
        str(parts),
        "village_or_none",
        (),
        tuple(sorted(grids)) if len(grids) == 1 else (),
    )


@kind
def _unknown_house(asker: Asker) -> Query | None:
    rng, home = asker.rng, asker.home()
    recipe = replace(asker.recipe(), door=False)
    parts = replace(parts_of(home, recipe), door=f"{rng.randint(4000, 9000)}号")
    expect, ids, grids = asker.truth.judge(home, recipe)
    return Query(
        "unknown_house",
        str(parts),
        expect if expect in ("right_or_unsure", "unknowable") else "not_house",
        ids,
        grids,
    )


@kind
def _unknown_sub(asker: Asker) -> Query | None:
    home, recipe = asker.home(), asker.recipe()
    if home.building or home.sub or home.lead:
        return None
    expect, ids, grids = asker.truth.judge(home, recipe)
    text = str(
        replace(parts_of(home, recipe), door=f"{home.number}号附{asker.rng.randint(20, 40)}号")
    )
    return Query("unknown_sub", text, unsure(expect), ids, grids)


@kind
def _junk(asker: Asker) -> Query:
    return Query("none_junk", asker.rng.choice(JUNK), "none_or_ambiguous", (), ())


@kind
def _institution(asker: Asker) -> Query:
    home = asker.home()
    place = asker.rng.choice((asker.head, home.town, home.town + home.village, ""))
    here = {other.grid for other in asker.truth.homes_of(home.code)}
    expect = "village_or_none" if home.village in place else "none_or_ambiguous"
    text = place + asker.rng.choice(INSTITUTIONS)
    return Query(
        "none_institution", text, expect, (), tuple(sorted(here)) if len(here) == 1 else ()
    )


@kind
def _names_without_more(asker: Asker) -> Query:
    """Only the county, or only a township: never one grid."""
    home = asker.home()
    text = asker.rng.choice(
        (asker.head, home.town, asker.head + home.town, asker.long_head, stem(home.town) + "12号")
    )
    return Query("none_wide", text, "none_or_ambiguous", (), ())
