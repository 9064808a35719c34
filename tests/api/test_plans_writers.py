"""Several writers on one plan at once: the log is serial, nothing is lost, the late are told."""

import threading

import pytest
from sqlalchemy import text

from api.settings import Settings
from data.db import make_engine
from tests.api.conftest import clone, make_client
from tests.api.drafting import A1, B1, MERGE, MERGE_B, SPLIT, Draft

WRITERS = 8
ROUNDS = 6


@pytest.fixture
def busy_engine(cluster_url, tiny_database):
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=WRITERS + 2)
        yield engine
        engine.dispose()


@pytest.fixture
def client(busy_engine, tmp_path):
    with make_client(Settings(home=tmp_path), busy_engine) as client:
        yield client


def at_once(*works):
    """Run works in threads that start together; return their results in order."""
    ready = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(number, work):
        ready.wait(30)
        results[number] = work()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def rename(number):
    return {"type": "set_attributes", "grid": A1, "attributes": {"name": f"名{number}"}}


def test_of_writers_with_one_revision_one_wins(client):
    draft = Draft.make(client)
    answers = at_once(*(lambda n=n: draft.send("/edits", rename(n)) for n in range(WRITERS)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (WRITERS - 1)
    told = {a.json()["error"]["key"] for a in answers if a.status_code == 409}
    assert told == {"plan_changed"}
    [won] = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    assert draft.grids()[A1]["properties"]["name"] == f"名{won}"
    assert draft.get()["head"] == 1


def test_writers_that_ask_again_all_get_their_turn(client, busy_engine):
    """Eight writers, each edit repeated until it is in; then the log is what was answered."""
    draft = Draft.make(client)
    accepted, late = [], []

    def write(writer):
        for round_ in range(ROUNDS):
            while True:
                seen = client.get(draft.path).json()["revision"]
                answer = draft.send("/edits", rename(f"{writer}-{round_}"), seen=seen)
                if answer.status_code == 200:
                    accepted.append((answer.json()["revision"], writer, round_))
                    break
                assert answer.status_code == 409, answer.text
                assert answer.json()["error"]["key"] == "plan_changed"
                late.append(writer)

    at_once(*(lambda w=w: write(w) for w in range(WRITERS)))
    plan, log = draft.get(), draft.get("/edits")["edits"]
    count = WRITERS * ROUNDS
    assert (plan["head"], plan["revision"]) == (count, count)
    assert [entry["position"] for entry in log] == list(range(1, count + 1))
    assert sorted(revision for revision, _, _ in accepted) == list(range(1, count + 1))
    in_order = [f"名{writer}-{round_}" for _, writer, round_ in sorted(accepted)]
    assert [entry["edit"]["attributes"]["name"] for entry in log] == in_order
    assert late  # somebody was: else nobody was tested
    # each version of the grid counts from one edit to the next
    query = text("SELECT from_position, to_position FROM plan_grid WHERE code = :code ORDER BY 1")
    with busy_engine.connect() as connection:
        spans = [tuple(row) for row in connection.execute(query, {"code": A1})]
    assert spans == [(n, n + 1 if n < count else None) for n in range(count + 1)]


def test_edit_undo_submit_and_publish_at_once(client):
    """Whoever comes first; everybody else is told. The plan is in one of the states that follow."""
    for _ in range(5):
        draft = Draft.make(client)
        draft.edit(MERGE_B)
        answers = at_once(
            lambda draft=draft: draft.send("/edits", SPLIT),
            lambda draft=draft: draft.send("/undo"),
            lambda draft=draft: draft.send("/submit"),
            lambda draft=draft: draft.send("/withdraw"),
            lambda draft=draft: draft.send("", {"name": "x"}, method="PATCH"),
            lambda draft=draft: draft.send("/rebase"),
        )
        assert sorted(answer.status_code for answer in answers).count(200) == 1
        assert {answer.status_code for answer in answers} == {200, 409}
        assert draft.get()["revision"] > draft.revision


def test_different_plans_do_not_wait_for_each_other(client, busy_engine):
    """One plan's row is held; another plan over the same ground is edited meanwhile."""
    held, free = Draft.make(client), Draft.make(client)
    with busy_engine.begin() as connection:
        connection.execute(
            text("SELECT FROM plan WHERE id = CAST(:id AS uuid) FOR UPDATE"), {"id": held.id}
        )
        assert free.edit(MERGE)["head"] == 1
        # and reading or trying on the held one waits for nobody
        assert held.preview(MERGE)["removed"]
        assert set(held.grids()) > {A1, B1}


def test_two_services_on_one_store(busy_engine, tmp_path):
    """What a service keeps in memory is never another's past."""
    settings = Settings(home=tmp_path)
    clients = [make_client(settings, busy_engine) for _ in range(2)]
    one = Draft.make(clients[0])
    other = Draft(clients[1], one.get())
    one.edit(SPLIT)
    assert len(one.get("/problems")["problems"]) == 2
    assert other.get("/problems")["problems"] == one.get("/problems")["problems"]
    other.revision = one.revision
    other.do("/undo")
    assert one.get("/problems")["problems"] == []
