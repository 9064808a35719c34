"""What answers about plans leave out when asked, how they page, and how they refuse in words."""

import re

import pytest
from sqlalchemy import text

from api.schemas_plans import EditOut, LogOut
from tests.api import tiny
from tests.api.drafting import (
    A1,
    A2,
    B1,
    FIRST,
    LOCK,
    MERGE,
    MERGE_B,
    SECOND,
    SPLIT,
    TRANSFER,
    Draft,
)

UNLOCK = {"type": "unlock", "grids": [A2]}
PLACE = [108.01, 31.01]


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def refused(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


# --- the log in pages --------------------------------------------------------------------


def make_log(draft):
    """Six positions; two edits were overtaken, the last one is undone."""
    draft.edit(LOCK, UNLOCK, SPLIT, MERGE_B)
    draft.do("/undo")
    draft.do("/undo")
    draft.edit(LOCK, UNLOCK, LOCK, UNLOCK)
    draft.do("/undo")
    return draft.get("/edits", limit=1000)


def test_the_log_is_in_order_and_says_how_long_it_is(draft):
    log = make_log(draft)
    LogOut.model_validate(log)
    assert (log["total"], log["head"], log["revision"]) == (8, 5, draft.revision)
    assert [(e["position"], e["edit"]["type"], e["state"]) for e in log["edits"]] == [
        (1, "lock", "applied"),
        (2, "unlock", "applied"),
        (3, "split", "overtaken"),
        (3, "lock", "applied"),
        (4, "merge", "overtaken"),
        (4, "unlock", "applied"),
        (5, "lock", "applied"),
        (6, "unlock", "undone"),
    ]
    assert draft.get("/edits") == log


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 1000])
def test_pages_together_are_the_log(draft, limit):
    whole = make_log(draft)["edits"]
    pages, before = [], {}
    while page := draft.get("/edits", limit=limit, **before)["edits"]:
        before = {"before": page[0]["position"]}
        pages.append(page)
        at_first = sum(entry["position"] == page[0]["position"] for entry in page)
        assert limit <= len(page) < limit + at_first or page[0] == whole[0]
    assert [entry for page in reversed(pages) for entry in page] == whole


def test_a_page_before_the_beginning_is_empty(draft):
    make_log(draft)
    answer = draft.get("/edits", before=1)
    assert (answer["edits"], answer["total"]) == ([], 8)
    assert Draft.make(draft.client).get("/edits")["total"] == 0


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"limit": 0}, "应不小于 1"),
        ({"limit": 1001}, "应不大于 1000"),
        ({"before": 0}, "应不小于 1"),
        ({"before": "x"}, "应为整数"),
    ],
)
def test_a_page_there_cannot_be(draft, asked, reason):
    error = refused(draft.client.get(f"{draft.path}/edits", params=asked), 400)
    (name,) = asked
    assert error["message_zh"] == f"参数 {name} 无效：{reason}。"


# --- answers without shapes --------------------------------------------------------------


def test_shapes_are_left_out_where_they_are_not_asked(draft):
    lock = {"type": "lock", "grids": [A1, A2, B1]}
    full = draft.preview(lock)
    bare = draft.client.post(
        f"{draft.path}/edits", json=lock, params={"preview": True, "geometry": False}
    ).json()
    made = draft.do("/edits", lock, geometry=False)
    undone = draft.do("/undo", geometry=False)
    redone = draft.do("/redo", geometry=False)
    for answer in (full, bare, made, undone, redone):
        EditOut.model_validate(answer)
        assert {grid["code"] for grid in answer["changed"]} == {A1, A2, B1}
    assert all(grid["geometry"]["type"] == "Polygon" for grid in full["changed"])
    blank = [grid | {"geometry": None} for grid in full["changed"]]
    assert bare["changed"] == made["changed"] == redone["changed"] == blank
    assert {grid["geometry"] for grid in undone["changed"]} == {None}
    again = draft.do("/undo")
    assert all(grid["geometry"]["type"] == "Polygon" for grid in again["changed"])


