import csv
import io

import pytest
import uvicorn
from sqlalchemy import text

from api import server
from api.services import address_index
from tests.api import tiny

FIRST = tiny.VILLAGES[0] + "001"
SECOND = tiny.VILLAGES[0] + "002"


def search(client, q, **more):
    answer = client.get("/api/addresses/search", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_address_of_the_register(client):
    found = search(client, "小县河东镇上河村1组1号")
    assert found["status"] == "ok"
    assert found["level"] == "house"
    assert found["confidence"] == 1.0
    assert found["grid"] == {"code": FIRST, "name": "第1网格"}
    assert found["matched_address"] == "小县河东镇上河村1组1号"
    lon, lat = found["point"]
    assert (
        client.get("/api/grids/at", params={"lon": lon, "lat": lat}).json()["grid"]["code"] == FIRST
    )


def test_other_spellings_and_a_county_left_out(client):
    for q in ("小县 河东鎮上河村一组１號", "河东镇上河村1组1号", " 小县河东镇上河村第1组1号"):
        assert search(client, q)["grid"]["code"] == FIRST, q


def test_a_beginning_is_enough_where_it_is_sure(client):
    group = search(client, "河东镇上河村2组")
    assert (group["status"], group["level"]) == ("ok", "group")
    assert group["grid"]["code"] == SECOND


def test_a_doubtful_address_is_refused_rather_than_guessed(client):
    village = search(client, "河东镇上河村")
    assert village["status"] == "ambiguous"
    assert village["grid"] is None
    assert [grid["code"] for grid in village["grids"]] == [FIRST, SECOND]
    assert [grid["households"] for grid in village["grids"]] == [4, 4]
    assert [c["grid"]["code"] for c in village["candidates"]] == [FIRST, SECOND]
    assert len(search(client, "河东镇上河村", limit=1)["candidates"]) == 1


def test_names_of_places(client):
    settlement = search(client, "张家湾")
    assert (settlement["status"], settlement["level"]) == ("ok", "natural_village")
    assert settlement["grid"]["code"] == FIRST
    village = search(client, "上河村")
    assert (village["status"], village["level"]) == ("ambiguous", "village")
    assert len(village["grids"]) == 2
    assert search(client, FIRST)["grid"]["code"] == FIRST
    assert search(client, "第1网格")["status"] == "ambiguous"
    assert search(client, "上河村党群服务中心")["grid"]["code"] == FIRST


def test_what_is_not_there_is_none(client):
    for q in ("月球路1号", "别县河东镇上河村1组1号", "1", "'; DROP TABLE grid; --", "%", "_"):
        found = search(client, q)
        assert (found["status"], found["grid"], found["candidates"]) == ("none", None, []), q


def test_the_lines_of_a_day(client):
    before = search(client, "河东镇上河村1组1号", date="2020-01-01")
    assert before["grid"] is None


def test_suggestions(client):
    listed = client.get("/api/addresses/suggest", params={"q": "上河"}).json()["suggestions"]
    assert listed[0] == {
        "text": "上河村",
        "kind": "village",
        "code": tiny.VILLAGES[0],
        "detail": "河东镇",
        "point": listed[0]["point"],
        "bbox": listed[0]["bbox"],
    }
    west, south, east, north = listed[0]["bbox"]
    assert 108.0 < west < east < 108.02
    assert 31.0 < south < north < 31.02
    assert {row["kind"] for row in listed} == {"village", "center"}
    typed = client.get("/api/addresses/suggest", params={"q": "河东镇上河村1"}).json()
    assert {row["kind"] for row in typed["suggestions"]} == {"address"}
    assert len(typed["suggestions"]) == 5  # 1组 has four, 2组 one No. 1
    few = client.get("/api/addresses/suggest", params={"q": "河", "limit": 2}).json()
    assert len(few["suggestions"]) == 2


def test_a_server_is_ready_before_somebody_asks(own_client, monkeypatch):
    """What it loads in the background is what the first question needs: nothing is made anew."""
    app = own_client.app
    monkeypatch.setattr(app.state.workers, "warm", lambda: None)
    server.Server(app, uvicorn.Config(app)).get_ready()
    for made in ("build_index", "Named", "Homed"):
        monkeypatch.setattr(address_index, made, None)
    assert search(own_client, "河东镇上河村1组1号")["status"] == "ok"
    typed = own_client.get("/api/addresses/suggest", params={"q": "上河"}).json()
    assert typed["suggestions"]


def ask_table(client, way, asked):
    """Ask for CSV; return the rows by column."""
    answer = client.get(f"/api/addresses/{way}", params={**asked, "format": "csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="addresses.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def search_table(client, **asked):
    return ask_table(client, "search", asked)


def test_a_house_as_a_table(client):
    (row,) = search_table(client, q="小县河东镇上河村1组1号")
    found = search(client, "小县河东镇上河村1组1号")
    lon, lat = found["point"]
    assert found["candidates"][0]["household_id"] == "H000"
    assert row == {
        "status": "ok",
        "level": "house",
        "confidence": "1.0",
        "household_id": "H000",
        "grid_code": FIRST,
        "grid_name": "第1网格",
        "matched_address": "小县河东镇上河村1组1号",
        "households": "1",
        "lon": str(lon),
        "lat": str(lat),
        "reason": found["message"],
        "reason_zh": found["message_zh"],
    }


def test_a_choice_is_a_row_each(client):
    rows = search_table(client, township="河东镇", village="上河村")
    assert [(row["status"], row["grid_code"], row["households"]) for row in rows] == [
        ("ambiguous", FIRST, "4"),
        ("ambiguous", SECOND, "4"),
    ]
    assert {row["household_id"] for row in rows} == {""}
    assert len(search_table(client, q="河东镇上河村", limit=1)) == 1
    grids = search_table(client, q="第1网格")
    assert [row["status"] for row in grids] == ["ambiguous"] * 2


def test_none_is_a_row_with_its_reasons(client):
    (row,) = search_table(client, q="别县河东镇上河村1组1号")
    found = search(client, "别县河东镇上河村1组1号")
    assert (row["status"], row["grid_code"], row["matched_address"]) == ("none", "", "")
    for fault in found["faults"]:
        assert fault["message"] in row["reason"]
        assert fault["message_zh"] in row["reason_zh"]
    assert found["faults"]


def test_addresses_near_a_place_as_a_table(client):
    place = {"lon": 108.0026, "lat": 31.0051}
    rows = ask_table(client, "reverse", place)
    found = client.get("/api/addresses/reverse", params=place).json()
    assert len(rows) == len(found["addresses"]) == 3
    for row, near in zip(rows, found["addresses"], strict=True):
        lon, lat = near["point"]
        assert row == {
            "grid_code": FIRST,
            "grid_name": "第1网格",
            "village_code": tiny.VILLAGES[0],
            "village_name": "上河村",
            "township_code": tiny.VILLAGES[0][:9],
            "township_name": found["township"]["name"],
            "matched_address": near["matched_address"],
            "distance_m": str(near["distance_m"]),
            "lon": str(lon),
            "lat": str(lat),
            "address_grid_code": near["grid"]["code"],
            "address_grid_name": near["grid"]["name"],
        }


def test_a_place_in_no_grid_and_one_without_addresses_are_tables(own_client, own_engine):
    (row,) = ask_table(own_client, "reverse", {"lon": 100, "lat": 30, "limit": 1})
    assert (row["grid_code"], row["village_name"], row["township_name"]) == ("", "", "")
    assert row["matched_address"]
    assert float(row["distance_m"]) > 500_000
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM household"))
    (row,) = ask_table(own_client, "reverse", {"lon": 108.0026, "lat": 31.0051})
    assert row["grid_code"] == FIRST
    assert (row["matched_address"], row["distance_m"], row["address_grid_code"]) == ("", "", "")


@pytest.mark.parametrize("way", [{"q": "上河村"}, {"lon": 108.0026, "lat": 31.0051}])
@pytest.mark.parametrize("format", ["xlsx", "CSV", ""])
def test_other_formats_are_refused(client, way, format):
    path = "search" if "q" in way else "reverse"
    answer = client.get(f"/api/addresses/{path}", params={**way, "format": format})
    assert (answer.status_code, answer.json()["error"]["key"]) == (400, "invalid_parameter")


def test_no_cell_of_a_table_is_run(own_client, own_engine):
    """A register may hold what a spreadsheet would run; so may what is typed."""
    with own_engine.begin() as connection:
        connection.execute(text("UPDATE household SET code = '=1+1' WHERE code = 'H000'"))
        connection.execute(text("UPDATE grid SET name = '@SUM(A1)' WHERE code = :c"), {"c": FIRST})
    (row,) = search_table(own_client, q="小县河东镇上河村1组1号")
    assert (row["household_id"], row["grid_name"]) == ("'=1+1", "'@SUM(A1)")
    for q in ("=cmd|' /C calc'!A0", "-1+上河村", "@上河村"):
        for row in search_table(own_client, q=q):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
