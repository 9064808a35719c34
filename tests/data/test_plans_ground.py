"""What an edit stands on: villages by grids, settlements and places, outlines, codes, households.

And that asking for it costs the same on a small and on a large store.
"""

import json

import geopandas
import pytest
import shapely
from sqlalchemy import text

from data import divisions, grids, households, natural_villages, plan_lines
from tests.data.drafts import (
    A1,
    A2,
    A3,
    B1,
    B2,
    B3,
    HOUR,
    PLACES,
    A,
    B,
    draw,
    make_county,
    make_lines,
    make_plan,
    split,
)
from tests.data.frames import LATER, NOW, make_divisions, make_frame, make_grids, make_households

C = "500229001003"  # has a grid, but no outline
C1 = f"{C}001"
NEW = f"{A}004"


@pytest.fixture
def plan(connection):
    make_county(connection)
    grids.store_frame(connection, make_lines((C1,), C, 7), now=NOW)
    rows = [{"code": "N1", "village_code": A}, {"code": "N2", "village_code": B}, {"code": "N3"}]
    cells = [shapely.box(108 + i / 100, 31, 108.005 + i / 100, 31.01) for i in (0, 4, 8)]
    frame = make_frame("natural_villages", rows, cells)
    natural_villages.store_frame(connection, frame, now=NOW)
    return make_plan(connection)


