"""Joint villages over HTTP: drafted, undone, published, by date, rebased, in files, in lookups."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from data import audit
from tests.api import tiny
from tests.api.drafting import A1, FIRST, MERGE, SECOND, SPLIT, Draft

J601, J602 = f"{tiny.TOWNSHIP}601", f"{tiny.TOWNSHIP}602"
JOIN = {"type": "join_villages", "villages": [FIRST, SECOND]}
LEAVE = {"type": "leave_joint_village", "village": SECOND}
RENAME = {"type": "set_attributes", "grid": J601, "attributes": {"name": "双河联村"}}
THIRD = f"{tiny.TOWNSHIP}003"
PLACE = {"lon": 108.005, "lat": 31.005}
NOTE = {"note": "山区住户分散，保留。"}


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


@pytest.fixture
def third(own_engine):
    """A third village, east of the second one, with a grid."""
    shape = json.dumps(tiny.outline(108.04, 31.0, 108.06, 31.02))
    with own_engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO division (code, level, name, parent_code, valid_from, geom)
                SELECT :code, 'village', '东河村', parent_code, valid_from,
                       ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)
                  FROM division WHERE code = :second
            """),
            {"code": THIRD, "shape": shape, "second": SECOND},
        )
        connection.execute(
            text("""
                INSERT INTO grid (code, name, village_code, valid_from, geom)
                SELECT CAST(:code AS text) || '001', '第1网格', :code, valid_from,
                       ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)
                  FROM grid WHERE code = :first
            """),
            {"code": THIRD, "shape": shape, "first": A1},
        )
    return THIRD


def listed(client, **params):
    answer = client.get("/api/joint-villages", params=params)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["joint_villages"]
    return {row["code"]: [member["code"] for member in row["members"]] for row in rows}


def joined_at(client, **params):
    return client.get("/api/grids/at", params={**PLACE, **params}).json()["joint_village"]


def refused(answer):
    return answer.status_code, answer.json()["error"]["key"]


def rows_of(engine):
    query = text("SELECT code, name, members, valid_from, valid_to FROM joint_village ORDER BY id")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_joining_shows_in_the_draft_and_nowhere_else(draft, own_client):
    previewed = draft.preview(JOIN)
    done = draft.edit(JOIN)
    told = {
        "code": J601,
        "change": "added",
        "name": "上河下河联村",
        "members": [FIRST, SECOND],
        "before": None,
    }
    assert previewed["joint_villages"] == done["joint_villages"] == [told]
    assert (done["created"], done["removed"], done["changed"]) == ([J601], [], [])
    assert done["villages"] == [FIRST, SECOND]
    assert listed(own_client) == {}
    assert listed(own_client, plan=draft.id) == {J601: [FIRST, SECOND]}
    assert joined_at(own_client) is None
    assert joined_at(own_client, plan=draft.id) == {"code": J601, "name": "上河下河联村"}
    # no grid is copied, none has moved
    plan = draft.get()
    assert plan["touched_villages"] == []
    assert plan["bbox"] == [108.0, 31.0, 108.04, 31.02]
    assert not any(f["properties"]["drafted"] for f in draft.grids().values())
    assert draft.get("/edits")["edits"][0]["villages"] == [FIRST, SECOND]


def test_what_a_joint_village_amounts_to(draft, own_client):
    draft.edit(SPLIT, JOIN)
    [row] = own_client.get(
        "/api/joint-villages", params={"plan": draft.id, "geometry": "true"}
    ).json()["joint_villages"]
    assert (row["households"], row["residents"], row["grids"]) == (16, 48, 5)
    assert row["township"] == {"code": tiny.TOWNSHIP, "name": "河东镇"}
    assert row["members"][0] == {"code": FIRST, "name": "上河村"}
    assert row["valid_from"] is None
    ring = row["geometry"]["coordinates"][0]
    assert {tuple(place) for place in ring} >= {(108.0, 31.0), (108.04, 31.02)}
    assert listed(own_client, plan=draft.id, township=tiny.TOWNSHIP) == {J601: [FIRST, SECOND]}
    assert listed(own_client, plan=draft.id, township="500999002") == {}


