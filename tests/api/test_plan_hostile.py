"""Clients that hang up, repeat themselves, ask for the future or ask too much."""

import json
import threading

import pytest

from tests.api.conftest import clone
from tests.api.crowd import Crowd, at_once
from tests.api.drafting import A1, B1, MERGE, MERGE_B, SPLIT
from tests.api.holding import Hold
from tests.api.killing import Nursery
from tests.api.witness import acts_on, dump

NOTE = {"note": "试验"}
STORM = 400  # benchmarks/plan_kills.py has longer ones


@pytest.fixture(scope="module")
def nursery():
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def crowd(nursery, cluster_url, tiny_database, tmp_path):
    with clone(cluster_url, tiny_database) as url:
        crowd = Crowd(nursery, url, tmp_path)
        yield crowd
        assert crowd.deadlocks() == 0
        crowd.close()


def refused_as(answer):
    return answer.status_code, answer.json()["error"]["key"]


# --- clients that hang up ------------------------------------------------------------------------


def rename(name, grid):
    return {"type": "set_attributes", "grid": grid, "attributes": {"name": name}}


def request_for(draft, what, body, **headers):
    content = json.dumps(body).encode()
    lines = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "If-Match": draft.revision,
        "Content-Length": len(content),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {draft.path}{what} HTTP/1.1\r\n{head}\r\n".encode() + content


def everything(crowd):
    with crowd.engine.connect() as connection:
        return dump(connection)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("share", [0.3, 0.99], ids=["half", "all but a bit"])
def test_a_request_that_breaks_off_does_nothing(crowd, share, reset):
    draft, witness = crowd.make()
    request = request_for(draft, "/edits", SPLIT)
    head = request.index(b"\r\n\r\n") + 4
    before = everything(crowd)
    for kept in (int(head * share), head + int((len(request) - head) * share)):
        crowd.write_raw(request[:kept], reset=reset)
        crowd.settle()
        assert everything(crowd) == before
    # and one that says it is longer than it is
    crowd.write_raw(request_for(draft, "/edits", SPLIT, **{"Content-Length": 10_000}), reset=reset)
    crowd.settle()
    assert everything(crowd) == before
    draft.edit(SPLIT)
    assert crowd.check(witness)["revision"] == 1


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_who_does_not_wait_for_the_answer_has_all_of_it_done_or_nothing(crowd, reset):
    draft, witness = crowd.make()
    steps = [("/edits", SPLIT), ("/undo", None), ("/redo", None), ("/undo", None)] * 3
    without_answer = 0
    for number, (what, body) in enumerate(steps, start=1):
        crowd.write_raw(request_for(draft, what, body), reset=reset)
        # the same again, by somebody who waits: one of the two is done
        answer = draft.send(what, body)
        if answer.status_code != 200:
            assert refused_as(answer) == (409, "plan_changed")
            without_answer += 1
        draft.revision += 1
        assert crowd.check(witness)["revision"] == number
    crowd.settle()
    assert crowd.check(witness)["revision"] == len(steps)
    assert without_answer or reset


def test_who_hangs_up_on_a_publication(crowd):
    """Gone while the lines are being written: they come into force all the same, whole."""
    draft, witness = crowd.make()
    draft.edit(SPLIT)
    hold = Hold(crowd.engine)
    with hold.at("grid insert 1"):
        crowd.write_raw(request_for(draft, "/publish", NOTE))
        hold.wait(_Nobody())
    crowd.settle()
    plan = crowd.check(witness)
    assert (plan["state"], plan["revision"]) == ("published", 3)
    assert refused_as(draft.send("/publish", NOTE)) == (409, "plan_changed")
    crowd.check_in_force()


class _Nobody:
    """Whose request was sent by somebody who has gone."""

    over = False


# --- the same at the same moment -----------------------------------------------------------------