def test_villages_of_grids_of_the_plan(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    draw(connection, plan, {"type": "merge", "grids": [A1, A2]})
    asked = [A1, A2, NEW, B2, C1, "none"]
    found = plan_lines.villages_of_grids(connection, plan, asked)
    assert found == {A1: A, NEW: A, B2: B, C1: C}
    assert plan_lines.villages_of_grids(connection, plan, []) == {}


def test_villages_of_natural_villages_by_code_and_id(connection, plan):
    ids = natural_villages.fetch_frame(connection).set_index("code")["id"]
    number = int(ids["N2"])
    asked = ["N1", number, "N3", "none", 0]
    assert plan_lines.villages_of_natural_villages(connection, asked) == {"N1": A, number: B}
    cells = plan_lines.fetch_natural_villages(connection, [B, A])
    assert cells[["id", "code", "village_code"]].to_numpy().tolist() == [
        [ids["N1"], "N1", A],
        [ids["N2"], "N2", B],
    ]
    assert cells.geometry.iloc[1].equals(shapely.box(108.04, 31, 108.045, 31.01))
    assert plan_lines.fetch_natural_villages(connection, []).empty


@pytest.mark.parametrize(
    ("shape", "villages"),
    [
        (shapely.Point(108.025, 31.005), [A]),
        (shapely.Point(108.03, 31.005), [A, B]),  # on their border
        (shapely.Point(108.03 + 2e-8, 31.005), [B]),
        (shapely.Point(108.075, 31.005), [C]),  # by its grid alone
        (shapely.LineString([(108.025, 31.005), (108.075, 31.005)]), [A, B, C]),
        (shapely.box(108.04, 31.011, 108.05, 31.02), []),
        (shapely.Point(5e5, 3.5e6), []),
    ],
)
def test_villages_that_meet_a_place(connection, plan, shape, villages):
    assert plan_lines.villages_meeting(connection, plan, shape) == villages
    draw(connection, plan, split(A2, 108.017))
    assert plan_lines.villages_meeting(connection, plan, shape) == villages


def test_a_village_without_a_grid_is_met_by_its_outline(connection, plan):
    connection.execute(text("DELETE FROM grid WHERE village_code = :b"), {"b": B})
    place = shapely.Point(108.045, 31.005)
    assert plan_lines.villages_meeting(connection, plan, place) == [B]
    assert plan_lines.fetch_villages(connection, plan, [B])["code"].tolist() == [B]


def test_villages_have_outline_name_type_and_lock(connection, plan):
    draw(connection, plan, {"type": "lock", "villages": [B]})
    frame = plan_lines.fetch_villages(connection, plan, [C, B, A, "500229001999", A])
    assert frame["code"].tolist() == [A, B, C]
    assert frame["locked"].tolist() == [False, True, False]
    assert frame["level"].tolist() == ["village"] * 3
    assert frame["name"].fillna("").tolist() == ["土城社区", "凤凰社区", ""]
    assert frame["urban_rural_class"].fillna("").tolist() == ["121", "", ""]
    outlines = divisions.fetch_frame(connection, scope="500229001").set_index("code").geometry
    for code, shape in zip([A, B], frame.geometry, strict=False):
        assert shapely.to_wkb(shape) == shapely.to_wkb(outlines[code])
    assert frame.geometry.iloc[2] is None
    assert frame.crs.to_epsg() == 4490
    assert plan_lines.fetch_villages(connection, plan, []).empty


def test_codes_are_taken_by_history_by_other_villages_and_by_the_plan(connection, plan):
    former = make_lines((f"{A}009",), A, 0)
    grids.store_frame(connection, make_lines((A2, A3), A, 1), mode="replace", now=LATER)
    assert A1 not in grids.fetch_frame(connection)["code"].tolist()
    connection.execute(text("INSERT INTO network VALUES ('police', '警务', 'police', false)"))
    grids.store_frame(connection, former, now=LATER, network="police")
    strayed = make_lines((f"{A}0077",), "500229001777", 8)
    grids.store_frame(connection, strayed, now=LATER)
    taken = plan_lines.fetch_taken(connection, plan, [A])
    assert taken == {A1, A2, A3, f"{A}0077"}
    draw(connection, plan, split(A2, 108.017), now=LATER)
    plan_lines.move_head(connection, plan, -1, now=LATER)
    assert plan_lines.fetch_taken(connection, plan, [A]) == taken | {NEW}
    assert plan_lines.fetch_taken(connection, plan, [A, B]) == taken | {NEW, B1, B2, B3}
    assert plan_lines.fetch_taken(connection, plan, []) == frozenset()


def test_households_in_places_each_once_wherever_they_are_registered(connection, plan):
    # H1 lies on the border of A1 and A2, and H2 is registered in the other village
    edge = make_households([PLACES[0], (108.01, 31.005), (108.015, 31.005), (108.05, 31.02)])
    edge.loc[2, "village_code"] = B
    edge["elderly"] = [1, None, 3, 4]
    households.store_frame(connection, edge, mode="replace", now=NOW)
    lines = plan_lines.fetch_lines(connection, plan, [A])
    frame = plan_lines.fetch_households_in(connection, lines)
    assert frame["code"].tolist() == ["H0", "H1", "H2"]
    assert frame["residents"].tolist() == [1, 2, 3]
    assert frame["elderly"].isna().tolist() == [False, True, False]
    assert (frame.geometry.iloc[0].x, frame.geometry.iloc[0].y) == PLACES[0]
    villages = plan_lines.fetch_villages(connection, plan, [A, C])
    assert plan_lines.fetch_households_in(connection, villages)["code"].tolist() == [
        "H0",
        "H1",
        "H2",
    ]
    nowhere = geopandas.GeoDataFrame(geometry=[None], crs="EPSG:4490")
    assert plan_lines.fetch_households_in(connection, nowhere).empty


LINES = ("grid", "plan_grid", "grid_indicator", "plan_grid_indicator")
QUESTIONS = {
    "villages": ("village_code = ANY (:villages)", 12),
    "prefix": ("village_code LIKE '60000000123%'", 60),
    "codes": ("code = ANY (:codes)", 2),
    "code": ("code = '600000001230001'", 1),
    "box": ("geom && ST_MakeEnvelope(100.0301, 25.0001, 100.0302, 25.0002, 4490)", 1),
    "place": ("ST_Covers(geom, ST_SetSRID(ST_MakePoint(100.0301, 25.0001), 4490))", 1),
    "near": ("ST_DWithin(geom, ST_SetSRID(ST_MakePoint(100.0301, 25.0001), 4490), 1e-8)", 1),
}


@pytest.fixture
def province(fresh_engine):
    """A connection and a plan: 12,000 grids in 2,000 villages, 300 touched since the last ANALYZE.

    In a database of its own: sizes of tables outlive a rollback.
    """
    with fresh_engine.begin() as connection:
        yield connection, make_province(connection)


def make_province(connection):
    known = make_plan(connection, scope="6", now=NOW + HOUR)
    plan = make_plan(connection, scope="6", now=NOW + HOUR)
    statements = (
        """
        INSERT INTO grid (code, village_code, valid_from, geom)
        SELECT '6' || lpad(v::text, 11, '0') || lpad(k::text, 3, '0'),
               '6' || lpad(v::text, 11, '0'), :now,
               ST_MakeEnvelope(100 + (v % 40) * 0.06 + k * 0.01, 25 + (v / 40) * 0.01,
                               100.01 + (v % 40) * 0.06 + k * 0.01, 25.01 + (v / 40) * 0.01, 4490)
          FROM generate_series(0, 1999) v, generate_series(0, 5) k
        """,
        """
        INSERT INTO grid_indicator (grid_id, households, residents, registered, children, elderly,
                                    area_m2)
        SELECT id, 1, 1, 1, 1, 1, 1 FROM grid
        """,
    )
    for statement in statements:
        connection.execute(text(statement), {"now": NOW})
    touched = [f"6{v:011}" for v in range(1100, 1400)]
    plan_lines.pin(connection, known, touched, now=NOW)
    for table in (*LINES, "plan_village"):
        connection.execute(text(f"ANALYZE {table}"))
    # the statistics have never heard of this one: they must not say that it has hardly a row
    plan_lines.pin(connection, plan, touched, now=NOW)
    return plan


@pytest.mark.parametrize("columns", ["id, code", "*"])
def test_a_question_to_the_lines_of_a_plan_reads_no_more_than_it_answers(province, columns):
    connection, plan_id = province
    values = {
        "plan": plan_id,
        "villages": ["600000001234", "600000001700"],  # one touched, one not
        "codes": ["600000001234000", "600000001700000"],
    }
    for name, (condition, expected) in QUESTIONS.items():
        query = f"SELECT {columns} FROM plan_lines(:plan) WHERE {condition}"
        assert len(connection.execute(text(query), values).all()) == expected, name
        explained = connection.execute(
            text(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}"), values
        ).scalar()
        plan = explained if isinstance(explained, list) else json.loads(explained)
        read = {}
        for node in walk(plan[0]["Plan"]):
            table = node.get("Relation Name")
            rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            read[table] = max(read.get(table, 0), rows * node["Actual Loops"])
        assert {"grid", "plan_grid"} <= read.keys(), (name, read)  # inlined
        # at most the question's own rows of each side
        assert max(rows for table, rows in read.items() if table in LINES) <= 2 * expected + 2, (
            name,
            read,
        )


def walk(node):
    yield node
    for inner in node.get("Plans", []):
        yield from walk(inner)


def test_fixtures_lie_where_they_are_drawn():
    frame = make_divisions().set_index("code")
    lines = make_lines((A1, A2, A3), A, 0)
    assert shapely.union_all(lines.geometry).equals(frame.geometry[A])
    assert make_grids(A1).geometry.iloc[0].equals(lines.geometry.iloc[0])
