"""Draw the session of docs/examples again: a planner's week on the sample county.

    python -m benchmarks.plan_session [FILE]

What is to be done stands here (which village, which grids, what for); where the lines run is
computed from the sample, so that the session can be drawn again when the sample changes. Every edit
is tried on the lines the earlier ones have left; one that is refused ends the run. The county is
the sample with the raw file of its grids brought in, as ``docs/examples/README.md`` says.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from data.sample import generate
from data.sample.faults import grids_with_faults
from geo.crs import to_store
from geo.edits import Partition, attempt, parse_edit

FILE = Path(__file__).parents[1] / "docs" / "examples" / "plan-session.jsonl"
ZONE = 4545
COLUMNS = ["code", "name", "village_code", "kind", "parent_code", "locked", "geometry"]
# what an import leaves out of the raw file: no polygon, or the same code twice
LEFT_OUT = ("bow_tie", "duplicate_code")
BEYOND_M = 15.0  # how far a line is drawn out over the border it crosses
HEAD = """\
# 示例县 2026 年网格调整：城口县规划员的一次完整编辑，每行一个修改，# 起头的是说明。
# 用法见 README.md。由 python -m benchmarks.plan_session 生成。
# The adjustment of 2026 in the sample county: a planner's whole session, one edit a line; lines
# that begin with # are notes. How to play it: README.md. Drawn by python -m benchmarks.plan_session
"""


class Desk:
    """The lines as the session leaves them, and what it has drawn so far."""

    def __init__(self) -> None:
        county = generate()
        self.grids = delivered(county.grids)
        villages = county.divisions[county.divisions["level"] == "village"]
        self.villages = villages[["code", "geometry"]].reset_index(drop=True).assign(locked=False)
        self.settlements = county.natural_villages
        self.homes = county.households.to_crs(ZONE).geometry.to_numpy()
        self.tree = shapely.STRtree(self.homes)
        self.taken = set(self.grids["code"])
        self.text = HEAD

    def chapter(self, zh: str, en: str) -> None:
        self.text += f"\n# ── {zh}  {en}\n"

    def edit(self, zh: str, en: str, kind: str, **members: object) -> None:
        value = {"type": kind, **{name.rstrip("_"): given for name, given in members.items()}}
        lines = Partition(self.grids, self.villages, self.settlements, frozenset(self.taken))
        outcome = attempt(lines, parse_edit(value))
        if outcome.problem is not None:
            raise SystemExit(f"{en}: {outcome.problem.sentence('en')}\n{value}")
        self.grids, self.villages = outcome.grids, outcome.villages
        self.taken |= set(outcome.created)
        self.text += f"# {zh}  {en}\n{json.dumps(value, ensure_ascii=False)}\n"
        counts = {code: self.count(code) for code in outcome.changed}
        print(f"{kind}: {en} {counts}")

    def shape(self, code: str) -> shapely.Geometry:
        return metric(self.grids.geometry[self.grids["code"] == code])

    def outline(self, village: str) -> shapely.Geometry:
        return metric(self.villages.geometry[self.villages["code"] == village])

    def households(self, code: str) -> np.ndarray:
        return shapely.get_coordinates(self.homes[self.tree.query(self.shape(code), "contains")])

    def count(self, code: str) -> int:
        return len(self.households(code))

    def border(self, one: str, other: str) -> shapely.Geometry:
        """Return the longest stretch of border between two grids."""
        shared = shapely.line_merge(shapely.intersection(self.shape(one), self.shape(other)))
        return max(shapely.get_parts(shared), key=shapely.length)

    def junction(self, one: str, other: str, third: str) -> np.ndarray:
        """Return the place where three grids meet."""
        shared = shapely.intersection(self.border(one, other), self.shape(third))
        return shapely.get_coordinates(shared)[0]


def delivered(grids: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the county's grids after its raw file has come in with ``--skip-bad-rows``."""
    raw, faults = grids_with_faults(grids)
    bad = [fault.row - 1 for fault in faults if fault.kind in LEFT_OUT and fault.row]
    twice = raw["code"].duplicated(keep=False).to_numpy().nonzero()[0]
    raw = raw.drop(index=sorted({*bad, *twice}))
    kept = grids[~grids["code"].isin(raw["code"])]
    together = pd.concat([raw, kept], ignore_index=True).assign(locked=False)
    return to_store(geopandas.GeoDataFrame(together[COLUMNS], crs=grids.crs))


