"""Comments on places, and a plan that leaves as one file and comes back."""

import copy
import json

import pytest

from tests.api import tiny
from tests.api.desk import stored
from tests.api.drafting import (
    A1,
    A2,
    B1,
    B2,
    FIRST,
    LOCK,
    MERGE,
    MERGE_B,
    SPLIT,
    TRANSFER,
    Draft,
    bent,
    redraw,
)

A3 = f"{FIRST}003"
PLACE = [108.005, 31.01]


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def comment(draft, text="这条线为什么画到河对岸？", point=PLACE):
    return draft.client.post(f"{draft.path}/comments", json={"text": text, "point": point})


@pytest.fixture(scope="module")
def quiet(kept_client):
    """A plan without comments."""
    return Draft.make(kept_client)


# --- comments ----------------------------------------------------------------------------


def test_a_comment_is_made_and_settled(draft):
    made = comment(draft)
    assert made.status_code == 201
    first = made.json()
    assert (first["point"], first["author"], first["resolved"]) == (PLACE, "local", False)
    second = comment(draft, "另一处").json()
    assert [c["id"] for c in draft.get("/comments")["comments"]] == [first["id"], second["id"]]
    path = f"{draft.path}/comments/{first['id']}"
    settled = draft.client.patch(path, json={"resolved": True}).json()
    assert (settled["resolved"], settled["resolved_by"]) == (True, "local")
    assert settled["resolved_at"] is not None
    opened = draft.client.patch(path, json={"resolved": False}).json()
    assert (opened["resolved"], opened["resolved_at"]) == (False, None)
    # a comment is no change of the plan
    assert draft.get()["revision"] == draft.revision


def test_submitted_plans_are_discussed_too(draft):
    draft.do("/submit")
    assert comment(draft).status_code == 201


@pytest.mark.parametrize(
    ("text", "point", "key"),
    [
        ("", PLACE, "text_length"),
        ("  \n ", PLACE, "text_length"),
        ("长" * 2_001, PLACE, "text_length"),
        ("张三 13800138000", PLACE, "personal_text"),
        ("11010519491231002X 家", PLACE, "personal_text"),
        ("\x07", PLACE, "text_unreadable"),
        ("x", [200, 31], "bad_coordinate"),
        ("x", [405_000, 3_433_000], "bad_coordinate"),
        ("x", [108], "invalid_body"),
        ("x", "108,31", "invalid_body"),
        ("x", None, "invalid_body"),
    ],
)
def test_what_is_no_comment(quiet, text, point, key):
    draft = quiet
    answer = comment(draft, text, point)
    assert (answer.status_code, answer.json()["error"]["key"]) == (422, key)
    assert draft.get("/comments")["comments"] == []


def test_comments_belong_to_their_plan(own_client, draft):
    other = Draft.make(own_client)
    number = comment(draft).json()["id"]
    for path in (f"{other.path}/comments/{number}", f"{draft.path}/comments/{number + 7}"):
        answer = own_client.patch(path, json={"resolved": True})
        assert (answer.status_code, answer.json()["error"]["key"]) == (404, "not_found")
    for bad in ("0", "-1", "x", "9" * 40):
        answer = own_client.patch(f"{draft.path}/comments/{bad}", json={"resolved": True})
        assert answer.status_code == 400, bad


# --- as a file ---------------------------------------------------------------------------


@pytest.fixture
def filed(draft):
    """A plan with every kind of thing in it, and its file."""
    draft.edit(SPLIT, TRANSFER, MERGE_B, LOCK)
    comment(draft)
    number = comment(draft, "已谈妥").json()["id"]
    draft.client.patch(f"{draft.path}/comments/{number}", json={"resolved": True})
    return draft.get("/file")


def bring_in(client, document, **params):
    return client.post("/api/plans/import", json=document, params=params)


