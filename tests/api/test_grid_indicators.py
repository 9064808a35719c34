"""Numbers of grids: measured again where the content changed, remembered where it did not."""

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from sqlalchemy import text

from api.services import indicators
from api.services.indicators import Memory, measure, refresh
from data import grids, households
from geo.indicators import INDICATORS, People
from tests.api import tiny
from tests.api.conftest import NOW, bring_in
from tests.data.frames import make_frame

FIRST, SECOND = (f"{tiny.VILLAGES[0]}{n:03d}" for n in (1, 2))
THIRD, FOURTH = (f"{tiny.VILLAGES[1]}{n:03d}" for n in (1, 2))


@pytest.fixture
def connection(own_engine):
    """The tiny county, measured; changes of a test are rolled back."""
    with own_engine.connect() as connection:
        assert refresh(connection) == 0  # its fixture has measured everything
        yield connection


@pytest.fixture
def measured(monkeypatch):
    """Codes of the grids that are measured, call by call."""
    calls = []
    plain = indicators.measure_grids

    def watched(lines, *rest, **named):
        calls.append(lines["code"].tolist())
        return plain(lines, *rest, **named)

    monkeypatch.setattr(indicators, "measure_grids", watched)
    return calls


def run(connection, statement, **values):
    connection.execute(text(statement), values)


def stored(connection, village=None):
    frame = grids.fetch_frame(connection, scope=village)
    contents = grids.fetch_contents(connection).reindex(frame["id"])
    numbers = frame[list(INDICATORS)].assign(content=contents.to_numpy())
    return frame, numbers


# --- refresh -----------------------------------------------------------------------------


def test_a_household_changes_the_numbers_of_its_grid(connection, measured):
    run(connection, "UPDATE household SET aged_80 = 2 WHERE code = 'H010'")
    assert refresh(connection) == 1
    assert measured == [[SECOND]]
    frame, _ = stored(connection)
    assert frame["aged_80"].tolist() == [0, 2, 0, 0]
    run(connection, "UPDATE household SET address = 'x'")
    assert refresh(connection) == 0


def test_what_centers_are_called_changes_no_number(connection):
    run(connection, "UPDATE center SET name = 'x', level = 'station', capacity = 5")
    assert refresh(connection) == 0
    run(connection, "UPDATE center SET geom = ST_Translate(geom, 0.001, 0)")
    assert refresh(connection) == 4
    run(connection, "DELETE FROM center")
    assert refresh(connection) == 4
    frame, _ = stored(connection)
    assert frame["center_p90_m"].isna().all()


def test_rules_change_where_they_apply(connection):
    run(connection, "UPDATE division SET area_type = 'urban' WHERE code = :c", c=tiny.VILLAGES[1])
    assert refresh(connection) == 2


def test_a_border_that_moved(own_engine, connection, tmp_path, measured):
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps(tiny.grids(shift=0.001)), encoding="utf-8")
    bring_in(own_engine, tmp_path, {"grids": path}, now=NOW.replace(month=5))
    assert [sorted(call) for call in measured if call] == [[FIRST, SECOND]]
    frame, _ = stored(connection)
    assert frame["area_m2"].notna().all()
    assert frame["area_m2"][0] > frame["area_m2"][1]


def test_a_new_version_of_an_indicator_measures_all(connection, monkeypatch):
    monkeypatch.setattr("geo.indicators.content.REGISTRY_VERSION", "next")
    assert refresh(connection) == 4
    assert refresh(connection) == 0


def test_networks_do_not_take_households_from_each_other(connection):
    cell = shapely.box(108.0, 31.0, 108.04, 31.02)
    police = make_frame("grids", [{"code": "000", "kind": "basic"}], [cell])
    run(connection, "INSERT INTO network (code, name_zh, name_en) VALUES ('p', '警', 'p')"
        " ON CONFLICT DO NOTHING")  # fmt: skip
    grids.store_frame(connection, police, now=NOW, network="p")
    assert refresh(connection) == 1
    frame, _ = stored(connection)
    assert frame.set_index("code")["households"].to_dict() == {
        FIRST: 4, SECOND: 4, THIRD: 4, FOURTH: 4, "000": 16,
    }  # fmt: skip


def test_nothing_to_measure(own_engine):
    with own_engine.connect() as connection:
        run(connection, "DELETE FROM grid")
        assert refresh(connection) == 0


def test_no_households(connection):
    run(connection, "DELETE FROM household")
    assert refresh(connection) == 4
    frame, _ = stored(connection)
    assert frame["profile_status"].tolist() == ["empty"] * 4


# --- measure -----------------------------------------------------------------------------


def test_the_same_numbers_as_stored(connection):
    for village in (None, *tiny.VILLAGES):
        frame, numbers = stored(connection, village)
        frame = frame.set_axis(range(10, 10 + len(frame)))
        found = measure(connection, frame, memory=Memory())
        assert found.index.tolist() == frame.index.tolist()
        assert found["profile_status"].dtype == object
        expected = numbers.set_axis(found.index).astype(found.dtypes)
        assert_frame_equal(found, expected, check_exact=True)


