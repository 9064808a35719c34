"""Storing layers: equal rows stay, changed ones open a version, a replaced village closes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import geopandas
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data import centers, divisions, grids, households, natural_villages, stores, workspace
from data.lines import Lines
from data.versions import StoreCounts
from tests.data.frames import (
    LATER,
    NOW,
    VILLAGE,
    make_divisions,
    make_frame,
    make_grids,
    make_households,
)

ABC = (f"{VILLAGE}001", f"{VILLAGE}002", f"{VILLAGE}003")


def versions(connection, code):
    query = "SELECT valid_from, valid_to FROM grid WHERE code = :code ORDER BY valid_from"
    return [tuple(row) for row in connection.execute(text(query), {"code": code})]


def test_equal_rows_are_not_rewritten(connection):
    frame = make_grids(*ABC)
    assert grids.store_frame(connection, frame, now=NOW) == StoreCounts(added=3)
    before = connection.execute(text("SELECT id, xmin, ctid FROM grid ORDER BY id")).all()
    version = workspace.fetch_versions(connection)["grids"]
    assert grids.store_frame(connection, frame, now=LATER) == StoreCounts(unchanged=3)
    assert connection.execute(text("SELECT id, xmin, ctid FROM grid ORDER BY id")).all() == before
    assert workspace.fetch_versions(connection)["grids"] == version


def test_a_changed_line_closes_one_version_and_opens_the_next_at_one_instant(connection):
    grids.store_frame(connection, make_grids(*ABC), now=NOW)
    moved = make_grids(*ABC)
    moved.loc[1, "geometry"] = shapely.box(108.01, 31, 108.019, 31.01)
    assert grids.store_frame(connection, moved, now=LATER) == StoreCounts(changed=1, unchanged=2)
    assert versions(connection, ABC[1]) == [(NOW, LATER), (LATER, None)]
    before = grids.fetch_grid_at(connection, 108.0195, 31.005, Lines(LATER - timedelta(seconds=1)))
    assert before["code"] == ABC[1]
    assert grids.fetch_grid_at(connection, 108.0195, 31.005, Lines(LATER)) is None
    assert grids.fetch_grid_at(connection, 108.0195, 31.005) is None
    assert len(grids.fetch_frame(connection, at=NOW)) == 3
    assert grids.fetch_frame(connection, at=NOW - timedelta(days=1)).empty


def test_replace_closes_what_the_village_no_longer_has_and_no_other(connection):
    grids.store_frame(connection, make_grids(*ABC), now=NOW)
    other = make_grids("500229001002001", village="500229001002")
    grids.store_frame(connection, other, now=NOW)
    fewer = make_grids(*ABC[:2])
    assert grids.store_frame(connection, fewer, mode="replace", now=LATER) == StoreCounts(
        unchanged=2, closed=1
    )
    assert grids.fetch_frame(connection)["code"].tolist() == [*ABC[:2], "500229001002001"]


def test_upsert_closes_nothing(connection):
    grids.store_frame(connection, make_grids(*ABC), now=NOW)
    assert grids.store_frame(connection, make_grids(ABC[0]), now=LATER) == StoreCounts(unchanged=1)
    assert len(grids.fetch_frame(connection)) == 3


def test_twice_at_the_same_instant_leaves_one_version(connection):
    grids.store_frame(connection, make_grids(*ABC), now=NOW)
    named = make_grids(*ABC, name="第一网格")
    assert grids.store_frame(connection, named, now=NOW) == StoreCounts(changed=3)
    assert versions(connection, ABC[0]) == [(NOW, None)]
    assert set(grids.fetch_frame(connection)["name"]) == {"第一网格"}
    assert grids.store_frame(
        connection, make_grids(ABC[0], name="第一网格"), mode="replace", now=NOW
    ) == StoreCounts(unchanged=1, closed=2)
    assert versions(connection, ABC[1]) == []


def test_a_closed_code_may_come_back(connection):
    grids.store_frame(connection, make_grids(*ABC), now=NOW)
    grids.store_frame(connection, make_grids(ABC[0]), mode="replace", now=LATER)
    again = make_grids(*ABC, valid_from=NOW)  # cannot reach back into the closed version
    grids.store_frame(connection, again, now=LATER + timedelta(days=1))
    assert versions(connection, ABC[1]) == [(NOW, LATER), (LATER, None)]


def test_a_start_date_of_the_file_is_kept(connection):
    start = datetime(2020, 1, 1, tzinfo=UTC)
    grids.store_frame(connection, make_grids(*ABC, valid_from=start), now=NOW)
    assert versions(connection, ABC[0]) == [(start, None)]
    later = make_grids(*ABC, name="x", valid_from=NOW + timedelta(days=3))
    grids.store_frame(connection, later, now=LATER)
    change = NOW + timedelta(days=3)
    assert versions(connection, ABC[0]) == [(start, change), (change, None)]


def test_a_field_the_file_lacks_stays_as_it_is(connection):
    named = make_grids(*ABC, name="第一网格", kind="dedicated")
    grids.store_frame(connection, named, now=NOW)
    bare = make_grids(*ABC, kind=None)
    assert grids.store_frame(connection, bare, now=LATER) == StoreCounts(unchanged=3)


def test_networks_are_apart(connection):
    grids.store_frame(connection, make_grids(*ABC), now=NOW)
    connection.execute(text("INSERT INTO network VALUES ('police', '警务', 'police', false)"))
    counts = grids.store_frame(
        connection, make_grids(*ABC[:1]), mode="replace", now=LATER, network="police"
    )
    assert counts == StoreCounts(added=1)
    frame = grids.fetch_frame(connection)
    assert frame["network"].value_counts().to_dict() == {"all_purpose": 3, "police": 1}


def test_an_odd_code_is_kept_and_flagged(connection):
    grids.store_frame(connection, make_grids("500229001001-G01", ABC[0]), now=NOW)
    frame = grids.fetch_frame(connection).set_index("code")
    assert frame["flags"].to_dict() == {"500229001001-G01": "irregular_code", ABC[0]: ""}


def test_divisions_know_their_parents_and_replace_within_them(connection):
    frame = make_divisions()
    assert divisions.store_frame(connection, frame, now=NOW) == StoreCounts(added=4)
    found = divisions.fetch_frame(connection).set_index("code")
    assert found["parent_code"].fillna("").to_dict() == {
        "500229": "",
        "500229001": "500229",
        "500229001001": "500229001",
        "500229001002": "500229001",
    }
    one = frame[frame["code"] == "500229001001"]
    counts = divisions.store_frame(connection, one, mode="replace", now=LATER)
    assert counts == StoreCounts(unchanged=1, closed=1)  # not the township, not the county


def test_a_division_file_without_shapes_keeps_the_shapes(connection):
    divisions.store_frame(connection, make_divisions(), now=NOW)
    bare = make_divisions().set_geometry(geopandas.GeoSeries([None] * 4, crs="EPSG:4490"))
    bare["name"] = bare["name"] + "(新)"
    assert divisions.store_frame(connection, bare, now=LATER).changed == 4
    assert divisions.fetch_frame(connection).geometry.notna().all()


def test_households_are_changed_in_place(connection):
    frame = make_households([(108, 31), (108.1, 31), (108.2, 31)], address="土城社区1号")
    assert households.store_frame(connection, frame, now=NOW) == StoreCounts(added=3)
    assert households.store_frame(connection, frame, now=NOW) == StoreCounts(unchanged=3)
    frame.loc[0, "residents"] = 9
    frame["needs"] = pd.Series(['{"残疾": 1}', None, None], dtype="str")
    fewer = frame.iloc[:2]
    counts = households.store_frame(connection, fewer, mode="replace", now=LATER)
    assert counts == StoreCounts(changed=1, unchanged=1, closed=1)
    found = households.fetch_frame(connection)
    assert found["residents"].tolist() == [9, 2]
    assert found["needs"].tolist() == ['{"残疾": 1}', "{}"]
    assert households.fetch_one(connection, int(found["id"][0]))["address"] == "土城社区1号"


def test_a_first_load_of_many_gives_the_same_as_a_small_one(connection):
    places = [(108 + i / 1e5, 31 + (i % 7) / 1e5) for i in range(20_000)]
    frame = make_households(places)
    assert households.store_frame(connection, frame, now=NOW).added == 20_000
    assert households.store_frame(connection, frame, now=NOW).unchanged == 20_000
    found = households.fetch_frame(connection, scope=VILLAGE).set_index("code")
    expected = frame.set_index("code").loc[found.index]
    assert found.geometry.geom_equals(expected.geometry).all()


def test_every_layer_comes_back_as_it_went_in(connection):
    square = shapely.box(108, 31, 108.1, 31.1)
    hole = shapely.Polygon(square.exterior, [shapely.box(108.04, 31.04, 108.05, 31.05).exterior])
    parts = shapely.MultiPolygon([square, shapely.box(109, 31, 109.1, 31.1)])
    rows = {
        "natural_villages": (
            {"code": "n", "name": "江家山", "households": 3, "registered": 8},
            hole,
        ),
        "centers": (
            {
                "code": "c",
                "level": "village",
                "services": "社保;医保",
                "capacity": 300,
                "floor_area_m2": 512.5,
            },
            shapely.Point(108.123456789, 31.987654321),
        ),
        "grids": ({"code": ABC[0], "village_code": VILLAGE, "kind": "dedicated"}, parts),
    }
    for layer, (row, shape) in rows.items():
        frame = make_frame(layer, [row], [shape])
        stores.store_frame(connection, layer, frame, now=NOW)
        found = stores.REPOSITORIES[layer].fetch_frame(connection).iloc[0]
        assert {name: found[name] for name in row} == row
        assert found["geometry"].equals_exact(frame.geometry[0], 0)
        assert found["valid_from"] == NOW
    centre = centers.fetch_one(connection, "c")
    assert centre["services"] == ["社保", "医保"]
    assert natural_villages.fetch_one(connection, "none") is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2)), st.booleans()),
        max_size=5,
    )
)
def test_history_answers_what_was_in_force_at_every_instant(connection, steps):
    """Against the plainest model: a dict a step."""
    with connection.begin_nested() as savepoint:
        model: dict[str, str] = {}
        seen = []
        for step, (names, replace) in enumerate(steps):
            now = NOW + timedelta(days=step)
            if names:
                frame = make_grids(*names)
                frame["name"] = pd.Series([str(v) for v in names.values()], dtype="str")
                frame["geometry"] = [shapely.box(108, 31, 108.01, 31.01)] * len(names)
                mode = "replace" if replace else "upsert"
                grids.store_frame(connection, frame, mode=mode, now=now)
                model = ({} if replace else model) | {k: str(v) for k, v in names.items()}
            seen.append((now, dict(model)))
        for now, expected in seen:
            frame = grids.fetch_frame(connection, at=now + timedelta(hours=1))
            assert dict(zip(frame["code"], frame["name"], strict=True)) == expected
        savepoint.rollback()


def test_what_the_database_refuses_is_not_half_stored(connection):
    wrong = make_grids(ABC[0], ABC[1])
    wrong.loc[1, "geometry"] = shapely.Polygon([(108, 31), (108.1, 31.1), (108.1, 31), (108, 31.1)])
    with pytest.raises(IntegrityError, match="grid"), connection.begin_nested():
        grids.store_frame(connection, wrong, now=NOW)
    assert grids.fetch_frame(connection).empty


def test_a_frame_in_another_system_is_refused(connection):
    with pytest.raises(ValueError, match="4490"):
        grids.store_frame(connection, make_grids(*ABC).to_crs(4545), now=NOW)


def test_two_writers_at_once_store_one_version(fresh_engine):
    started = threading.Barrier(2)

    def store(_):
        with fresh_engine.begin() as connection:
            started.wait(timeout=30)
            return grids.store_frame(connection, make_grids(*ABC), now=NOW)

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(pool.map(store, range(2)), key=lambda c: c.added)
    assert counts == [StoreCounts(unchanged=3), StoreCounts(added=3)]
