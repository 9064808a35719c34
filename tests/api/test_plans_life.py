"""The life of a plan over HTTP: made, renamed, submitted, withdrawn, reopened, copied, listed."""

import pytest
from sqlalchemy import text

from data import audit
from tests.api import tiny
from tests.api.drafting import A1, FIRST, MERGE, SPLIT, Draft

UNKNOWN = "3f2c8a52-0000-4000-8000-000000000000"


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def acts(engine):
    with engine.connect() as connection:
        found = audit.fetch_acts(connection)
    return [(act["action"], act["details"]) for act in reversed(found) if "plan" in act["action"]]


def test_a_new_plan_changes_nothing(own_client):
    answer = own_client.post("/api/plans", json={"name": "  河东镇 优化 ", "scope": tiny.TOWNSHIP})
    assert answer.status_code == 201
    plan = answer.json()
    assert answer.headers["etag"] == f'"{plan["revision"]}"'
    wanted = {
        "name": "河东镇 优化",
        "scope": tiny.TOWNSHIP,
        "scope_name": "河东镇",
        "network": "all_purpose",
        "state": "draft",
        "head": 0,
        "edits": 0,
        "undone": 0,
        "touched_villages": [],
        "bbox": None,
        "created_by": "local",
        "note": "",
        "submitted_at": None,
        "published_at": None,
        "copied_from": None,
    }
    assert {name: plan[name] for name in wanted} == wanted
    assert own_client.get(f"/api/plans/{plan['id']}").json() == plan
    assert own_client.get("/api/plans").json() == {"total": 1, "plans": [plan]}


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ({"name": "x", "scope": "999999"}, 422, "plan_scope_unknown"),
        ({"name": "x", "scope": A1}, 422, "plan_scope_unknown"),
        ({"name": "x", "scope": "%"}, 422, "invalid_body"),
        ({"name": "x", "scope": ""}, 422, "invalid_body"),
        ({"name": "x", "scope": tiny.COUNTY, "network": "none"}, 422, "plan_network_unknown"),
        ({"name": " \t", "scope": tiny.COUNTY}, 422, "text_length"),
        ({"name": "长" * 201, "scope": tiny.COUNTY}, 422, "text_length"),
        ({"name": "问 13800138000", "scope": tiny.COUNTY}, 422, "personal_text"),
        ({"name": "11010519491231002X", "scope": tiny.COUNTY}, 422, "personal_text"),
        ({"name": "a\u0000b", "scope": tiny.COUNTY}, 422, "text_unreadable"),
        ({"name": "a\x1bb", "scope": tiny.COUNTY}, 422, "text_unreadable"),
        ({"name": "x"}, 422, "invalid_body"),
        ({"name": "x", "scope": tiny.COUNTY, "owner": "y"}, 422, "invalid_body"),
        ([], 422, "invalid_body"),
    ],
)
def test_what_is_no_plan_is_not_made(kept_client, body, status, key):
    before = kept_client.get("/api/plans").json()
    answer = kept_client.post("/api/plans", json=body)
    assert (answer.status_code, answer.json()["error"]["key"]) == (status, key)
    assert kept_client.get("/api/plans").json() == before


def test_plans_are_listed_by_state_and_scope(own_client):
    county = Draft.make(own_client, name="全县")
    village = Draft.make(own_client, FIRST, name="一村")
    county.do("/submit")
    names = [plan["name"] for plan in own_client.get("/api/plans").json()["plans"]]
    assert names == ["全县", "一村"]  # the last changed first

    def listed(**asked):
        page = own_client.get("/api/plans", params=asked).json()
        return page["total"], [plan["id"] for plan in page["plans"]]

    assert listed(state="submitted") == (1, [county.id])
    assert listed(scope=FIRST) == (1, [village.id])
    assert listed(limit=1, offset=1) == (2, [village.id])
    assert own_client.get("/api/plans?state=lost").status_code == 400