def test_a_plan_file_is_geojson_with_what_makes_the_plan_again(filed, draft):
    assert filed["type"] == "FeatureCollection"
    assert [f["properties"]["code"] for f in filed["features"]] == [A1, A2, A3, B1]
    assert filed["features"][1]["properties"]["locked"] is True
    assert filed["features"][0]["properties"]["households"] == 2
    about = filed["wangge_plan"]
    assert (about["format"], about["scope"], about["network"]) == (1, tiny.COUNTY, "all_purpose")
    assert [e["edit"]["type"] for e in about["edits"]] == ["split", "transfer", "merge", "lock"]
    assert [c["resolved"] for c in about["comments"]] == [False, True]
    assert [base["codes"] for base in about["base"]] == [[A1, A2], [B1, B2]]
    again = draft.client.get(f"{draft.path}/file")
    assert again.json() == filed
    assert "plan-" in again.headers["content-disposition"]


def test_a_file_read_back_is_the_same_plan(filed, draft):
    answer = bring_in(draft.client, filed)
    assert answer.status_code == 201, answer.text
    plan = answer.json()
    assert (plan["replayed"], plan["dropped"], plan["problems"]) == (4, [], [])
    assert (plan["state"], plan["edits"], plan["name"]) == ("draft", 4, "试划")
    back = Draft(draft.client, plan)
    assert back.grids() == draft.grids()
    assert [c["text"] for c in back.get("/comments")["comments"]] == [
        c["text"] for c in draft.get("/comments")["comments"]
    ]
    assert back.get("/difference", against=draft.id)["grids"] == []
    back.do("/undo")
    back.do("/redo")
    second = back.get("/file")
    assert second["features"] == filed["features"]


def test_undone_edits_do_not_leave(draft):
    draft.edit(SPLIT, MERGE_B)
    draft.do("/undo")
    about = draft.get("/file")["wangge_plan"]
    assert [e["edit"]["type"] for e in about["edits"]] == ["split"]


def test_lines_that_changed_since_are_told(filed, own_client, own_engine):
    shapes = {A1: bent(108.0, 108.01, by_east=0.001), A2: bent(108.01, 108.02, by_west=0.001)}
    redraw(own_engine, **{f"g{code}": shape for code, shape in shapes.items()})
    document = copy.deepcopy(filed)
    document["wangge_plan"]["edits"] = document["wangge_plan"]["edits"][2:]  # without the drawings
    plan = bring_in(own_client, document).json()
    told = {p["details"]["village"]: p["grids"] for p in plan["problems"]}
    assert told == {FIRST: [A1, A2, A3]}
    assert {p["key"] for p in plan["problems"]} == {"plan_file_differs"}
    assert {p["severity"] for p in plan["problems"]} == {"warning"}


def test_edits_that_are_not_possible_any_more(filed, own_client):
    other = Draft.make(own_client)
    other.edit(MERGE)
    other.do("/publish", {"note": "保留"})
    before = own_client.get("/api/plans").json()
    refused = bring_in(own_client, filed)
    error = refused.json()["error"]
    assert (refused.status_code, error["key"]) == (409, "plan_file_conflict")
    failed = [(c["position"], c["edit"]["type"]) for c in error["details"]["conflicts"]]
    assert (2, "transfer") in failed
    assert (4, "lock") in failed
    assert all(c["problem"]["message_zh"] for c in error["details"]["conflicts"])
    assert own_client.get("/api/plans").json() == before
    plan = bring_in(own_client, filed, drop="true").json()
    assert plan["replayed"] == 4 - len(plan["dropped"])
    assert [d["position"] for d in plan["dropped"]] == [position for position, _ in failed]


def without(document, *path):
    out = copy.deepcopy(document)
    at = out
    for name in path[:-1]:
        at = at[name]
    del at[path[-1]]
    return out


def with_value(document, value, *path):
    out = copy.deepcopy(document)
    at = out
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    return out


@pytest.fixture(scope="module")
def document(kept_client):
    """The file of a plan that was made and left."""
    draft = Draft.make(kept_client)
    draft.edit(SPLIT, TRANSFER, MERGE_B, LOCK)
    comment(draft)
    return draft.get("/file")


