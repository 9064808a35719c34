"""Lines to read from: in force, of a day, of a draft; the same answer from every reader.

::

    31.01 +-----+-----+-----+-----+     village 001: grids 1 and 2    village 002: grid 1, 2
          | 1-1 | 1-2 | 2-1 | 2-2 |     the draft moves the border of 1-1 and 1-2 east by 0.004
    31.00 +-----+-----+-----+-----+
        108.00  .01   .02   .03   .04
"""

import json
from datetime import UTC, datetime

import mapbox_vector_tile
import pytest
from shapely import box
from sqlalchemy import text

from data import addresses, divisions, exporters, grid_pages, grids, households, lines, plans
from data.errors import ParameterError
from data.lines import Lines
from data.tiles import TILE_LAYERS, fetch_tile
from tests.data import handmade
from tests.data.frames import NOW, make_divisions, make_frame, make_households

COUNTY = "500229"
VILLAGES = ("500229001001", "500229001002")
WEST, EAST, NEXT, FAR = (f"{village}{number:03d}" for village in VILLAGES for number in (1, 2))
IN_EAST = (108.012, 31.005)  # in 1-2 by the lines in force, in 1-1 by the draft
TILE = (10, 819, 419)
THEN = datetime(2026, 11, 15, tzinfo=UTC)


@pytest.fixture
def county(connection):
    rows = [
        {"code": code, "name": f"网格{code[-3:]}", "village_code": code[:12], "kind": "basic"}
        for code in (WEST, EAST, NEXT, FAR)
    ]
    shapes = [box(108 + i / 100, 31, 108 + (i + 1) / 100, 31.01) for i in range(4)]
    divisions.store_frame(connection, make_divisions(), now=NOW)
    grids.store_frame(connection, make_frame("grids", rows, shapes), now=NOW)
    people = make_households([IN_EAST, (108.035, 31.005)], address="土城社区1组1号")
    households.store_frame(connection, people, now=NOW)
    return connection


@pytest.fixture
def plan(county):
    made = handmade.make_plan(county, COUNTY)
    handmade.touch(county, made, VILLAGES[0])
    west, east = box(108, 31, 108.014, 31.01), box(108.014, 31, 108.02, 31.01)
    handmade.edit(county, made, {WEST: west, EAST: east}, locked=(EAST,))
    return made


def at(connection, which):
    found = grids.fetch_grid_at(connection, *IN_EAST, which)
    return found and found["code"]


def tile(connection, **asked):
    content = fetch_tile(connection, "grids", *TILE, **asked)
    found = mapbox_vector_tile.decode(content)["grids"]["features"] if content else []
    return {feature["properties"]["code"]: feature["properties"] for feature in found}


def test_every_reader_answers_by_the_draft(county, plan):
    draft = Lines(plan=plan)
    assert at(county, Lines()) == EAST
    assert at(county, draft) == WEST
    assert grids.fetch_lines(county, draft)["code"].tolist() == [WEST, EAST, NEXT, FAR]
    page = grid_pages.fetch_grid_page(county, bbox=(108.011, 31.001, 108.013, 31.002), lines=draft)
    assert [row["code"] for row in page["rows"]] == [WEST]
    assert grids.fetch_page(county, bbox=(108.011, 31, 108.013, 31.1), lines=draft).total == 1
    grid = grid_pages.fetch_grid(county, WEST, lines=draft)
    assert grid["bbox"] == [108, 31, 108.014, 31.01]
    assert grid["valid_from"] is None
    assert [version["valid_to"] for version in grid["history"]] == [None]
    named = addresses.fetch_named(county, grids=[WEST, "none", NEXT], lines=draft)
    assert [(place["code"], place["name"]) for place in named] == [
        (WEST, "改过"),
        (NEXT, "网格001"),
    ]
    assert named[0]["bbox"] == (108, 31, 108.014, 31.01)
    features = exporters.stream(county, "grids", "geojsonl", plan=plan)
    rows = [json.loads(line) for line in b"".join(features).splitlines()]
    assert {row["properties"]["code"] for row in rows} == {WEST, EAST, NEXT, FAR}
    assert rows[-1]["properties"]["valid_from"] is None


def test_a_tile_of_a_draft_says_what_is_locked_and_what_is_drafted(county, plan):
    found = tile(county, plan=plan)
    assert {code: (p["locked"], p["drafted"]) for code, p in found.items()} == {
        WEST: (False, True),
        EAST: (True, True),
        NEXT: (False, False),
        FAR: (False, False),
    }
    assert found[WEST]["name"] == "改过"
    assert "locked" not in tile(county)[WEST]
    handmade.lock_village(county, plan, VILLAGES[1])
    assert tile(county, plan=plan)[NEXT]["locked"] is True


def test_undo_and_redo_show_at_once(county, plan):
    handmade.move_head(county, plan, -1)
    assert at(county, Lines(plan=plan)) == EAST
    handmade.move_head(county, plan, 1)
    assert at(county, Lines(plan=plan)) == WEST


