import geopandas
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data import divisions, grids, households, stores
from data.importers.check import Context, check_rows
from tests.data.frames import (
    LATER,
    NOW,
    VILLAGE,
    make_divisions,
    make_grids,
    make_households,
)

CODES = (f"{VILLAGE}001", f"{VILLAGE}002", f"{VILLAGE}003")


def villages():
    frame = make_divisions()
    return frame[frame["level"] == "village"].reset_index(drop=True)


def told(problems):
    return [(p.key, p.row, p.severity) for p in problems]


def test_a_partition_has_no_problem():
    context = Context(NOW, shapely.box(108, 31, 109, 32), villages())
    assert not check_rows("grids", make_grids(*CODES), context)


def test_gaps_and_overlaps_are_told_with_their_place_and_refuse_nothing():
    frame = make_grids(*CODES)
    frame.loc[1, "geometry"] = shapely.box(108.011, 31, 108.021, 31.01)  # gap before, overlap after
    context = Context(NOW, villages=villages(), households=make_households([(108.0105, 31.005)]))
    problems = check_rows("grids", frame, context)
    assert {"gap_in_village", "overlap"} <= {p.key for p in problems}
    assert {p.severity for p in problems} == {"warning"}
    assert len(problems.bad_rows) == 0
    assert not problems.fatal
    gap = max((p for p in problems if p.key == "gap_in_village"), key=lambda p: p.geometry.area)
    assert gap.details["households"] == 1
    hole = shapely.box(108.01, 31, 108.011, 31.01)
    assert gap.geometry.symmetric_difference(hole).area < 1e-9
    overlap = max((p for p in problems if p.key == "overlap"), key=lambda p: p.geometry.area)
    assert set(overlap.grids) == {CODES[1], CODES[2]}


def test_grids_in_force_that_the_file_does_not_name_are_seen():
    context = Context(NOW, villages=villages(), grids=make_grids(*CODES))
    alone = make_grids(CODES[0])
    assert not check_rows("grids", alone, context)
    without = Context(NOW, villages=villages())
    assert [p.key for p in check_rows("grids", alone, without)] == ["gap_in_village"]


def test_villages_the_file_does_not_touch_are_not_told():
    context = Context(NOW, villages=villages())
    assert not any(
        "500229001002" in str(p) for p in check_rows("grids", make_grids(*CODES), context)
    )


def test_odd_codes_and_unknown_villages_are_flagged():
    frame = make_grids("A-17", CODES[1], CODES[2])
    frame.loc[1, "village_code"] = "500229999999"
    problems = check_rows("grids", frame, Context(NOW, villages=villages()))
    flagged = [t for t in told(problems) if t[1] is not None]
    assert flagged == [("irregular_code", 1, "warning"), ("village_unknown", 2, "warning")]


def test_padded_division_codes_are_flagged():
    frame = make_divisions()
    frame.loc[1, "code"] = "500229001000"
    assert told(check_rows("divisions", frame)) == [("irregular_code", 2, "warning")]


def test_a_start_in_the_future_is_an_error():
    frame = make_grids(*CODES)
    frame["valid_from"] = pd.Series([NOW, LATER, None], dtype="datetime64[us, UTC]")
    problems = check_rows("grids", frame, Context(NOW, villages=villages()))
    assert [t for t in told(problems) if t[2] == "error"] == [("date_in_future", 2, "error")]
    assert problems.bad_rows.tolist() == [2]


def test_a_day_in_the_future_is_told_as_it_was_written():
    frame = make_grids(*CODES)
    written = pd.Series(["9998-03-01", None, "2000-01-01"], dtype="datetime64[us]")
    frame["valid_from"] = written.dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
    problems = check_rows("grids", frame, Context(NOW, villages=villages()))
    told_days = [p.details["value"] for p in problems if p.key == "date_in_future"]
    assert told_days == ["9998-03-01"]


@settings(max_examples=40)
@given(
    places=st.lists(st.tuples(st.integers(-5, 15), st.integers(-5, 15)), min_size=1, max_size=20)
)
def test_households_outside_the_county_are_told(places):
    county = shapely.box(0, 0, 10, 10)
    frame = make_households([(float(x), float(y)) for x, y in places])
    problems = check_rows("households", frame, Context(NOW, county))
    # the outline itself is inside
    outside = [i + 1 for i, (x, y) in enumerate(places) if not (0 <= x <= 10 and 0 <= y <= 10)]
    assert [p.row for p in problems] == outside
    assert all(p.geometry.equals(frame.geometry[p.row - 1]) for p in problems)


def test_the_context_comes_from_the_store(connection):
    divisions.store_frame(connection, make_divisions(), now=NOW)
    grids.store_frame(connection, make_grids(*CODES), now=NOW)
    households.store_frame(connection, make_households([(108.005, 31.005)]), now=NOW)
    context = stores.fetch_context(connection, "grids", now=LATER)
    assert context.villages["code"].tolist() == ["500229001001", "500229001002"]
    assert context.county.equals(shapely.box(108, 31, 108.06, 31.01))
    assert not check_rows("grids", make_grids(CODES[0]), context)
    alone = stores.fetch_context(connection, "grids", now=LATER, mode="replace")
    assert [p.key for p in check_rows("grids", make_grids(CODES[0]), alone)] == ["gap_in_village"]


def test_an_empty_frame_has_no_problem():
    empty = geopandas.GeoDataFrame({"code": []}, geometry=[], crs="EPSG:4490")
    assert not check_rows("grids", empty, Context(NOW))