HOSTILE = {
    "no plan": (lambda f: without(f, "wangge_plan"), "plan_file_invalid"),
    "plan as text": (lambda f: with_value(f, "x", "wangge_plan"), "plan_file_invalid"),
    "format of tomorrow": (
        lambda f: with_value(f, 2, "wangge_plan", "format"),
        "plan_file_invalid",
    ),
    "no format": (lambda f: without(f, "wangge_plan", "format"), "plan_file_invalid"),
    "no name": (lambda f: without(f, "wangge_plan", "name"), "plan_file_invalid"),
    "empty name": (lambda f: with_value(f, " ", "wangge_plan", "name"), "text_length"),
    "name of a person": (
        lambda f: with_value(f, "13800138000", "wangge_plan", "name"),
        "personal_text",
    ),
    "no scope": (lambda f: without(f, "wangge_plan", "scope"), "plan_file_invalid"),
    "scope as a pattern": (
        lambda f: with_value(f, "%", "wangge_plan", "scope"),
        "plan_file_invalid",
    ),
    "scope elsewhere": (
        lambda f: with_value(f, "110101", "wangge_plan", "scope"),
        "plan_scope_unknown",
    ),
    "scope too small": (
        lambda f: with_value(f, tiny.VILLAGES[1], "wangge_plan", "scope"),
        "plan_file_conflict",
    ),
    "network there is none of": (
        lambda f: with_value(f, "secret", "wangge_plan", "network"),
        "plan_network_unknown",
    ),
    "edits as text": (lambda f: with_value(f, "x", "wangge_plan", "edits"), "plan_file_invalid"),
    "edit as a number": (lambda f: with_value(f, [7], "wangge_plan", "edits"), "plan_file_invalid"),
    "unknown edit": (
        lambda f: with_value(f, {"type": "explode"}, "wangge_plan", "edits", 0, "edit"),
        "plan_file_conflict",
    ),
    "codes as numbers": (
        lambda f: with_value(f, [1, 2], "wangge_plan", "edits", 0, "created"),
        "plan_file_invalid",
    ),
    "too many edits": (
        lambda f: with_value(f, f["wangge_plan"]["edits"][:1] * 20_001, "wangge_plan", "edits"),
        "plan_file_invalid",
    ),
    "comment of a person": (
        lambda f: with_value(f, "问 13800138000", "wangge_plan", "comments", 0, "text"),
        "personal_text",
    ),
    "comment nowhere": (
        lambda f: with_value(f, [1e9, 0], "wangge_plan", "comments", 0, "point"),
        "bad_coordinate",
    ),
}


@pytest.mark.parametrize(("spoil", "key"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_store_nothing(document, kept_client, kept_engine, spoil, key):
    before = stored(kept_engine), kept_client.get("/api/plans").json()
    answer = bring_in(kept_client, spoil(document))
    assert answer.status_code in (409, 422), answer.text
    assert answer.json()["error"]["key"] == key
    assert (stored(kept_engine), kept_client.get("/api/plans").json()) == before


@pytest.mark.parametrize(
    "features",
    [
        "x",
        [7, None, {}],
        [{"type": "Feature", "properties": {"code": A1, "village_code": FIRST}, "geometry": "x"}],
        [{"properties": {"code": A1, "village_code": FIRST}, "geometry": {"type": "Polygon"}}],
    ],
)
def test_drawings_of_a_file_are_only_looked_at(filed, own_client, features):
    """The plan is its edits; whatever stands for the result is compared, and never stored."""
    plan = bring_in(own_client, with_value(filed, features, "features")).json()
    assert plan["replayed"] == 4
    assert {p["key"] for p in plan["problems"]} == {"plan_file_differs"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object(kept_client, content):
    answer = kept_client.post(
        "/api/plans/import", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["key"] == "invalid_body"


def test_a_file_too_large_for_a_request(kept_client):
    answer = kept_client.post("/api/plans/import", content=json.dumps({"x": "a" * 9_000_000}))
    assert (answer.status_code, answer.json()["error"]["key"]) == (413, "too_large")
