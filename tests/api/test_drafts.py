"""`plan=` wherever lines are read: the draft answers, the lines in force do not notice."""

import json
import uuid

import mapbox_vector_tile
import pytest
from shapely import box
from sqlalchemy import text

from api import dependencies
from api.services.caller import Caller
from tests.api import tiny
from tests.api.test_freshness import commit
from tests.data import handmade

FIRST, SECOND = (f"{tiny.VILLAGES[0]}00{half}" for half in (1, 2))
OTHER = f"{tiny.VILLAGES[1]}001"
PLACE = {"lon": 108.0105, "lat": 31.01}  # in the second grid; the draft gives it to the first
TILE = "/tiles/grids/10/819/419.mvt"
ADDRESS = "小县河东镇上河村2组1号"  # at 108.0125, in the second grid; in the first by the draft


def redraw(connection, plan, border):
    """Move the border of the first two grids; only the first takes a new name."""
    shapes = {FIRST: box(108, 31, border, 31.02), SECOND: box(border, 31, 108.02, 31.02)}
    handmade.edit(connection, plan, shapes)


@pytest.fixture
def plan(own_engine):
    """A draft that moves the border inside the first village to 108.013."""
    with own_engine.begin() as connection:
        made = handmade.make_plan(connection, tiny.COUNTY)
        handmade.touch(connection, made, tiny.VILLAGES[0])
        redraw(connection, made, 108.013)
    return made


def look(client, **asked):
    """Return what every way of asking says."""
    tile = client.get(TILE, params=asked)
    many = client.post(
        "/api/grids/at", json={"points": [list(PLACE.values())]}, params=asked
    ).json()
    export = client.get("/api/exports/grids.geojson", params=asked)
    shapes = {f["properties"]["code"]: f["geometry"] for f in export.json()["features"]}
    found = client.get("/api/addresses/search", params={"q": ADDRESS, **asked}).json()
    page = client.get("/api/grids", params={"bbox": "108.0125,31.001,108.0126,31.002", **asked})
    return {
        "tile": tile.content,
        "etag": tile.headers["etag"],
        "one": client.get("/api/grids/at", params={**PLACE, **asked}).json()["grid"]["code"],
        "many": many["codes"][0],
        "version": many["version"],
        "item": client.get(f"/api/grids/{FIRST}", params=asked).json()["bbox"][2],
        "rows": [row["code"] for row in page.json()["rows"]],
        "address": found["grid"]["code"],
        "export": max(lon for lon, _ in shapes[FIRST]["coordinates"][0]),
        "exported": export.headers["x-wangge-version"],
    }


def test_every_way_of_asking_answers_by_the_draft(own_client, plan):
    found = look(own_client, plan=plan)
    assert (found["one"], found["many"], found["address"], found["rows"]) == (
        *(FIRST, FIRST, FIRST),
        [FIRST],
    )
    assert (found["item"], found["export"]) == (108.013, 108.013)
    now = look(own_client)
    assert (now["one"], now["many"], now["address"], now["rows"]) == (
        *(SECOND, SECOND, SECOND),
        [SECOND],
    )
    assert (now["item"], now["export"]) == (108.01, 108.01)


def test_an_edit_shows_in_the_very_next_request_and_only_in_its_draft(own_client, own_engine, plan):
    with own_engine.begin() as connection:
        other = handmade.make_plan(connection, tiny.COUNTY)
    before = {name: look(own_client, **asked) for name, asked in questions(plan, other)}
    with own_engine.begin() as connection:
        redraw(connection, plan, 108.0101)
    after = {name: look(own_client, **asked) for name, asked in questions(plan, other)}
    assert after["now"] == before["now"]
    assert after["other"] == before["other"]
    same = {name for name in before["draft"] if before["draft"][name] == after["draft"][name]}
    assert same == set()
    assert (after["draft"]["one"], after["draft"]["item"]) == (SECOND, 108.0101)


def questions(plan, other):
    return [("now", {}), ("draft", {"plan": plan}), ("other", {"plan": other})]