def test_undo_and_redo(draft, own_client):
    draft.edit(JOIN, RENAME)
    undone = draft.do("/undo")
    assert [j["name"] for j in undone["joint_villages"]] == ["上河下河联村"]
    assert undone["joint_villages"][0]["before"]["name"] == "双河联村"
    undone = draft.do("/undo")
    assert [j["change"] for j in undone["joint_villages"]] == ["removed"]
    assert (undone["removed"], undone["created"]) == ([J601], [])
    assert undone["villages"] == [FIRST, SECOND]
    assert listed(own_client, plan=draft.id) == {}
    redone = draft.do("/redo")
    assert (redone["created"], redone["joint_villages"][0]["change"]) == ([J601], "added")
    draft.do("/redo")
    assert joined_at(own_client, plan=draft.id)["name"] == "双河联村"
    # what is overtaken leaves nothing: the lowest code is free again
    draft.do("/undo")
    draft.do("/undo")
    assert draft.edit({**JOIN, "name": "新联村"})["created"] == [J601]
    assert draft.do("/undo")["head"] == 0
    assert draft.send("/redo").status_code == 200


def test_published_and_answered_by_date(draft, own_client, own_engine):
    before = draft.get()["created_at"]
    draft.edit(JOIN)
    done = draft.do("/publish")
    assert done["counts"] == {
        "opened": 0,
        "closed": 0,
        "unchanged": 0,
        "joint_opened": 1,
        "joint_closed": 0,
    }
    first = done["published_at"]
    assert listed(own_client) == {J601: [FIRST, SECOND]}
    assert joined_at(own_client) == {"code": J601, "name": "上河下河联村"}
    for address in (f"/api/grids/{A1}", f"/api/divisions/{FIRST}"):
        assert own_client.get(address).json()["joint_village"]["code"] == J601
    assert (
        own_client.get(f"/api/grids/{A1}", params={"date": before}).json()["joint_village"] is None
    )
    second = Draft.make(own_client, name="改名")
    second.edit(RENAME)
    assert joined_at(own_client)["name"] == "上河下河联村"
    renamed = second.do("/publish")
    assert renamed["counts"]["joint_opened"] == renamed["counts"]["joint_closed"] == 1
    assert joined_at(own_client)["name"] == "双河联村"
    last = Draft.make(own_client, name="解散")
    assert [j["change"] for j in last.edit(LEAVE)["joint_villages"]] == ["removed"]
    last.do("/publish")
    assert joined_at(own_client) is None
    assert listed(own_client) == {}
    assert joined_at(own_client, date=before) is None
    assert joined_at(own_client, date=first)["name"] == "上河下河联村"
    assert joined_at(own_client, date=renamed["published_at"])["name"] == "双河联村"
    assert listed(own_client, date=first) == {J601: [FIRST, SECOND]}
    rows = rows_of(own_engine)
    assert [row[1] for row in rows] == ["上河下河联村", "双河联村"]
    assert rows[0][4] == rows[1][3]
    # a code is never given again
    assert Draft.make(own_client, name="再来").edit(JOIN)["created"] == [J602]
    with own_engine.connect() as connection:
        acts = [act["details"] for act in audit.fetch_acts(connection)]
    counts = [(act["joint_opened"], act["joint_closed"]) for act in acts if "joint_opened" in act]
    assert counts == [(0, 1), (1, 1), (1, 0)]


def test_lines_and_joint_villages_come_into_force_at_one_instant(draft, own_client, own_engine):
    draft.edit(JOIN, MERGE)
    done = draft.do("/publish", NOTE)
    assert (done["counts"]["opened"], done["counts"]["joint_opened"]) == (1, 1)
    [row] = rows_of(own_engine)
    with own_engine.connect() as connection:
        query = text("SELECT valid_from FROM grid WHERE code = :code AND valid_to IS NULL")
        assert connection.execute(query, {"code": A1}).scalar_one() == row[3]


def test_what_comes_to_nothing_is_not_published(draft, own_client):
    draft.edit(JOIN, LEAVE)
    assert draft.get("/problems")["can_publish"] is False
    assert refused(draft.send("/publish")) == (409, "plan_empty")
    draft.do("/undo")
    assert draft.get("/problems")["can_publish"] is True