# --- comments, names ---------------------------------------------------------------------


def comment(draft, point, words="这里再看看"):
    return draft.client.post(f"{draft.path}/comments", json={"text": words, "point": point})


@pytest.mark.parametrize("off", [(-0.049, 0), (0.069, 0), (0, -0.049), (0, 0.069)])
def test_a_comment_may_be_about_what_lies_beside_the_scope(own_client, off):
    """The first village lies from 108 to 108.02, 31 to 31.02."""
    draft = Draft.make(own_client, FIRST)
    assert comment(draft, [108 + off[0], 31 + off[1]]).status_code == 201


@pytest.mark.parametrize("off", [(-0.051, 0), (0.071, 0), (0, -0.051), (0, 0.071), (-108, -31)])
def test_a_comment_far_from_the_scope_is_refused(own_client, off):
    draft = Draft.make(own_client, FIRST)
    error = refused(comment(draft, [108 + off[0], 31 + off[1]]), 422)
    assert error["key"] == "comment_outside_scope"
    assert error["details"]["bbox"] == [108.0, 31.0, 108.02, 31.02]
    assert FIRST in error["message_zh"]
    assert draft.get("/comments")["comments"] == []


def test_without_an_outline_the_lines_say_where_the_scope_is(draft, own_engine):
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM division"))
    assert comment(draft, [108.08, 31.01]).status_code == 201
    assert refused(comment(draft, [108.1, 31.01]), 422)["key"] == "comment_outside_scope"
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM grid"))
    assert comment(draft, [108.1, 31.01]).status_code == 201


def test_a_file_brings_no_comments_from_elsewhere(draft):
    comment(draft, PLACE)
    file = draft.get("/file")
    file["wangge_plan"]["comments"][0]["point"] = [100, 20]
    error = refused(draft.client.post("/api/plans/import", json=file), 422)
    assert error["key"] == "comment_outside_scope"


UNSEEN = ["\u202e", "\u2066", "\u200f", "\u061c"]


@pytest.mark.parametrize("sign", [*UNSEEN, "\u200b", "\ufeff", "\u00ad", "\ue000", "\x07", "\x7f"])
def test_a_name_holds_nothing_that_cannot_be_seen(draft, sign):
    name = f"河东{sign}镇"
    wanted = {"name": name, "scope": tiny.COUNTY}
    edit = {"type": "set_attributes", "grid": A1, "attributes": {"name": name}}
    for answer in (
        draft.client.post("/api/plans", json=wanted),
        draft.send("", {"name": name}, method="PATCH"),
        draft.client.post(f"{draft.path}/copy", json={"name": name}),
        draft.send("/edits", edit),
    ):
        error = refused(answer, 422)
        assert error["key"] in ("text_unreadable", "invalid_edit")
    assert draft.get()["name"] == "试划"
    assert draft.client.get("/api/plans").json()["total"] == 1


@pytest.mark.parametrize("name", ["河东镇（二）—“试”", "Éire ½ №3", "𠮷田村", "é", "一\u3000二"])
def test_a_name_may_be_in_any_script(own_client, name):
    made = own_client.post("/api/plans", json={"name": name, "scope": tiny.COUNTY})
    assert made.json()["name"] == " ".join(name.split())


def test_a_comment_may_have_lines_and_joiners_but_not_turn_around(draft):
    for words in ("一\n二\t三", "\U0001f469\u200d\U0001f33e 农户"):
        assert comment(draft, PLACE, words).json()["text"] == words
    for sign in UNSEEN:
        assert refused(comment(draft, PLACE, f"甲{sign}乙"), 422)["key"] == "text_unreadable"


# --- words -------------------------------------------------------------------------------