def test_undo_brings_the_old_lines_under_a_new_tag(own_client, own_engine, plan):
    before = look(own_client, plan=plan)
    with own_engine.begin() as connection:
        handmade.move_head(connection, plan, -1)
    undone = look(own_client, plan=plan)
    assert (undone["one"], undone["item"]) == (SECOND, 108.01)
    with own_engine.begin() as connection:
        handmade.move_head(connection, plan, 1)
    again = look(own_client, plan=plan)
    assert again["tile"] == before["tile"]
    assert len({found["etag"] for found in (before, undone, again)}) == 3


def test_lines_in_force_show_in_drafts_that_have_not_touched_them(own_client, own_engine, plan):
    with own_engine.begin() as connection:
        untouched = handmade.make_plan(connection, tiny.COUNTY)
    before = [look(own_client, plan=made) for made in (plan, untouched)]
    commit(own_client, "grids", tiny.grids(shift=0.001))
    after = [look(own_client, plan=made) for made in (plan, untouched)]
    assert [found["item"] for found in before] == [108.013, 108.01]
    assert [found["item"] for found in after] == [108.013, 108.011]
    assert all(old["etag"] != new["etag"] for old, new in zip(before, after, strict=True))


def test_a_tile_of_a_draft_is_not_sent_twice(own_client, own_engine, plan):
    first = own_client.get(TILE, params={"plan": plan})
    held = {"If-None-Match": first.headers["etag"]}
    assert own_client.get(TILE, params={"plan": plan}, headers=held).status_code == 304
    assert own_client.get(TILE, headers=held).status_code == 200
    with own_engine.begin() as connection:
        redraw(connection, plan, 108.012)
    again = own_client.get(TILE, params={"plan": plan}, headers=held)
    assert again.status_code == 200
    assert again.content != first.content


def test_drafts_do_not_push_the_lines_in_force_out_of_memory(own_client, own_engine, monkeypatch):
    from api.services import lookup

    built = []
    fetch = lookup.grids.fetch_lines
    monkeypatch.setattr(
        lookup.grids, "fetch_lines", lambda c, lines: built.append(lines.plan) or fetch(c, lines)
    )
    points = {"points": [list(PLACE.values())]}
    own_client.post("/api/grids/at", json=points)
    with own_engine.begin() as connection:
        plans = [handmade.make_plan(connection, tiny.COUNTY) for _ in range(9)]
    for plan in plans:
        for _ in range(2):
            own_client.post("/api/grids/at", json=points, params={"plan": plan})
    own_client.post("/api/grids/at", json=points)
    assert built == [None, *plans]


def test_what_a_tile_and_a_row_of_a_draft_say(own_client, own_engine, plan):
    with own_engine.begin() as connection:
        handmade.lock_village(connection, plan, tiny.VILLAGES[1])
    tile = mapbox_vector_tile.decode(own_client.get(TILE, params={"plan": plan}).content)
    said = {
        f["properties"]["code"]: (f["properties"]["locked"], f["properties"]["drafted"])
        for f in tile["grids"]["features"]
    }
    assert said == {
        FIRST: (False, True),
        SECOND: (False, True),
        OTHER: (True, False),
        OTHER[:-1] + "2": (True, False),
    }
    page = own_client.get("/api/grids", params={"plan": plan}).json()
    assert {row["code"]: (row["locked"], row["drafted"]) for row in page["rows"]} == said
    assert page["total"] == 4
    assert page["totals"]["households"] == 8  # the drafted grids have not been measured
    for place, name in enumerate(("locked", "drafted")):
        some = own_client.get("/api/grids", params={"plan": plan, name: True}).json()
        expected = sorted(code for code, flags in said.items() if flags[place])
        assert [row["code"] for row in some["rows"]] == expected
        assert some["total"] == len(expected)
        assert own_client.get("/api/grids", params={name: True}).json()["total"] == 0
    assert "locked" not in own_client.get("/api/grids").json()["rows"][0]