def test_a_new_member_and_one_that_leaves(draft, own_client, third):
    draft.edit(JOIN)
    draft.do("/publish")
    more = Draft.make(own_client, name="加入")
    done = more.edit({"type": "join_villages", "villages": [SECOND, third]})
    [told] = done["joint_villages"]
    assert (told["change"], told["members"]) == ("changed", [FIRST, SECOND, third])
    assert told["before"] == {"name": "上河下河联村", "members": [FIRST, SECOND]}
    assert told["name"] == "上河下河东河联村"
    assert more.refusal(LEAVE)["key"] == "villages_apart"
    away = more.edit({"type": "leave_joint_village", "village": FIRST})
    assert away["joint_villages"][0]["members"] == [SECOND, third]
    more.do("/undo")
    more.do("/publish")
    assert listed(own_client) == {J601: [FIRST, SECOND, third]}


def test_two_drafts_join_the_same_village(draft, own_client, third):
    other = Draft.make(own_client, name="另一个")
    draft.edit(JOIN)
    other.edit({"type": "join_villages", "villages": [SECOND, third]})
    draft.do("/publish")
    problems = other.get("/problems")["problems"]
    assert [p["key"] for p in problems] == ["plan_conflict"]
    assert problems[0]["details"] == {"villages": [FIRST, SECOND], "codes": [J601]}
    assert problems[0]["bbox"] == [108.0, 31.0, 108.04, 31.02]
    assert refused(other.send("/publish")) == (409, "plan_conflict")
    # in the draft it is as it was drawn, until it is rebased
    assert listed(own_client, plan=other.id) == {J601: [SECOND, third]}
    based = other.do("/rebase")
    assert based["dropped"] == []
    # it would join another village than it did, and says so
    assert [m["grids"] for m in based["changed_meaning"]] == [[J601]]
    assert listed(own_client, plan=other.id) == {J601: [FIRST, SECOND, third]}
    other.do("/publish")
    assert listed(own_client) == {J601: [FIRST, SECOND, third]}


