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
    assert len(village["candidates"]) == 8
    assert len(search(client, "河东镇上河村", limit=3)["candidates"]) == 3


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
        "bbox": [108.0, 31.0, 108.02, 31.02],
    }
    assert {row["kind"] for row in listed} == {"village", "center"}
    typed = client.get("/api/addresses/suggest", params={"q": "河东镇上河村1"}).json()
    assert {row["kind"] for row in typed["suggestions"]} == {"address"}
    assert len(typed["suggestions"]) == 4
    few = client.get("/api/addresses/suggest", params={"q": "河", "limit": 2}).json()
    assert len(few["suggestions"]) == 2