def test_one_grid_of_a_draft(own_client, own_engine):
    with own_engine.begin() as connection:
        plan = handmade.make_plan(connection, tiny.COUNTY)
        handmade.touch(connection, plan, tiny.VILLAGES[0])
        handmade.edit(connection, plan, {FIRST: box(108, 31, 108.01, 31.02)})
    grid = own_client.get(f"/api/grids/{FIRST}", params={"plan": plan}).json()
    assert (grid["name"], grid["drafted"], grid["valid_from"]) == ("改过", True, None)
    assert [version["valid_to"] for version in grid["history"]] == [None]
    assert grid["problems"] == []
    assert grid["households"] is None
    with own_engine.begin() as connection:
        handmade.edit(connection, plan, {FIRST: box(108, 31, 108.008, 31.02)})
    torn = own_client.get(f"/api/grids/{FIRST}", params={"plan": plan}).json()
    assert torn["problems"]
    assert own_client.get(f"/api/grids/{FIRST}").json()["problems"] == []


def test_a_grid_that_is_only_drafted(own_client, own_engine, plan):
    made = f"{tiny.VILLAGES[0]}003"
    with own_engine.begin() as connection:
        handmade.edit(
            connection,
            plan,
            {SECOND: box(108.013, 31, 108.02, 31.01), made: box(108.013, 31.01, 108.02, 31.02)},
        )
    assert own_client.get(f"/api/grids/{made}").status_code == 404
    grid = own_client.get(f"/api/grids/{made}", params={"plan": plan}).json()
    assert (grid["valid_from"], grid["history"]) == (None, [])
    found = own_client.get("/api/addresses/search", params={"q": made, "plan": plan}).json()
    assert (found["status"], found["grid"]["code"]) == ("ok", made)
    assert own_client.get("/api/addresses/search", params={"q": made}).json()["status"] == "none"
    village = own_client.get("/api/addresses/search", params={"q": "上河村", "plan": plan}).json()
    assert [grid["code"] for grid in village["grids"]] == [FIRST, SECOND, made]
    texts = own_client.get("/api/addresses/suggest", params={"q": made, "plan": plan}).json()
    assert [s["code"] for s in texts["suggestions"]] == [made]


def test_a_settlement_by_the_lines_of_a_draft(own_client, plan):
    """张家湾 is the western half of the village: by the draft it lies in the first grid alone."""
    asked = {"q": "湾01"}  # the eastern half, 108.01 to 108.02
    now = own_client.get("/api/addresses/search", params=asked).json()
    drafted = own_client.get("/api/addresses/search", params={**asked, "plan": plan}).json()
    assert [grid["code"] for grid in now["grids"]] == [SECOND]
    assert [grid["code"] for grid in drafted["grids"]] == [FIRST, SECOND]


def test_an_export_of_a_draft_says_that_it_is_one(own_client, plan):
    answer = own_client.get("/api/exports/grids.geojson", params={"plan": plan})
    assert str(plan) in answer.headers["content-disposition"]
    head = answer.json()
    assert (head["plan"], head["revision"]) == (str(plan), 1)
    assert own_client.get("/api/exports/grids.csv", params={"plan": plan}).text.count("\r\n") == 5
    scope = {"plan": plan, "scope": tiny.VILLAGES[1]}
    assert len(own_client.get("/api/exports/grids.geojson", params=scope).json()["features"]) == 2


PLACES = [
    ("GET", "/api/grids/at?lon=108&lat=31"),
    ("POST", "/api/grids/at"),
    ("GET", "/api/grids"),
    ("GET", f"/api/grids/{FIRST}"),
    ("GET", TILE),
    ("GET", "/api/exports/grids.csv"),
    ("GET", "/api/exports/grids.geojson"),
    ("GET", "/api/addresses/search?q=x"),
    ("GET", "/api/addresses/suggest?q=x"),
]