def metric(shapes: geopandas.GeoSeries) -> shapely.Geometry:
    return shapes.to_crs(ZONE).iloc[0]


def lonlat(places: object, digits: int) -> list[list[float]]:
    points = shapely.points(np.asarray(places, dtype=float).reshape(-1, 2))
    moved = geopandas.GeoSeries(points, crs=ZONE).to_crs(4490)
    return [[round(p.x, digits), round(p.y, digits)] for p in moved]


def line(places: object) -> dict[str, object]:
    return {"type": "LineString", "coordinates": lonlat(places, 6)}


def hexagon(middle: np.ndarray, radius_m: float) -> dict[str, object]:
    turns = np.arange(6) * math.pi / 3 + 0.2
    ring = lonlat(middle + radius_m * np.column_stack([np.cos(turns), np.sin(turns)]), 6)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def node(place: np.ndarray) -> list[float]:
    return lonlat(place, 9)[0]


def across(shape: shapely.Geometry, through: np.ndarray, way: np.ndarray) -> dict[str, object]:
    """Return a line over a shape, through a place, a little beyond its border on both sides."""
    west, south, east, north = shape.bounds
    reach = math.hypot(east - west, north - south) * way
    cut = shapely.intersection(shapely.LineString([through - reach, through + reach]), shape)
    part = max(shapely.get_parts(cut), key=shapely.length)
    start, end = shapely.get_coordinates(part)[[0, -1]]
    return line([start - BEYOND_M * way, through, end + BEYOND_M * way])


def halving(desk: Desk, code: str) -> dict[str, object]:
    """Return a line with half of a grid's households on either side."""
    homes = desk.households(code)
    along, aside = np.linalg.svd(homes - homes.mean(axis=0))[2]
    middle = along * np.median(homes @ along) + aside * np.median(homes @ aside)
    return across(desk.shape(code), middle, aside)


def bow(desk: Desk, grids: list[str], first: float, last: float, out_m: float) -> dict[str, object]:
    """Return a bow from one place of a border to another (as parts of its length)."""
    stretch = desk.border(*grids)
    ends = shapely.line_interpolate_point(stretch, [first, last], normalized=True)
    start, end = shapely.get_coordinates(ends)
    way = (end - start) / np.hypot(*(end - start))
    aside = np.array([-way[1], way[0]]) * out_m
    steps = [(-0.005, -0.01), (0.25, 0.75), (0.5, 1.0), (0.75, 0.75), (1.005, -0.01)]
    return line([start + (end - start) * at + aside * off for at, off in steps])


def codes(village: str, *numbers: int) -> list[str]:
    return [f"{village}{number:03d}" for number in numbers]


# fmt: off
def mend(desk: Desk) -> None:
    desk.chapter("修补送来的原始数据", "Mend what the raw file brought")
    jinliu, dianping, shuanglong = "500229105204", "500229210208", "500229214200"
    a, b, c = codes(jinliu, 2, 3, 4)
    desk.edit(
        "金六村：第三网格压在第二网格上", "Jinliu: grid 003 lies over grid 002",
        "resolve_overlap", grids=[a, b], winner=a,
    )
    desk.edit(
        "也压在第四网格上", "and over grid 004", "resolve_overlap", grids=[b, c], winner=c
    )
    twin = f"{dianping}003"
    desk.edit(
        "店坪村：同一网格以不规则编码又送来一次",
        "Dianping: a grid that came a second time under an irregular code",
        "merge", grids=[twin, "500229-003A"], keep=twin,
    )
    astray = f"{shuanglong}003"
    rest = shapely.union_all([desk.shape(code) for code in codes(shuanglong, 1, 2, 4, 5, 6, 7, 8)])
    gap = shapely.difference(desk.outline(shuanglong), rest).representative_point()
    desk.edit(
        "双龙村：第三网格画到了县外，把原处的空白划回给它",
        "Shuanglong: grid 003 was drawn outside the county; give it the gap where it belongs",
        "fill_gap", at=lonlat(shapely.get_coordinates(gap), 6)[0], to=astray,
    )
    desk.edit("裁掉村外部分", "cut off what lies outside", "clip_to_village", grid=astray)
    desk.edit(
        "修好的三个村先锁定", "lock the three villages that are in order now",
        "lock", villages=[jinliu, dianping, shuanglong],
    )