def test_a_plan_goes_from_state_to_state_and_back(draft, own_engine):
    draft.edit(SPLIT)
    assert draft.do("/submit")["state"] == "submitted"
    assert draft.get()["submitted_at"] is not None
    refused = draft.send("/edits", MERGE)
    assert (refused.status_code, refused.json()["error"]["key"]) == (409, "plan_not_draft")
    for what in ("/undo", "/redo", "/rebase"):
        refused = draft.send(what)
        assert refused.status_code == 409, what
    reopened = draft.do("/reopen")
    assert (reopened["state"], reopened["submitted_at"]) == ("draft", None)
    assert draft.do("/withdraw")["state"] == "withdrawn"
    refused = draft.send("/submit")
    assert refused.json()["error"]["key"] == "plan_wrong_state"
    assert refused.json()["error"]["details"]["allowed"] == ["draft"]
    assert draft.do("/reopen")["state"] == "draft"
    assert draft.edit(MERGE | {"grids": [f"{FIRST}002", f"{FIRST}003"]}) is not None
    assert [action for action, _ in acts(own_engine)] == [
        "plan create",
        "plan submit",
        "plan reopen",
        "plan withdraw",
        "plan reopen",
    ]


def test_every_write_raises_the_revision(draft):
    seen = [draft.revision]
    draft.do("", {"name": "新名"}, method="PATCH")
    seen.append(draft.revision)
    for step in (lambda: draft.edit(SPLIT), lambda: draft.do("/undo"), lambda: draft.do("/redo")):
        step()
        seen.append(draft.revision)
    for what in ("/submit", "/reopen", "/withdraw"):
        draft.do(what)
        seen.append(draft.revision)
    assert seen == sorted(set(seen))
    assert draft.get()["revision"] == draft.revision
    assert draft.get()["name"] == "新名"


@pytest.mark.parametrize("form", ["{}", '"{}"', 'W/"{}"'])
def test_if_match_as_clients_write_it(draft, form):
    headers = {"If-Match": form.format(draft.revision)}
    answer = draft.client.post(f"{draft.path}/submit", headers=headers)
    assert answer.status_code == 200, answer.text


WRITES = ["", "/edits", "/undo", "/redo", "/submit", "/publish", "/withdraw", "/reopen", "/rebase"]
BODIES = {"": {"name": "x"}, "/edits": SPLIT}


@pytest.mark.parametrize("what", WRITES)
def test_no_write_without_the_revision_that_was_seen(kept_client, what):
    draft = Draft.make(kept_client)
    method = "POST" if what else "PATCH"
    path = f"{draft.path}{what}"
    body = BODIES.get(what)
    missing = draft.client.request(method, path, json=body)
    assert (missing.status_code, missing.json()["error"]["key"]) == (428, "if_match_missing")
    stale = draft.send(what, body, method=method, seen=draft.revision + 7)
    assert (stale.status_code, stale.json()["error"]["key"]) == (409, "plan_changed")
    for bad in ("x", "*", "-1", "1.0", '"1", "2"', "９", "9" * 30, "", '"1', 'w/"1"'):
        answer = draft.client.request(method, path, json=body, headers={"If-Match": bad.encode()})
        assert answer.status_code == 400, bad
    assert draft.get()["revision"] == draft.revision
    assert draft.get()["state"] == "draft"


def test_whoever_is_late_is_told_what_changed(draft):
    seen = draft.revision
    draft.edit(SPLIT)
    answer = draft.send("/edits", MERGE, seen=seen)
    error = answer.json()["error"]
    assert answer.status_code == 409
    details = error["details"]
    assert (details["seen"], details["revision"]) == (seen, draft.revision)
    assert details["state"] == "draft"
    [since] = details["edits"]
    assert (since["type"], since["author"], since["position"]) == ("split", "local", 1)
    assert A1 in since["changed"]
    assert str(draft.revision) in error["message"]