def test_two_drafts_take_the_same_code(draft, own_client, own_engine, third):
    fourth = f"{tiny.TOWNSHIP}004"
    with own_engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO division (code, level, name, valid_from, geom)
                SELECT :code, 'village', '西河村', valid_from, ST_Translate(geom, 0.02, 0)
                  FROM division WHERE code = :third
            """),
            {"code": fourth, "third": third},
        )
    other = Draft.make(own_client, name="另一个")
    draft.edit(JOIN)
    rename = {"type": "set_attributes", "grid": J601, "attributes": {"name": "东西联村"}}
    other.edit({"type": "join_villages", "villages": [third, fourth]}, rename)
    assert listed(own_client, plan=other.id) == {J601: [third, fourth]}
    draft.do("/publish")
    assert [p["details"]["codes"] for p in other.get("/problems")["problems"]] == [[J601]]
    assert refused(other.send("/publish")) == (409, "plan_conflict")
    other.do("/rebase")
    # another code, followed through the later edit
    assert other.get("/edits")["edits"][-1]["edit"]["grid"] == J602
    other.do("/publish")
    assert listed(own_client) == {J601: [FIRST, SECOND], J602: [third, fourth]}
    named = own_client.get("/api/joint-villages").json()["joint_villages"]
    assert [row["name"] for row in named] == ["上河下河联村", "东西联村"]
    assert named[1]["grids"] == 1


def test_an_edit_that_is_not_possible_any_more_is_told_by_the_rebase(draft, own_client):
    draft.edit(JOIN)
    draft.do("/publish")
    one, other = Draft.make(own_client, name="甲"), Draft.make(own_client, name="乙")
    one.edit(LEAVE)
    other.edit(RENAME)
    one.do("/publish")
    answer = other.send("/rebase")
    assert refused(answer) == (409, "rebase_conflict")
    [conflict] = answer.json()["error"]["details"]["conflicts"]
    assert conflict["problem"]["key"] == "grid_not_found"
    assert other.do("/rebase", {"drop": True})["replayed"] == 0
    assert listed(own_client, plan=other.id) == {}


def test_undoing_at_the_beginning_and_going_on_another_way(draft, own_client, third):
    """Pins of what is overtaken go, those the next edit stands on stay."""
    draft.edit(JOIN)
    draft.do("/publish")
    plan = Draft.make(own_client, name="反复")
    plan.edit({"type": "join_villages", "villages": [SECOND, third]})
    plan.do("/undo")
    assert listed(own_client, plan=plan.id) == {J601: [FIRST, SECOND]}
    plan.edit(RENAME)
    assert listed(own_client, plan=plan.id) == {J601: [FIRST, SECOND]}
    plan.do("/undo")
    plan.edit(SPLIT)
    plan.do("/undo")
    plan.edit({"type": "lock", "grids": [A1]})
    # nothing of its own is left: what another plan publishes shows
    other = Draft.make(own_client, name="他人")
    other.edit(RENAME)
    other.do("/publish")
    assert joined_at(own_client, plan=plan.id)["name"] == "双河联村"
    assert plan.get("/problems")["problems"] == []


def test_a_copy_and_a_file_make_it_again(draft, own_client):
    draft.edit(JOIN, RENAME)
    draft.do("/undo")
    copied = Draft(own_client, draft.do("/copy", {"name": "副本"}))
    assert listed(own_client, plan=copied.id) == {J601: [FIRST, SECOND]}
    copied.do("/redo")
    assert joined_at(own_client, plan=copied.id)["name"] == "双河联村"
    draft.revision = draft.get()["revision"]
    assert joined_at(own_client, plan=draft.id)["name"] == "上河下河联村"
    file = copied.get("/file")
    told = file["wangge_plan"]["joint_villages"]
    assert told == [{"code": J601, "name": "双河联村", "members": [FIRST, SECOND]}]
    brought = own_client.post("/api/plans/import", json=file).json()
    assert (brought["replayed"], brought["problems"]) == (2, [])
    assert joined_at(own_client, plan=brought["id"])["name"] == "双河联村"
    # where 601 is taken in the meantime the file comes out under another code, and says so
    draft.do("/publish")
    answer = own_client.post("/api/plans/import", json=file, params={"drop": "true"})
    assert [d["problem"]["key"] for d in answer.json()["dropped"]] == ["no_change"]
    last = Draft.make(own_client, name="解散")
    last.edit(LEAVE)
    last.do("/publish")
    answer = own_client.post("/api/plans/import", json=file).json()
    keys = [(p["key"], p["details"]["code"]) for p in answer["problems"]]
    assert keys == [("joint_village_differs", J601), ("joint_village_differs", J602)]


def test_difference(draft, own_client):
    draft.edit(JOIN)
    found = draft.get("/difference")
    assert found["joint_villages"][0]["change"] == "added"
    assert found["totals"]["joint_villages"] == 1
    named = {village["code"]: village["name"] for village in found["villages"]}
    assert sorted(named) == found["joint_villages"][0]["members"]
    assert all(named.values())
    assert draft.get("/difference.geojson")["joint_villages"] == found["joint_villages"]
    other = Draft.make(own_client, name="另一个")
    against = draft.get("/difference", against=other.id)
    assert against["joint_villages"][0]["change"] == "added"
    assert other.get("/difference", against=draft.id)["joint_villages"][0]["change"] == "removed"
    draft.do("/undo")
    assert draft.get("/difference")["joint_villages"] == []


def test_exports(draft, own_client):
    draft.edit(JOIN)
    path = "/api/exports/joint_villages"
    assert own_client.get(f"{path}.geojson").json()["features"] == []
    drafted = own_client.get(f"{path}.geojson", params={"plan": draft.id})
    assert drafted.json()["plan"] == draft.id
    [feature] = drafted.json()["features"]
    assert feature["properties"]["members"] == [FIRST, SECOND]
    assert feature["properties"]["households"] == 16
    assert feature["geometry"]["type"] == "Polygon"
    old = own_client.get(f"{path}.geojson").headers["X-Wangge-Version"]
    draft.do("/publish")
    answer = own_client.get(f"{path}.csv")
    assert answer.headers["X-Wangge-Version"] != old
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["code"], row["members"]) == (J601, f"{FIRST};{SECOND}")
    assert row["grids"] == "4"
    assert own_client.get(f"{path}.xlsx").status_code == 200
    lines = own_client.get(f"{path}.geojsonl", params={"scope": tiny.COUNTY}).text
    assert json.loads(lines)["properties"]["code"] == J601
    assert own_client.get(f"{path}.geojsonl", params={"scope": "500998"}).text == ""
    assert own_client.get(f"{path}.geojson", params={"date": "2020-01-01"}).json()["features"] == []


def test_scope_and_locks(own_client, draft):
    village = Draft.make(own_client, scope=FIRST, name="一个村")
    error = village.refusal(JOIN)
    assert (error["key"], error["details"]["units"]) == ("outside_plan_scope", [SECOND])
    draft.edit({"type": "lock", "villages": [SECOND]})
    assert draft.refusal(JOIN)["key"] == "village_locked"
    draft.do("/undo")
    draft.edit(JOIN)
    draft.do("/publish")
    assert village.refusal(RENAME)["key"] == "outside_plan_scope"
    assert village.refusal({**LEAVE, "village": FIRST})["key"] == "outside_plan_scope"


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        ({**JOIN, "villages": [FIRST]}, "invalid_edit"),
        ({**JOIN, "villages": [FIRST, THIRD]}, "village_not_found"),
        ({**JOIN, "villages": [FIRST, J601]}, "village_not_found"),
        ({**JOIN, "name": "王\u202e五"}, "text_unreadable"),
        ({**JOIN, "name": "电话13800138000"}, "personal_text"),
        ({**JOIN, "code": FIRST}, "joint_code_irregular"),
        ({**LEAVE, "village": "1"}, "invalid_edit"),
        (LEAVE, "village_not_joined"),
        ({**LEAVE, "village": THIRD}, "village_not_found"),
        (RENAME, "grid_not_found"),
    ],
    ids=str,
)
def test_bad_edits_change_nothing(client, edit, key):
    plan = Draft.make(client)
    assert plan.refusal(edit)["key"] == key
    assert plan.get()["revision"] == 0


def test_bad_questions(client):
    answer = client.get("/api/joint-villages", params={"townships": "1"})
    assert refused(answer) == (400, "unknown_parameter")
    plan = Draft.make(client)
    both = client.get("/api/joint-villages", params={"plan": plan.id, "date": "2026-03-01"})
    assert refused(both) == (400, "plan_with_date")
    gone = {"plan": "00000000-0000-0000-0000-000000000000"}
    assert refused(client.get("/api/joint-villages", params=gone)) == (404, "not_found")


def test_a_member_that_is_gone_holds_the_plan_up(draft, own_client, own_engine, third):
    draft.edit({"type": "join_villages", "villages": [SECOND, third]})
    with own_engine.begin() as connection:
        for table, column in (("division", "code"), ("grid", "village_code")):
            connection.execute(
                text(f"UPDATE {table} SET valid_to = now() WHERE {column} = :code"),
                {"code": third},
            )
    [problem] = draft.get("/problems")["problems"]
    assert (problem["key"], problem["details"]["villages"]) == ("joint_member_gone", [third])
    assert refused(draft.send("/publish")) == (409, "plan_has_problems")


def test_the_store_itself_keeps_the_rules(own_engine):
    insert = text("""
        INSERT INTO joint_village (code, name, members, valid_from)
        VALUES (:code, '联村', CAST(:members AS text[]), now())
    """)
    with own_engine.begin() as connection:
        connection.execute(insert, {"code": J601, "members": [FIRST, SECOND]})
    for code, members in ((J601, ["a", "b"]), (J602, [SECOND, THIRD]), (J602, [FIRST])):
        with pytest.raises(Exception, match="joint_village"), own_engine.begin() as connection:
            connection.execute(insert, {"code": code, "members": members})


def test_the_command_line_knows_them(own_client, own_engine, draft, tmp_path, monkeypatch):
    from api.cli import app

    url = own_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path))
    lines = tmp_path / "edits.jsonl"
    lines.write_text("\n".join(json.dumps(edit) for edit in (JOIN, RENAME)), encoding="utf-8")
    run = CliRunner().invoke
    made = run(app, ["plan", "edit", draft.id, str(lines)])
    assert made.exit_code == 0, made.output
    assert "双河联村" in made.output
    assert FIRST in made.output
    shown = run(app, ["plan", "show", draft.id])
    assert (shown.exit_code, J601 in shown.output) == (0, True)
    as_json = json.loads(run(app, ["plan", "show", draft.id, "--json"]).output)
    assert as_json["joint_villages"][0]["name"] == "双河联村"
    compared = run(app, ["plan", "diff", draft.id])
    assert "双河联村" in compared.output
    published = run(app, ["plan", "publish", draft.id])
    assert published.exit_code == 0, published.output
    assert "联村启用 1" in published.output or "1 joint villages opened" in published.output


def test_two_publications_at_once(own_client, own_engine):
    plans = [Draft.make(own_client, name=name) for name in ("甲", "乙")]
    for plan in plans:
        plan.edit(JOIN)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda plan: plan.send("/publish"), plans))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert refused(late) == (409, "plan_conflict")
    assert [row[:3] for row in rows_of(own_engine)] == [(J601, "上河下河联村", [FIRST, SECOND])]
