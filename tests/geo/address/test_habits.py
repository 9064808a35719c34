"""Habits of registers and of people that no invented county has; each was answered wrongly once."""

import functools

import pandas as pd
import pytest

from benchmarks.addresses import Index, make_index

VILLAGES = [
    ("652000001001", "新疆维吾尔自治区", "甲地区", "云岭县", "河口镇", "上湾社区"),
    ("652000001200", "新疆维吾尔自治区", "甲地区", "云岭县", "河口镇", "柳林村"),
    ("652000002200", "新疆维吾尔自治区", "甲地区", "云岭县", "石桥乡", "牌前村委会"),
    ("652000002201", "新疆维吾尔自治区", "甲地区", "云岭县", "石桥乡", "新村社区"),
    ("652000001201", "新疆维吾尔自治区", "甲地区", "云岭县", "河口镇", "岭前村委会"),
    ("652000001202", "新疆维吾尔自治区", "甲地区", "云岭县", "河口镇", "富余村"),
    ("152222101200", "内蒙古自治区", "乙盟", "科尔沁右翼中旗", "白音苏木", "哈达嘎查"),
    ("652000002202", "新疆维吾尔自治区", "甲地区", "云岭县", "石桥乡", "三河村"),
    ("652000002203", "新疆维吾尔自治区", "甲地区", "云岭县", "石桥乡", "公下村"),
    ("652000001203", "新疆维吾尔自治区", "甲地区", "云岭县", "河口镇", "下村"),
    ("652000003200", "新疆维吾尔自治区", "甲地区", "云岭县", "道托镇", "上庄村"),
]
# address, village, grid
HOMES = [
    ("新疆云岭县河口镇上湾社区朝阳路3胡同1号", 0, "g1"),
    ("新疆云岭县河口镇上湾社区南门路3胡同1号", 0, "g2"),
    ("云岭县河口镇柳林村5小队7号", 1, "g3"),
    ("云岭县河口镇柳林村六小队7号", 1, "g4"),
    ("石桥乡牌前村1号", 2, "g5"),
    ("石桥乡新村社区11号", 3, "g6"),
    ("河口镇岭前村1号", 4, "g7"),
    ("河口镇富余村11号", 5, "g8"),
    ("科右中旗白音苏木哈达嘎查西营子3号", 6, "g9"),
    ("云岭老县白音苏木哈达嘎查东营子3号", 6, "g10"),
    ("河口镇柳林村丁家坑6号", 1, "g11"),
    ("河口镇柳林村于家坑6号", 1, "g12"),
    ("河口镇富余村石坦自然村2号", 5, "g13"),
    ("河口镇富余村石坦3号", 5, "g13"),
    ("石桥乡三河村8号", 7, "g14"),
    ("河口镇富余村韩湾组9号", 5, "g15"),
    ("石桥乡三河村韩湾9号", 7, "g16"),
    ("石桥乡公下村4号", 8, "g17"),
    ("河口镇下村4号", 9, "g18"),
    ("云岭县道托镇上庄村5号", 10, "g19"),
    ("道托镇上庄村吕院6号", 10, "g20"),
    ("道托镇上庄村胡院6号", 10, "g21"),
]


@functools.cache
def index() -> Index:
    columns = ["village_code", "province", "city", "county", "town", "village_official"]
    places = pd.DataFrame(VILLAGES, columns=columns)
    register = pd.DataFrame(
        [(str(at), VILLAGES[v][0], text) for at, (text, v, _) in enumerate(HOMES)],
        columns=["household_id", "village_code", "address"],
    )
    aliases = pd.DataFrame(columns=["code", "name", "kind"])
    return make_index(register, places, aliases, [grid for *_, grid in HOMES])


def ask(text: str) -> tuple[str, str | None]:
    answer = index().ask(text)
    return answer.status, index().codes[answer.grid] if answer.grid >= 0 else None


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        # a small team is a group
        ("河口镇柳林村5小队7号", "g3"),
        ("柳林村6组7号", "g4"),
        ("hekou zhen liulin cun 6 xiaodui 7 hao", "g4"),
        # short names of provinces and banners
        ("新疆河口镇上湾社区南门路3胡同1号", "g2"),
        ("河口镇上湾社区朝阳路3胡同1号", "g1"),
        ("科右中旗哈达嘎查西营子3号", "g9"),
        ("科尔沁右翼中旗白音苏木哈达嘎查西营子3号", "g9"),
        # what the register writes before a township need not be known
        ("哈达嘎查东营子3号", "g10"),
        # what people say around an address
        ("好像是河口镇柳林村5小队7号吧", "g3"),
        ("帮我查一下柳林村5组7号属于哪个网格", "g3"),
        ("报修 河口镇富余村11号 张三收", "g8"),
        ("户籍所在地:云岭县河口镇富余村11号，谢谢", "g8"),
        ("河口镇富余村11号我家老房子院子里", "g8"),
        ("富余村11号漏水了", "g8"),
        ("云领县河口镇富余村11号", "g8"),
        # cities that are only a heading
        ("新疆维吾尔自治区自治区直辖县级行政区划云岭县河口镇富余村11号", "g8"),
        # 丁 is a family here, not the tail of a number
        ("6号丁家坑柳林村河口镇", "g11"),
        # 自然村 is no part of the name, and says that it is no village
        ("富余村石坦2号", "g13"),
        ("富余村石坦自然村3号", "g13"),
        ("河口镇富余村史坦自然村2号", "g13"),
        # 镇上 and 村里 are no part of a name
        ("河口镇上柳林5小队7号", "g3"),
        ("富余村里石坦2号", "g13"),
        # a sign typed twice
        ("石桥乡三三河村8号", "g14"),
        ("富余村韩湾9号", "g15"),
        # a homophone of a whole name is no longer name of another village
        ("石桥乡工下村4号", "g17"),
        ("云岭县河口镇下村4号", "g18"),
        # 县道 may be a road, or the ends of two names
        ("云岭县道托镇上庄村5号", "g19"),
        ("上庄村道托镇5号", "g19"),
        ("daotuo zhen shangzhuang cun lvyuan 6 hao", "g20"),
    ],
)
def test_found(text, grid):
    assert ask(text) == ("ok", grid)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("雷岭市河口镇柳林村5小队7号", "another county"),
        ("新星市河口镇柳林村5小队7号", "no slip for 新疆"),
        ("富新村11号", "富余村 with an error, or a village that is not known; not 新村社区"),
        ("河口镇牌前村1号", "牌前村 is of another township, 岭前村 has another name"),
        ("河口镇公下村4号", "公下村 is of another township"),
        ("韩湾9号", "there are 韩湾 and 韩湾组"),
        ("上湾社区东环路3胡同1号", "two signs of the street are wrong"),
        ("云河县河口镇富余村11号", "another county"),
        ("河口镇富余村门口塘11号", "门口塘 is not known"),
        ("河口镇富余村杨家里11号", "杨家里 is not known"),
        ("河口镇富余村新房子11号", "新房子 is not known"),
        ("河口镇富余村11号下面", "below it is another"),
        ("东柳林5小队7号", "东柳林 is a village of its own, with its word or without"),
        ("河口镇新柳林5小队7号", "so is 新柳林"),
        ("富余村小石坦2号", "so is 小石坦"),
        ("富余村新石坦2号", "no slip for 小 or 大 either"),
    ],
)
def test_not_sure(text, why):
    assert ask(text)[0] != "ok", why