def test_a_copy_may_begin_at_an_earlier_edit_or_before_an_undo(draft):
    draft.edit(SPLIT)
    first = draft.grids()
    draft.edit(MERGE | {"grids": [f"{FIRST}002", A1]})
    both = draft.grids()

    def branch(head: int) -> Draft:
        body = {"name": "另一方案", "head": head}
        answer = draft.client.post(f"{draft.path}/copy", json=body)
        assert answer.status_code == 201, answer.text
        return Draft(draft.client, answer.json())

    earlier = branch(1)
    assert (earlier.grids(), draft.grids()) == (first, both)
    draft.do("/undo")
    assert branch(2).grids() == both
    assert draft.grids() == first
    refused = draft.client.post(f"{draft.path}/copy", json={"name": "另一方案", "head": 3})
    assert (refused.status_code, refused.json()["error"]["key"]) == (409, "nothing_to_redo")


def test_a_copy_is_a_draft_of_its_own(draft, own_engine):
    draft.edit(SPLIT, MERGE | {"grids": [f"{FIRST}002", A1]})
    draft.do("/undo")
    draft.do("/submit")
    answer = draft.client.post(f"{draft.path}/copy", json={"name": "另一方案"})
    assert answer.status_code == 201, answer.text
    copy = Draft(draft.client, answer.json())
    plan = answer.json()
    assert (plan["state"], plan["copied_from"], plan["edits"], plan["undone"]) == (
        "draft",
        draft.id,
        1,
        1,
    )
    assert copy.grids() == draft.grids()
    copy.do("/redo")
    assert copy.grids() != draft.grids()
    assert draft.get()["edits"] == 1
    assert acts(own_engine)[-1][0] == "plan copy"
    assert acts(own_engine)[-1][1]["of"] == draft.id


def test_names_are_looked_at_wherever_they_come_in(draft):
    for path, method in ((draft.path, "PATCH"), (f"{draft.path}/copy", "POST")):
        answer = draft.client.request(
            method,
            path,
            json={"name": "问 138 0013 8000"},
            headers={"If-Match": str(draft.revision)},
        )
        assert (answer.status_code, answer.json()["error"]["key"]) == (422, "personal_text")
    refused = draft.refusal(
        {"type": "set_attributes", "grid": A1, "attributes": {"name": "张三 13800138000"}}
    )
    assert refused["key"] == "personal_text"


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("GET", ""),
        ("GET", "/edits"),
        ("GET", "/problems"),
        ("GET", "/difference"),
        ("GET", "/difference.geojson"),
        ("GET", "/grids"),
        ("GET", "/comments"),
        ("GET", "/file"),
        ("POST", "/undo"),
        ("POST", "/publish"),
        ("POST", "/withdraw"),
    ],
)
def test_there_is_no_such_plan(kept_client, method, what):
    answer = kept_client.request(method, f"/api/plans/{UNKNOWN}{what}", headers={"If-Match": "1"})
    assert (answer.status_code, answer.json()["error"]["key"]) == (404, "not_found")


def test_plans_of_others_are_not_there(own_client, own_engine):
    """A caller of one township knows nothing of plans for the county."""
    from api.dependencies import find_caller
    from api.services.caller import Caller

    county, village = Draft.make(own_client), Draft.make(own_client, FIRST)
    caller = Caller("li", "planner", (FIRST,))
    own_client.app.dependency_overrides[find_caller] = lambda: caller
    try:
        assert own_client.get(county.path).status_code == 404
        assert county.send("/submit").status_code == 404
        assert [p["id"] for p in own_client.get("/api/plans").json()["plans"]] == [village.id]
        refused = own_client.post("/api/plans", json={"name": "x", "scope": tiny.COUNTY})
        assert refused.status_code == 403
        assert village.edit(SPLIT)["revision"] == village.revision
    finally:
        own_client.app.dependency_overrides.clear()
    with own_engine.connect() as connection:
        author = connection.execute(text("SELECT author FROM plan_edit")).scalar_one()
    assert author == "li"