def divide(desk: Desk) -> None:
    desk.chapter("户数过多的拆分", "Too many households: split")
    fenghuang, shuangli = "500229001002", "500229216001"
    desk.edit(
        "凤凰社区第二网格 582 户，对半拆", "Fenghuang 002 has 582 households: halve it",
        "split", grid=f"{fenghuang}002", line=halving(desk, f"{fenghuang}002"),
    )
    pair = codes(shuangli, 10, 16)
    first, second = (np.median(desk.households(code), axis=0) for code in pair)
    way = (second - first) / np.hypot(*(second - first))
    both = shapely.union_all([desk.shape(code) for code in pair])
    desk.edit(
        "双利社区第十、第十六网格，一条线拆两个", "Shuangli 010 and 016: one line splits both",
        "split", grids=pair, line=across(both, (first + second) / 2, way),
    )
    for zh, en, grid in (
        ("柿坪村第三网格 153 户", "Shiping 003 has 153 households", "500229002207003"),
        ("大坝村第二十三网格 105 户", "Daba 023 has 105 households", "500229205201023"),
    ):
        desk.edit(zh, en, "split", grid=grid, line=halving(desk, grid))


def join(desk: Desk) -> None:
    desk.chapter("户数过少的合并", "Too few households: merge")
    shiping, pingan = "500229002207", "500229105207"
    liuhe, houpu = "500229210210", "500229210206"
    desk.edit("柿坪村", "Shiping", "merge", grids=codes(shiping, 1, 2))
    desk.edit("柿坪村", "Shiping", "merge", grids=codes(shiping, 8, 9))
    desk.edit("柿坪村重新编号", "Number Shiping anew", "renumber", village=shiping)
    desk.edit("平安村", "Ping'an", "merge", grids=codes(pingan, 1, 3))
    desk.edit("平安村三个并一个", "Ping'an, three in one", "merge", grids=codes(pingan, 2, 5, 6))
    desk.edit("平安村重新编号", "Number Ping'an anew", "renumber", village=pingan)
    desk.edit("柳河村", "Liuhe", "merge", grids=codes(liuhe, 14, 15))
    desk.edit(
        "柳河村，保留第十二网格", "Liuhe, 012 stays",
        "merge", grids=codes(liuhe, 12, 16), keep=f"{liuhe}012",
    )
    desk.edit("柳河村三个并一个", "Liuhe, three in one", "merge", grids=codes(liuhe, 7, 8, 9))
    desk.edit(
        "厚朴园村，保留第十网格", "Houpuyuan, 010 stays",
        "merge", grids=codes(houpu, 9, 10), keep=f"{houpu}010",
    )