def test_known_content_is_not_measured_again(connection, measured):
    frame, _ = stored(connection, tiny.VILLAGES[0])
    memory = Memory()
    first = measure(connection, frame, memory=memory)
    assert measured == [[FIRST, SECOND]]
    assert_frame_equal(measure(connection, frame, memory=memory), first, check_exact=True)
    assert len(measured) == 1
    # the planner cuts 0.001° off the second grid; the first stays
    edited = frame.copy()
    edited.loc[1, "geometry"] = shapely.box(108.01, 31.0, 108.019, 31.02)
    second = measure(connection, edited, memory=memory)
    assert measured[1:] == [[SECOND]]
    assert second["area_m2"][1] == pytest.approx(first["area_m2"][1] * 0.9, rel=1e-6)
    assert_frame_equal(second.iloc[:1], first.iloc[:1], check_exact=True)
    # undone: known from before
    assert_frame_equal(measure(connection, frame, memory=memory), first, check_exact=True)
    assert len(measured) == 2


def test_households_and_centers_of_now(own_engine, connection, measured):
    frame, _ = stored(connection, tiny.VILLAGES[0])
    memory = Memory()
    before = measure(connection, frame, memory=memory)
    connection.rollback()
    with own_engine.begin() as other:
        run(other, "UPDATE household SET residents = 30 WHERE code = 'H000'")
    after = measure(connection, frame, memory=memory)
    assert (after["residents"] - before["residents"]).tolist() == [27, 0]
    connection.rollback()
    with own_engine.begin() as other:
        run(other, "UPDATE center SET geom = ST_Translate(geom, 0.01, 0)")
        run(other, "UPDATE division SET area_type = 'urban'")
    moved = measure(connection, frame, memory=memory)
    assert (moved["center_max_m"] != after["center_max_m"]).all()
    assert (moved["content"] != after["content"]).all()
    assert measured == [[FIRST, SECOND], [FIRST], [FIRST, SECOND]]


def test_a_household_on_the_border_of_two_villages(connection):
    """It is the lower code's, also when only the other village is measured."""
    places = [(108.02, 31.01), (108.03, 31.0)]  # between villages; between 003 and 004
    rows = [{"code": f"B{i}", "residents": 100, "village_code": "x"} for i in range(2)]
    frame = make_frame("households", rows, shapely.points(places).tolist())
    households.store_frame(connection, frame, now=NOW)
    assert refresh(connection) == 2
    lines, numbers = stored(connection)
    assert lines["residents"].tolist() == [12, 112, 112, 12]
    for village, rows in zip(tiny.VILLAGES, ([0, 1], [2, 3]), strict=True):
        own, _ = stored(connection, village)
        found = measure(connection, own, memory=Memory())
        assert found["residents"].tolist() == lines["residents"][rows].tolist()
        assert found["content"].tolist() == numbers["content"][rows].tolist()


def test_households_given(connection, measured):
    frame, _ = stored(connection, tiny.VILLAGES[0])
    people = make_frame(
        "households", [{"code": "x", "residents": 7}], [shapely.Point(108.015, 31.01)]
    )
    for given in (people, lambda: people, lambda: People.of(people)):
        found = measure(connection, frame, households=given, memory=Memory())
        assert found["residents"].tolist() == [0, 7]
        assert found["profile_status"][0] == "empty"


def test_households_are_read_once(connection, monkeypatch):
    frame, _ = stored(connection, tiny.VILLAGES[0])
    asked = []
    plain = households.fetch_people

    def watched(connection, *, boxes=None):
        asked.append(boxes)
        return plain(connection, boxes=boxes)

    monkeypatch.setattr(indicators.household_store, "fetch_people", watched)
    memory = Memory()
    measure(connection, frame, memory=memory)
    nudged = frame.copy()
    nudged.loc[1, "geometry"] = shapely.box(108.01, 31.0, 108.019999999, 31.02)
    measure(connection, nudged, memory=memory)
    assert len(asked) == 1
    assert asked[0][0][:2] == (108.0, 31.0)
    assert asked[0][0][2] >= 108.02


def test_people_in_boxes(connection):
    everyone = households.fetch_people(connection)
    assert len(everyone) == 16
    assert everyone.counts.sum(axis=0).tolist() == [48, 64, 16, 16, 0]
    left, both = (108.0, 31.0, 108.02, 31.02), [(108.0, 31.0, 108.02, 31.02)] * 2
    assert len(households.fetch_people(connection, boxes=[left])) == 8
    assert len(households.fetch_people(connection, boxes=both)) == 8  # each once
    assert len(households.fetch_people(connection, boxes=[])) == 0
    assert households.fetch_people(connection, boxes=[]).counts.shape == (0, 5)


def test_memory_is_bounded():
    memory = Memory(size=2)
    memory.numbers.keep({"a": (1,), "b": (2,)})
    assert memory.numbers.find(["a", "x"]) == [(1,), None]
    memory.numbers.keep({"c": (3,)})
    assert memory.numbers.find(["a", "b", "c"]) == [(1,), None, (3,)]


def test_measuring_nothing(connection):
    frame, _ = stored(connection)
    found = measure(connection, frame.iloc[:0], memory=Memory())
    assert found.empty
    assert found.columns.tolist() == [*INDICATORS, "content"]


def test_the_page_shows_every_number(client):
    row = client.get("/api/grids").json()["rows"][0]
    assert set(INDICATORS) <= set(row)
    assert row["span_m"] == pytest.approx(np.hypot(955, 2218), rel=0.01)
    assert 0 < row["reock"] < row["compactness"] < 1
    one = client.get(f"/api/grids/{row['code']}").json()
    assert {name: one[name] for name in INDICATORS} == {name: row[name] for name in INDICATORS}
    assert pd.notna(row["center_p90_m"])
    assert row["center_median_m"] <= row["center_p90_m"] <= row["center_max_m"]
