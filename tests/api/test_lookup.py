import numpy as np
import pytest

from api.refusals import BadBody, TooLarge
from api.services.caller import Caller
from api.services.lookup import MAX_POINTS, check_points
from data.lines import Lines
from tests.api import tiny

FIRST = tiny.VILLAGES[0] + "001"
SECOND = tiny.VILLAGES[0] + "002"


def test_one_place(client):
    answer = client.get("/api/grids/at", params={"lon": 108.005, "lat": 31.005})
    assert answer.status_code == 200
    assert answer.json() == {
        "grid": {
            "code": FIRST,
            "name": "第1网格",
            "kind": "basic",
            "network": "all_purpose",
        },
        "village": {"code": tiny.VILLAGES[0], "name": "上河村"},
        "township": {"code": tiny.TOWNSHIP, "name": "河东镇"},
        "joint_village": None,
    }


def test_nowhere_is_null_and_not_an_error(client):
    answer = client.get("/api/grids/at", params={"lon": 0, "lat": 0})
    assert answer.status_code == 200
    assert answer.json() == {"grid": None, "village": None, "township": None, "joint_village": None}


def test_on_a_border_the_lowest_code_answers_in_both_ways(client):
    border = {"lon": 108.01, "lat": 31.005}
    assert client.get("/api/grids/at", params=border).json()["grid"]["code"] == FIRST
    many = client.post("/api/grids/at", json={"points": [[108.01, 31.005], [108.02, 31.0]]})
    assert many.json()["codes"] == [FIRST, SECOND]


def test_many_places_agree_with_one_by_one(client):
    rng = np.random.default_rng(7)
    points = np.round(rng.uniform((107.995, 30.995), (108.045, 31.025), (60, 2)), 9).tolist()
    many = client.post("/api/grids/at", json={"points": points}).json()["codes"]
    for (lon, lat), code in zip(points, many, strict=True):
        one = client.get("/api/grids/at", params={"lon": lon, "lat": lat}).json()["grid"]
        assert (one or {}).get("code") == code
    assert None in many
    assert len(set(many)) == 5


def test_before_the_county_existed_there_was_no_grid(client):
    place = {"lon": 108.005, "lat": 31.005}
    before = client.get("/api/grids/at", params={**place, "date": "2026-02-27"})
    assert before.json()["grid"] is None
    on_the_day = client.get("/api/grids/at", params={**place, "date": "2026-03-01"})
    assert on_the_day.json()["grid"]["code"] == FIRST
    many = client.post("/api/grids/at?date=2026-02-27", json={"points": [[108.005, 31.005]]})
    assert many.json()["codes"] == [None]


def test_another_network_has_its_own_lines(client):
    place = {"lon": 108.005, "lat": 31.005, "network": "police"}
    assert client.get("/api/grids/at", params=place).json()["grid"] is None
    many = client.post("/api/grids/at?network=police", json={"points": [[108.005, 31.005]]})
    assert many.json()["codes"] == [None]


def test_no_points_no_codes(client):
    assert client.post("/api/grids/at", json={"points": []}).json()["codes"] == []


@pytest.mark.parametrize(
    ("points", "index"),
    [
        ("[[108, 31], [108, NaN]]", 1),
        ("[[108, 31], [181, 31]]", 1),
        ("[[108, -91]]", 0),
        ("[[108, 31], [108]]", 1),
        ("[[108, 31, 5]]", 0),
        ('[["108", "31"]]', 0),
        ("[[108, null]]", 0),
        ("[[true, false]]", 0),
        ("[[108, 31], [108, true]]", 1),
        ("[1, 2]", 0),
        ("[[108, 31], [108, 1e400]]", 1),
    ],
)
def test_a_bad_point_is_named_by_its_index(client, points, index):
    answer = client.post("/api/grids/at", content=f'{{"points": {points}}}')
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["key"] == "invalid_point"
    assert error["details"]["index"] == index


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "{}", '{"points": 1}', '{"points": [], "more": 1}', '"points"']
)
def test_a_body_that_is_none_is_refused(client, body):
    answer = client.post("/api/grids/at", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["key"] == "invalid_body"


def test_too_many_points():
    with pytest.raises(TooLarge):
        check_points([[0.0, 0.0]] * (MAX_POINTS + 1))
    with pytest.raises(BadBody):
        check_points({"a": 1})


def test_a_caller_sees_only_the_own_division(reading_app):
    index = reading_app.state.lookups
    clerk = Caller("li", "clerk", (tiny.VILLAGES[1],))
    with reading_app.state.database.read() as connection:
        found = index.find(connection, Lines())
    points = check_points([[108.005, 31.005], [108.025, 31.005]])
    assert found.find_codes(points, clerk) == [None, tiny.VILLAGES[1] + "001"]