def move(desk: Desk) -> None:
    desk.chapter("调整边界", "Move borders")
    sanyuan, dabang, liangfeng = "500229214203", "500229214205", "500229214206"
    liuhe = "500229210210"
    desk.edit(
        "大榜村这两个网格不许动", "these two grids of Dabang must not change",
        "lock", grids=codes(dabang, 1, 5),
    )
    desk.edit(
        "三元村：张家湾、竹林沟归第一网格", "Sanyuan: Zhangjiawan and Zhulingou go to grid 001",
        "assign", natural_villages=codes(sanyuan, 10, 12), to=f"{sanyuan}001",
    )
    desk.edit(
        "凉风村：庙槽从第六网格划归第八网格", "Liangfeng: Miaocao goes from grid 006 to 008",
        "assign", natural_villages=[f"{liangfeng}016"], to=f"{liangfeng}008",
        from_=[f"{liangfeng}006"],
    )
    pair = codes(sanyuan, 1, 4)
    desk.edit(
        "三元村：边界改走新路", "Sanyuan: the border follows the new road",
        "reshape", grids=pair, line=bow(desk, pair, 0.2, 0.8, -200),
    )
    pair = codes(dabang, 6, 10)
    desk.edit(
        "大榜村：边界改走河道", "Dabang: the border follows the stream",
        "reshape", grids=pair, line=bow(desk, pair, 0.05, 0.5, -200),
    )
    desk.edit(
        "大榜村：桥头一片从两个网格划给第六网格",
        "Dabang: the land at the bridge goes to 006, from two grids",
        "transfer", to=f"{dabang}006", area=hexagon(desk.junction(*codes(dabang, 6, 9, 10)), 300),
    )
    desk.edit(
        "凉风村：只从第一网格划给第三网格", "Liangfeng: to 003, from 001 only",
        "transfer", to=f"{liangfeng}003",
        area=hexagon(desk.junction(*codes(liangfeng, 1, 3, 6)), 300), from_=[f"{liangfeng}001"],
    )
    desk.edit(
        "柳河村：三岔口归第十二网格", "Liuhe: the fork goes to 012",
        "transfer", to=f"{liuhe}012", area=hexagon(desk.junction(*codes(liuhe, 3, 7, 12)), 150),
        from_=codes(liuhe, 3, 7),
    )
    for zh, en, grids, by in (
        ("凉风村：三网格交点", "Liangfeng: where three meet", codes(liangfeng, 7, 8, 9), (22, -14)),
        ("大榜村：三网格交点", "Dabang: where three meet", codes(dabang, 2, 6, 7), (-15, 18)),
    ):
        place = desk.junction(*grids)
        moved = dict(zip(("from_", "to"), (node(place), node(place + by)), strict=True))
        desk.edit(zh, en, "move_vertex", **moved)
    rim = desk.outline(liangfeng).boundary
    ends = shapely.get_coordinates(desk.border(*codes(liangfeng, 7, 9)).boundary)
    end = min(ends, key=lambda place: rim.distance(shapely.Point(place)))
    goal = rim.interpolate(rim.project(shapely.Point(end)) + 40)
    desk.edit(
        "凉风村：界线端点沿村界移 40 米", "Liangfeng: a border's end slides 40 m along the outline",
        "move_vertex", from_=node(end), to=node(shapely.get_coordinates(goal)),
    )


def finish(desk: Desk) -> None:
    desk.chapter("名称、类型、解锁", "Names, kinds, unlocking")
    fenghuang = "500229001002"
    desk.edit(
        "凤凰社区", "Fenghuang",
        "set_attributes", grid=f"{fenghuang}005", attributes={"name": "第五网格"},
    )
    desk.edit(
        "凤凰社区第三网格改为公园专属网格", "Fenghuang 003 becomes the park's dedicated grid",
        "set_attributes", grid=f"{fenghuang}003",
        attributes={"name": "凤凰山公园专属网格", "kind": "dedicated"},
    )
    for grid, name in (
        ("500229216001017", "第十七网格"),
        ("500229216001018", "第十八网格"),
        ("500229205201025", "第二十五网格"),
    ):
        desk.edit("新网格命名", "Name of a new grid", "set_attributes", grid=grid,
                  attributes={"name": name})
    desk.edit("解锁", "Unlock", "unlock", grids=codes("500229214205", 1, 5))
    desk.edit(
        "解锁修好的村", "Unlock the villages that were mended",
        "unlock", villages=["500229105204", "500229210208", "500229214200"],
    )


def unite(desk: Desk) -> None:
    """Joint villages move no line, so there is nothing here to try them on."""
    desk.text += "# 联村：两个小村并为一个联村，另一个联村再退出"
    desk.text += "  Join small villages; one leaves again\n"
    for value in (
        {"type": "join_villages", "villages": ["500229001203", "500229001204"], "name": "东棉联村"},
        {"type": "join_villages", "villages": ["500229212201", "500229212202"]},
        {"type": "leave_joint_village", "village": "500229212202"},
    ):
        desk.text += json.dumps(value, ensure_ascii=False) + "\n"


# fmt: on
def main() -> None:
    desk = Desk()
    for work in (mend, divide, join, move, finish, unite):
        work(desk)
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    file.write_text(desk.text, encoding="utf-8")
    print(f"{file}: {sum(row.startswith('{') for row in desk.text.splitlines())} edits")


if __name__ == "__main__":
    main()
