"""The files of a register by the command line, as counties have them: good ones and bad ones."""

import csv
import json

import pandas as pd
import pytest

from api.cli import main
from tests.api import tiny
from tests.api.test_places_without_outlines import PLACES, grids, register
from tests.shared import shared_data

GOOD = "A1,500999001001,上河村3组5号,108.005,31.01"
HEAD = "户编号,所属村编码,地址,经度,纬度"


@pytest.fixture
def wangge(capsys, fresh_database, tmp_path, monkeypatch):
    """Run a command on an empty store; return its exit code, standard output and error."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("WANGGE_LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out, said.err

    return run


@pytest.fixture
def write(tmp_path):
    def write(name, content, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return write


def bring(wangge, layer, path, *words):
    code, _, said = wangge("import", layer, path, "--yes", *words)
    assert code == 0, said
    return said


def exported(wangge, layer):
    rows = wangge("export", layer, "--format", "csv")[1].lstrip("\ufeff").splitlines()
    return {row["code"]: row for row in csv.DictReader(rows)}


def test_three_files_on_an_empty_store(wangge, write, tmp_path):
    said = bring(wangge, "villages", write("places.csv", PLACES))
    assert "official_name ← village_official" in said
    said = bring(wangge, "grids", write("grids.geojson", grids()))
    assert "没有边界图形" in said
    assert "按原样保留" in said
    said = bring(wangge, "households", write("register.csv", register()))
    assert "read as EPSG:4490" in said
    code, _, said = wangge("check")
    assert code == 0, said

    aliases = write("aliases.csv", "code,name,from,to\n500999001001,老河村,,2019-06-30\n")
    assert "已导入" in bring(wangge, "aliases", aliases)

    more = write("more.csv", f"{HEAD}\nA1,500999001001,上河村,108.005,31.01\n")
    assert "没有门牌号" in bring(wangge, "households", more, "--crs", "4490")
    listed = tmp_path / "unread.csv"
    code, _, said = wangge("addresses", "unread", "-o", listed)
    assert (code, "1 addresses cannot be read" in said) == (0, True)
    (row,) = csv.DictReader(listed.read_text(encoding="utf-8-sig").splitlines())
    assert (row["code"], row["fault"]) == ("A1", "address_without_number")
    assert json.loads(wangge("addresses", "unread", "--json")[1])["total"] == 1


def test_the_shared_pack_imports_as_it_is(wangge):
    pack = shared_data("dev_pack_chengkou")
    bring(wangge, "villages", pack / "places.csv")
    bring(wangge, "grids", pack / "grids.geojson")
    bring(wangge, "households", pack / "register.csv")
    places, homes = exported(wangge, "divisions"), exported(wangge, "households")
    assert len(places) == 1 + 1 + 25 + 204
    assert places["500229001001"]["name"] == "土城社区"
    assert {row["name"] for row in places.values() if row["level"] == "county"} == {"城口县"}
    assert "500229001001-G01" in exported(wangge, "grids")
    assert len(homes) == 51_000
    assert homes["0"]["village_code"] == "500229217205"
    assert json.loads(wangge("addresses", "unread", "--json")[1])["total"] < 510


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_a_register(wangge, write, encoding):
    bring(wangge, "households", write("r.csv", f"{HEAD}\n{GOOD}\n", encoding), "--crs", "4490")
    assert exported(wangge, "households")["A1"]["address"] == "上河村3组5号"


def test_numbers_stored_as_text_are_what_they_say(wangge, write):
    row = "'12,'500999001001,上河村3组5号,'108.005,'31.01"
    content = f"{HEAD}\n{row}\n1３,５００９９９００１００１,上河村3组6号,108.005,31.01\n"
    bring(wangge, "households", write("r.csv", content), "--crs", "4490")
    found = exported(wangge, "households")
    assert {code: home["village_code"] for code, home in found.items()} == {
        "12": "500999001001",
        "13": "500999001001",
    }


def test_codes_that_a_spreadsheet_has_rounded_are_refused(wangge, write):
    content = f"{HEAD}\n{GOOD}\nA2,5.00999E+11,上河村3组6号,108.005,31.01\n"
    code, _, said = wangge("import", "households", write("r.csv", content), "--crs", 4490, "--yes")
    assert code == 1
    assert "row 2" in said
    assert exported(wangge, "households") == {}


def test_a_household_that_is_there_twice_is_told_with_both_rows(wangge, write):
    content = f"{HEAD}\n{GOOD}\n{GOOD}\nA2,500999001001,上河村3组6号,108.005,31.01\n"
    path = write("r.csv", content)
    code, _, said = wangge("import", "households", path, "--crs", 4490, "--yes")
    assert code == 1
    assert "row 1" in said
    assert "row 2" in said
    assert wangge("import", "households", path, "--crs", 4490, "--yes", "--skip-bad-rows")[0] == 0
    assert list(exported(wangge, "households")) == ["A2"]


def test_a_village_nobody_knows_and_a_missing_address_are_warnings(wangge, write):
    bring(wangge, "villages", write("places.csv", PLACES))
    content = f"{HEAD}\n{GOOD}\nA2,500999999999,某村3组6号,108.005,31.01\nA3,500999001001,,108,31\n"
    said = bring(wangge, "households", write("r.csv", content), "--crs", "4490")
    assert "500999999999" in said
    assert "没有地址" in said
    assert len(exported(wangge, "households")) == 3


def test_people_never_come_in(wangge, write, caplog):
    secret = ("张三丰", "13800138000", "11010519491231002X")
    content = (
        f"{HEAD},户主姓名,联系电话,备注\n"
        f"A1,500999001001,上河村3组5号 13800138000,108.005,31.01,{','.join(secret)}\n"
        f"A2,500999001001,11010519491231002X,108.005,31.01,,,\n"
    ) + "".join(f"B{i},500999001001,上河村4组{i}号,108.005,31.01,,,\n" for i in range(1, 21))
    said = bring(wangge, "households", write("r.csv", content), "--crs", "4490")
    kept = json.dumps(exported(wangge, "households"), ensure_ascii=False)
    listed = wangge("addresses", "unread", "--json")[1]
    for word in secret:
        assert word not in said + kept + listed + caplog.text
    assert "户主姓名" in said
    assert exported(wangge, "households")["A1"]["address"] == "上河村3组5号"


@pytest.mark.parametrize(
    "head",
    [
        # a title over the table, as spreadsheets merge it
        f"小县住户登记表,,,,\n{HEAD}",
        f"小县住户登记表,,,,\n填表单位：,,,,\n{HEAD}",
        # headings in two rows, the upper ones merged over several columns
        "户编号,所属村编码,地址,位置,\n,,,经度,纬度",
    ],
)
def test_merged_headings(wangge, write, head):
    said = bring(wangge, "households", write("r.csv", f"{head}\n{GOOD}\n"), "--crs", "4490")
    assert exported(wangge, "households")["A1"]["address"] == "上河村3组5号"
    assert "标题" in said
    assert tiny.VILLAGES[0] == exported(wangge, "households")["A1"]["village_code"]


def test_the_pack_is_answered(wangge, tmp_path):
    """The pack's own files come in as they are; every wrong grid is told."""
    pack = shared_data("dev_pack_chengkou")
    for layer, file in (("villages", "places.csv"), ("grids", "grids.geojson")):
        assert wangge("import", layer, pack / file, "--yes")[0] == 0
    assert wangge("import", "households", pack / "register.csv", "--yes")[0] == 0
    out = tmp_path / "out.csv"
    asked = ("locate", "--batch", pack / "queries.csv", "--column", "text", "-o", out)
    code, _, said = wangge(*asked)
    assert code == 0, said
    rows = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert not out.with_name(f".{out.name}.part").exists()
    right = [
        row.grid_code in row.gold_grid_ids.split(";")
        for row in rows.itertuples()
        if row.expect in ("house", "group")
    ]
    assert sum(right) / len(right) >= 0.98
    wrong = [
        row.text
        for row in rows.itertuples()
        if row.grid_code and row.gold_grid_ids and row.grid_code not in row.gold_grid_ids.split(";")
    ]
    assert wrong == []
    accepted = rows[rows["expect"].str.startswith("none") & (rows["status"] == "ok")]
    assert list(accepted["text"]) == []