@pytest.mark.parametrize("first", ["/edits", "/submit"])
def test_a_plan_published_eight_times_at_one_moment(crowd, first):
    draft, _ = crowd.make()
    draft.edit(MERGE)
    if first == "/submit":
        draft.do("/submit")
    answers = at_once(*(lambda: draft.send("/publish", NOTE) for _ in range(8)))
    [won] = [answer for answer in answers if answer.status_code == 200]
    assert [refused_as(answer) for answer in answers if answer is not won] == [
        (409, "plan_changed")
    ] * 7
    with crowd.engine.connect() as connection:
        assert acts_on(connection, draft.id).count("plan publish") == 1
        assert acts_on(connection, draft.id).count("plan submit") == 1
    assert refused_as(draft.send("/publish", NOTE, seen=won.json()["revision"])) == (
        409,
        "plan_wrong_state",
    )
    crowd.check_in_force()


@pytest.mark.parametrize("other", ["/publish", "/submit", "/withdraw", "/rebase", "/undo"])
def test_an_edit_and_something_else_at_one_moment(crowd, other):
    """One of them is done; the other is told of it, and not a trace of it is stored."""
    for round_ in range(4):
        draft, witness = crowd.make()
        draft.edit(rename(f"甲{round_}", B1))
        following = rename(f"乙{round_}", A1)
        edit, rival = at_once(
            lambda draft=draft, following=following: draft.send("/edits", following),
            lambda draft=draft: draft.send(other, NOTE if other == "/publish" else None),
        )
        statuses = (edit.status_code, rival.status_code)
        assert statuses in ((200, 409), (409, 200))
        late = edit if edit.status_code == 409 else rival
        assert refused_as(late) == (409, "plan_changed")
        plan = crowd.check(witness)
        assert plan["head"] == (2 if late is rival else {"/undo": 0}.get(other, 1))
    crowd.check_in_force()


def test_revisions_of_the_future_and_of_the_past(crowd):
    draft, witness = crowd.make()
    draft.edit(SPLIT, MERGE_B)
    before = everything(crowd)
    for what in ("/edits", "/undo", "/publish", "/submit", "/withdraw", "/rebase"):
        for seen in (0, 1, 3, 4, 2**31, 2**53 + 1, 10**18 - 1):
            body = {"/edits": MERGE, "/publish": NOTE}.get(what)
            assert refused_as(draft.send(what, body, seen=seen)) == (409, "plan_changed")
        for seen in ("-1", "2.0", "*", "0x2", "二", '"2', "2, 3", "1" * 19, ""):
            answer = draft.client.post(
                f"{draft.path}{what}", json=body, headers={"If-Match": seen.encode()}
            )
            assert answer.status_code in (400, 428), (what, seen, answer.text)
    assert everything(crowd) == before
    crowd.check(witness)


def test_a_plan_is_not_deleted(crowd):
    draft, witness = crowd.make()
    draft.edit(SPLIT)
    before = everything(crowd)
    for path in (draft.path, f"{draft.path}/edits", f"{draft.path}/edits/1"):
        assert draft.client.delete(path).status_code in (404, 405)
    assert everything(crowd) == before
    crowd.check(witness)


# --- too much ------------------------------------------------------------------------------------


def test_a_storm_of_previews_holds_up_no_writer_and_keeps_no_memory(crowd):
    draft, witness = crowd.make()
    draft.edit(SPLIT)
    # the index of addresses, which the server gets ready by itself, is not the storm's
    assert crowd.client.get("/api/addresses/search", params={"q": "上河村"}).status_code == 200
    left, turn = iter(range(STORM)), threading.Lock()
    statuses, memory = [], []

    def storm():
        while True:
            with turn:
                number = next(left, None)
            if number is None:
                return
            path = f"{draft.path}/edits?preview=true"
            answer = crowd.client.post(path, json=rename(f"预{number}", B1))
            statuses.append(answer.status_code)
            if number in (STORM // 3, STORM - 1):
                memory.append(crowd.memory_mb())

    def write():
        for number in range(6):
            draft.edit(rename(f"{number}", A1))
        return len(statuses)

    *_, previews_before_the_last_edit = at_once(*[storm] * 7, write)
    assert statuses == [200] * STORM
    assert previews_before_the_last_edit < STORM
    assert memory[1] - memory[0] < 16
    assert crowd.check(witness)["head"] == 7