def ask(client, method, path, **asked):
    body = {"json": {"points": [[108, 31]]}} if method == "POST" else {}
    more = "&".join(f"{name}={value}" for name, value in asked.items())
    return client.request(method, f"{path}{'&' if '?' in path else '?'}{more}", **body)


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_drafts_that_cannot_be_read(own_client, own_engine, plan, method, path):
    unknown = ask(own_client, method, path, plan=uuid.UUID(int=1))
    assert unknown.status_code == 404
    assert unknown.json()["error"]["key"] == "not_found"
    assert "plan" in unknown.json()["error"]["message"]
    both = ask(own_client, method, path, plan=plan, date="2026-03-01")
    assert (both.status_code, both.json()["error"]["key"]) == (400, "plan_with_date")
    assert ask(own_client, method, path, plan="mine").status_code == 400


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_a_draft_is_for_those_who_cover_its_scope(own_client, own_engine, method, path):
    with own_engine.begin() as connection:
        county, village = (
            handmade.make_plan(connection, scope) for scope in (tiny.COUNTY, tiny.VILLAGES[0])
        )
    clerk = Caller("li", "clerk", (tiny.VILLAGES[0],))
    own_client.app.dependency_overrides[dependencies.find_caller] = lambda: clerk
    assert ask(own_client, method, path, plan=county).status_code == 404
    assert ask(own_client, method, path, plan=village).status_code == 200


LAYERS = ["counties", "townships", "villages", "natural_villages", "households", "centers"]


@pytest.mark.parametrize(
    "path",
    [f"/tiles/{layer}/0/0/0.mvt" for layer in LAYERS]
    + [f"/api/exports/{layer}.csv" for layer in ("divisions", *LAYERS[3:])],
)
def test_what_has_no_draft_says_so(own_client, plan, path):
    answer = own_client.get(path, params={"plan": plan})
    assert (answer.status_code, answer.json()["error"]["key"]) == (400, "plan_without_lines")


def test_a_draft_of_another_network(own_client, own_engine):
    with own_engine.begin() as connection:
        connection.execute(text("INSERT INTO network VALUES ('police', '警务', 'police')"))
        connection.execute(
            text(
                "INSERT INTO grid (network, code, valid_from, geom) VALUES ('police', 'B1',"
                " now(), ST_SetSRID(ST_MakeBox2D(ST_MakePoint(108, 31), ST_MakePoint(109, 32)),"
                " 4490))"
            )
        )
        beats = handmade.make_plan(connection, tiny.COUNTY, network="police")
    where = {**PLACE, "plan": beats}
    assert own_client.get("/api/grids/at", params=where).json()["grid"]["code"] == "B1"
    named = own_client.get("/api/grids/at", params={**where, "network": "police"})
    assert named.json()["grid"]["code"] == "B1"
    other = own_client.get("/api/grids/at", params={**where, "network": "all_purpose"})
    assert (other.status_code, other.json()["error"]["key"]) == (400, "invalid_parameter")


def test_grids_of_a_day(own_client):
    commit(own_client, "grids", tiny.grids(shift=0.001))  # imported on 2026-03-01, changed today
    then = {"date": "2026-03-02"}
    assert own_client.get(f"/api/grids/{FIRST}").json()["bbox"][2] == 108.011
    old = own_client.get(f"/api/grids/{FIRST}", params=then).json()
    assert old["bbox"][2] == 108.01
    assert old["households"] == 4
    assert old["nearest_center"]["code"] == "C1"
    assert old["problems"] == []
    assert len(old["history"]) == 2
    assert own_client.get("/api/grids", params=then).json()["total"] == 4
    assert own_client.get("/api/grids", params=then).json()["totals"]["households"] == 16
    never = {"date": "2020-01-01"}
    assert own_client.get("/api/grids", params=never).json()["total"] == 0
    assert own_client.get(f"/api/grids/{FIRST}", params=never).status_code == 404
    places = own_client.get("/api/addresses/search", params={"q": FIRST, **never}).json()
    assert places["status"] == "none"


def test_a_plan_that_goes_while_it_is_read(own_client, own_engine, plan):
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM plan WHERE id = :p"), {"p": str(plan)})
    gone = own_client.get(TILE, params={"plan": plan})
    assert gone.status_code == 404
    assert json.loads(gone.content)["error"]["details"]["id"] == str(plan)