ASCII_WORDS = re.compile(r"[A-Za-z]{4,}")


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        ({"name": "甲"}, "scope", "缺少"),
        ({"name": 7, "scope": "1"}, "name", "应为文字"),
        ({"name": "甲", "scope": "1", "colour": 1}, "colour", "没有这一项"),
        ({"name": "甲" * 1001, "scope": "1"}, "name", "最多 1000 个字符"),
        ({"name": "甲", "scope": "é"}, "scope", "格式不对，应符合 ^[0-9A-Za-z_-]{1,40}$"),
        ([], "body", "应为对象"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_in_chinese(own_client, body, place, reason):
    error = refused(own_client.post("/api/plans", json=body), 422)
    assert error["message_zh"] == f"请求内容无效（{place}）：{reason}。"
    assert error["details"]["reason_zh"] == reason
    assert ASCII_WORDS.search(error["details"]["reason"])
    (fault,) = error["details"]["faults"]
    assert (fault["reason"], fault["reason_zh"]) == (error["details"]["reason"], reason)


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/comments", {"text": "甲", "point": [1]}, "缺少"),
        ("/comments", {"text": "甲", "point": ["x", 1]}, "应为数"),
        ("/comments", {"text": "甲", "point": 1}, "应为列表"),
        ("/comments", {"text": "甲", "point": [1, 2, 3]}, "最多 2 项"),
        ("/rebase", {"drop": "maybe"}, "应为 true 或 false"),
        ("/edits", [], "应为对象"),
    ],
)
def test_and_of_other_bodies(draft, path, body, reason):
    error = refused(draft.send(path, body), 422)
    assert error["message_zh"].endswith(f"：{reason}。")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/api/plans/7", "应为 UUID"),
        ("/api/plans?state=new", "应为 'draft', 'submitted', 'published' 或 'withdrawn' 之一"),
        ("/api/plans?limit=1.5", "应为整数"),
        ("/api/grids/at?lon=nan&lat=1", "应为有限的数"),
        ("/api/grids/at?lon=200&lat=1", "应不大于 180"),
        ("/api/grids/at?lat=1", "缺少"),
        ("/api/partition/problems?scope=%20", "格式不对，应符合 ^[0-9A-Za-z_-]{1,40}$"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said_in_chinese(own_client, path, reason):
    error = refused(own_client.get(path), 400)
    assert error["message_zh"].endswith(f"无效：{reason}。")


def test_a_body_that_is_no_json(draft):
    answer = draft.client.post(
        "/api/plans", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert refused(answer, 422)["message_zh"].endswith("：不是有效的 JSON。")


def test_details_have_lists_and_sentences_read_them_out(own_client):
    draft = Draft.make(own_client, FIRST)
    error = draft.refusal({"type": "lock", "villages": [SECOND, tiny.TOWNSHIP]})
    units = sorted([SECOND, tiny.TOWNSHIP])
    assert error["details"]["units"] == units
    assert f"{units[0]}、{units[1]} 不在" in error["message_zh"]
    assert f"{units[0]}, {units[1]} lies" in error["message"]
    unknown = own_client.post("/api/plans", json={"name": "x", "scope": FIRST, "network": "none"})
    assert "all_purpose" in refused(unknown, 422)["details"]["known"]


def test_a_conflict_lists_villages_and_grids(own_client):
    draft, other = Draft.make(own_client), Draft.make(own_client)
    draft.edit(TRANSFER, MERGE_B)
    other.edit(MERGE, MERGE_B)
    other.do("/publish", {"note": "试"})
    error = refused(draft.send("/publish", {"note": "试"}), 409)
    assert error["key"] == "plan_conflict"
    assert error["details"]["villages"] == [FIRST, SECOND]
    assert set(error["details"]["codes"]) == set(error["details"]["grids"])
    assert f"{FIRST}、{SECOND}" in error["message_zh"]
    told = [p for p in draft.get("/problems")["problems"] if p["key"] == "plan_conflict"]
    assert [p["details"]["villages"] for p in told] == [[FIRST], [SECOND]]
    # what cannot be replayed says which grids as a list, too
    error = refused(draft.send("/rebase"), 409)
    assert error["key"] == "rebase_conflict"
    for failed in error["details"]["conflicts"]:
        assert failed["problem"]["details"].get("grids", []) == failed["problem"]["grids"]