def test_untouched_villages_follow_the_lines_in_force(county, plan):
    county.execute(text("UPDATE grid SET name = '新名' WHERE code = :c"), {"c": FAR})
    county.execute(text("UPDATE grid SET name = '新名' WHERE code = :c"), {"c": WEST})
    names = grids.fetch_lines(county, Lines(plan=plan)).set_index("code")["name"]
    assert names[FAR] == "新名"
    assert names[WEST] == "改过"


def test_a_draft_has_the_lines_of_its_network_only(county):
    county.execute(text("INSERT INTO network VALUES ('police', '警务', 'police')"))
    beat = make_frame("grids", [{"code": "B1", "kind": "basic"}], [box(108, 31, 108.04, 31.01)])
    grids.store_frame(county, beat, now=NOW, network="police")
    plan = handmade.make_plan(county, COUNTY, network="police")
    assert grids.fetch_lines(county, Lines(plan=plan))["code"].tolist() == ["B1"]
    assert at(county, Lines(network="police")) == "B1"
    assert at(county, Lines()) == EAST
    assert len(grids.fetch_lines(county, Lines(network=None))) == 5


def test_the_lines_of_a_day(county):
    moved = make_frame(
        "grids",
        [{"code": EAST, "name": "新名", "village_code": VILLAGES[0], "kind": "basic"}],
        [box(108.014, 31, 108.02, 31.01)],
    )
    grids.store_frame(county, moved, now=THEN)
    before = Lines(NOW)
    assert (at(county, Lines()), at(county, Lines(THEN)), at(county, before)) == (None, None, EAST)
    page = grid_pages.fetch_grid_page(county, text=EAST, lines=before)
    assert page["rows"][0]["name"] == "网格002"
    assert page["rows"][0]["village"] == "土城社区"
    assert grid_pages.fetch_grid(county, EAST, lines=before)["bbox"][0] == 108.01
    assert grid_pages.fetch_grid(county, EAST)["bbox"][0] == 108.014
    [named] = addresses.fetch_named(county, grids=[EAST], lines=before)
    assert (named["name"], named["bbox"][0]) == ("网格002", 108.01)


def test_an_edit_changes_the_version_of_its_draft_and_no_other(county, plan):
    other = handmade.make_plan(county, COUNTY)
    asked = {"force": Lines(), "day": Lines(NOW), "draft": Lines(plan=plan), "o": Lines(plan=other)}

    def versions():
        return {name: lines.fetch_version(county, which) for name, which in asked.items()}

    before = versions()
    assert len(set(before.values())) == 4
    handmade.edit(county, plan, {EAST: box(108.014, 31, 108.02, 31.01)})
    after = versions()
    assert {name for name in asked if after[name] != before[name]} == {"draft"}
    county.execute(text("UPDATE grid SET name = '新名' WHERE code = :c"), {"c": FAR})
    assert all(new != after[name] for name, new in versions().items())


def test_scope_and_revision_of_a_draft(county, plan):
    draft = lines.fetch_draft(county, plan)
    assert draft == (COUNTY, "all_purpose", 1)
    assert plans.fetch(county, plan)["revision"] == draft.revision
    assert lines.fetch_draft(county, handmade.uuid.uuid4()) is None
    with pytest.raises(LookupError):
        lines.fetch_version(county, Lines(plan=handmade.uuid.uuid4()))


def test_a_draft_of_a_day_is_refused(plan):
    with pytest.raises(ParameterError) as refused:
        Lines(NOW, plan)
    assert refused.value.problems[0].key == "plan_with_date"


@pytest.mark.parametrize("layer", [layer for layer in TILE_LAYERS if layer != "grids"])
def test_only_grids_have_a_draft(county, plan, layer):
    with pytest.raises(ParameterError) as refused:
        fetch_tile(county, layer, 0, 0, 0, plan=plan)
    assert refused.value.problems[0].key == "plan_without_lines"
    if layer in exporters.SHAPES:
        with pytest.raises(ParameterError):
            exporters.stream(county, layer, "csv", plan=plan)


QUESTIONS = {
    "tile": "geom && ST_MakeEnvelope(108, 31, 108.03, 31.02, 4490)",
    "place": "ST_Covers(geom, ST_SetSRID(ST_MakePoint(108.005, 31.005), 4490))",
    "code": "code = '500229001001001'",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_indexes_of_both_tables_are_reached(county, plan, question):
    """The function is inlined: a call that is not would read every grid of the province."""
    county.execute(text("SET LOCAL enable_seqscan = off"))
    query = f"EXPLAIN SELECT code, households FROM {Lines(plan=plan).table} AS lines WHERE "
    told = "\n".join(
        county.execute(text(query + QUESTIONS[question]), {"plan": str(plan)}).scalars()
    )
    assert "Function Scan" not in told
    for index in ("grid_", "plan_grid_"):
        assert any(f" using {index}{kind}" in told for kind in ("geom", "code", "code_once")), told
