"""``wangge merge`` on files: groups, reasons, formats; files of any kind, in any system."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.api import county_files as files
from tests.api.test_service_files import home, wangge  # noqa: F401
from tests.shared import shared_data

# a row of squares of 100 m: two that are too small, two that are not, one alone beyond a gap
PEOPLE = [12, 50, 25, 60, 5]
CODES = list("abcde")


def squares(people=PEOPLE, codes=CODES, **columns):
    west = np.array([0, 100, 200, 300, 500][: len(people)]) + files.X0
    shapes = shapely.box(west, files.Y0, west + 100, files.Y0 + 100)
    table = {"code": codes, "hs": people, "town": "T1", **columns}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=files.ZONE)


@pytest.fixture
def merge(wangge, tmp_path):  # noqa: F811
    """Run on a frame; return exit code, the JSON, what was said, and the path of the output."""

    def run(frame, *words, out="out.gpkg", name="units.gpkg", **options):
        path = frame
        if isinstance(frame, gpd.GeoDataFrame):
            path = files.write(frame, tmp_path / name, frame.crs, **options)
        target = tmp_path / out
        code, text, said = wangge(
            "merge", "--units", path, "--min", 30, *words, "-o", target, "--json"
        )
        return code, json.loads(text) if text else None, said, target

    return run


def groups_of(path, layer="units"):
    rows = gpd.read_file(path, layer=layer)
    return dict(zip(rows["code"].astype(str), rows["group"], strict=True))


def test_units_with_their_groups_and_why(merge):
    code, found, said, out = merge(squares(), "--max", 70, "--township", "town")
    assert code == 0, said
    assert groups_of(out) == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "e"}
    assert found["assignment"] == groups_of(out)
    assert [group["id"] for group in found["groups"]] == ["a"]
    left = {unit["code"]: unit["reason"]["key"] for unit in found["left"]}
    assert left == {"c": "cap", "e": "isolated"}
    why = found["groups"][0]["why"]
    assert (why["key"], why["values"]["value"], why["values"]["limit"]) == ("under", 12, 30)
    assert "12" in why["zh"]
    assert why["en"] == "a has 12 households, less than the minimum of 30."
    levels = {level.pop("name"): level for level in json.loads(json.dumps(found["levels"]))}
    assert levels["left"] == {"value": 2, "bound": 2, "proved": True, "gap": 0.0}
    # the same JSON lies beside
    assert json.loads(out.with_suffix(".json").read_text()) == found
    units = gpd.read_file(out, layer="units")
    assert units["hs"].tolist() == PEOPLE, "the columns of the file are kept"
    assert units["state"].tolist() == ["merged", "merged", "left", "within", "left"]
    assert units.loc[4, "reason"] == "isolated"
    assert "没有相邻" in units.loc[4, "reason_zh"]
    outlines = gpd.read_file(out, layer="groups").set_index("group")
    assert outlines.crs == units.crs == files.ZONE
    assert outlines.loc["a", "members"] == "a;b"
    assert outlines.loc["a", "households"] == 62
    assert outlines.loc["a"].geometry.area == pytest.approx(20_000)
    assert outlines.loc["a", "shared_border_m"] == 100


def test_spans_units_and_locks_bind(merge):
    _, found, _, out = merge(squares(), "--max-span-m", 99)
    assert found["groups"] == []
    assert {unit["reason"]["key"] for unit in found["left"]} == {"span", "isolated"}
    locked = squares(lk=["no", "是", "", "1", None])
    code, found, said, out = merge(locked, "--lock", "lk")
    assert code == 0, said
    assert groups_of(out) == {code: code for code in CODES}
    reasons = {unit["code"]: unit["reason"]["key"] for unit in found["left"]}
    assert reasons == {"a": "locked_around", "c": "locked_around", "e": "isolated"}
    # a word nobody knows is no "no": the unit is left alone
    _, found, _, _ = merge(squares(lk=["no", "vielleicht", "", "1", None]), "--lock", "lk")
    assert {u["code"]: u["reason"]["key"] for u in found["left"]} == reasons


def test_townships_bind_and_without_them_that_is_said(merge):
    towns = squares(town=["T1", "T2", "T2", "T2", "T2"])
    _, found, _, out = merge(towns, "--township", "town")
    assert groups_of(out)["a"] == "a"
    assert {row["code"]: row["left"] for row in found["townships"]} == {"T1": 1, "T2": 1}
    assert [u["reason"]["key"] for u in found["left"] if u["code"] == "a"] == ["zone"]
    nowhere = squares().drop(columns="town")
    code, found, said, out = merge(nowhere)
    assert code == 0
    assert groups_of(out)["a"] == groups_of(out)["b"]
    assert found["within"] == "county"
    assert "merge_without_townships" in [p["key"] for p in found["problems"]]
    assert "没有按乡镇限制" in said


@pytest.mark.parametrize(
    ("column", "measure"), [("hs", "households"), ("total_pop", "residents"), ("n", "households")]
)
def test_what_is_counted(merge, column, measure):
    frame = squares().rename(columns={"hs": column})
    words = () if column in ("hs", "total_pop") else ("--population", column)
    _, found, _, _ = merge(frame, *words)
    assert found["histogram"]["measure"] == measure
    assert found["rules"]["all"]["minimum"][measure] == 30
    assert found["counts"] == {"below": 3, "within": 2, "above": 0, "empty": 0, "unknown": 0}


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "json", "csv", "xlsx", "html", ""])
def test_every_format_and_the_same_bytes(merge, tmp_path, suffix):
    written = []
    units = files.write(squares(), tmp_path / "units.gpkg")
    for turn in ("one", "two"):
        out = f"{turn}/{'out.' + suffix if suffix else 'out'}"
        code, found, said, target = merge(units, "--target", 60, "--max", 90, out=out)
        assert code == 0, said
        paths = sorted(target.iterdir() if not suffix else target.parent.iterdir())
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    names = set(written[0])
    if suffix in ("gpkg", "xlsx", "html"):
        assert names == {f"out.{suffix}", "out.json"}
    elif suffix == "json":
        assert names == {"out.json", "out.groups.json", "out.merges.json"}
    elif suffix:
        assert names == {f"out.{suffix}", f"out.groups.{suffix}", "out.json"}
    else:
        assert names >= {"merges.json", "units.geojson", "groups.geojson", "left.csv"}
    if suffix == "geojson":
        units = gpd.read_file(target)
        assert units.crs.is_geographic
        assert groups_of(target, None) == found["assignment"]
    if suffix == "html":
        page = written[0]["out.html"].decode()
        assert "units.gpkg" in page
        assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    ("name", "crs"),
    [("u.geojson", 4326), ("u.shp", 32649), ("u.gpkg", 3857), ("u.csv", 4326), ("u.parquet", 4490)],
)
def test_files_of_any_kind_and_any_system(merge, tmp_path, name, crs):
    frame = squares().to_crs(crs)
    path = tmp_path / name
    if name.endswith("csv"):
        table = pd.DataFrame(frame.drop(columns="geometry")).assign(wkt=frame.to_wkt()["geometry"])
        table.to_csv(path, index=False)
    elif name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    code, found, said, _ = merge(path, "--max", 70, "--crs", "EPSG:4326")
    assert code == 0, said
    assert found["assignment"] == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "e"}
    assert found["groups"][0]["shared_border_m"] == pytest.approx(100, abs=0.1)


def test_rows_in_another_order_say_the_same(merge, tmp_path):
    _, first, _, out = merge(squares(), "--max", 90)
    turned = squares().iloc[[3, 0, 4, 2, 1]].reset_index(drop=True)
    _, second, _, other = merge(turned, "--max", 90, out="turned.gpkg", name="turned.gpkg")
    assert first["groups"] == second["groups"]
    assert first["left"] == second["left"]
    assert groups_of(out) == groups_of(other)


def test_a_column_of_the_file_is_not_overwritten(merge):
    _, _, _, out = merge(squares(group=list("vwxyz")))
    units = gpd.read_file(out, layer="units")
    assert units["group_in_file"].tolist() == list("vwxyz")
    assert units["group"].tolist()[0] == "a"


@pytest.mark.parametrize(
    "words",
    [
        ("--units", "x.gpkg"),
        ("--units", "x.gpkg", "--min", 0),
        ("--units", "x.gpkg", "--min", 5, "--max-units", 1),
        ("--units", "x.gpkg", "--min", 5, "--max-span-m", "nan"),
        ("--units", "x.gpkg", "--min", 5, "--min-shared-border-m", 0),
        ("--units", "x.gpkg", "--min", 5, "--scope", "500"),
        ("--units", "x.gpkg", "--min", 5, "-o", "x.docx"),
        ("--population", "x", "--min", 5),
    ],
)
def test_words_that_make_no_question(wangge, words):  # noqa: F811
    assert wangge("merge", *words)[0] == 2


def test_a_county_of_census_blocks(merge):
    path = shared_data("standins/ks_ellis_county_block.gpkg")
    words = ("--population", "total_pop", "--id", "path", "--max", 120, "--max-units", 3)
    code, found, said, out = merge(path, *words)
    assert code == 0, said
    blocks = gpd.read_file(path, layer="blocks").set_index("path")
    units = gpd.read_file(out, layer="units").set_index("path")
    assert units.index.equals(blocks.index)
    assert len(found["groups"]) > 20
    for group in found["groups"]:
        codes = [member["code"] for member in group["members"]]
        own = blocks.loc[codes]
        assert 2 <= len(codes) <= 3
        assert 30 <= own["total_pop"].sum() <= 120
        assert (units.loc[codes, "group"] == group["id"]).all()
        assert is_connected(own.geometry.tolist(), 10.0), codes
    single = units.groupby("group").size() == 1
    alone = units[units["group"].map(single)]
    below = set(alone.index[alone["total_pop"] < 30])
    assert below == {unit["code"] for unit in found["left"]}
    assert all(unit["reason"]["en"] for unit in found["left"])
    levels = {level["name"]: level["value"] for level in found["levels"]}
    assert levels["left"] == len(below)


def is_connected(shapes, metres):
    """Return whether shapes hang together by borders of at least so many metres."""
    reached, todo = {0}, [0]
    while todo:
        one = shapes[todo.pop()].boundary
        for k, other in enumerate(shapes):
            if k not in reached and one.intersection(other.boundary).length >= metres:
                reached.add(k)
                todo.append(k)
    return len(reached) == len(shapes)
