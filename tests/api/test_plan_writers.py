"""Many writers at one time, over HTTP, on a service of its own process: nobody's work is lost."""

import collections

import pytest
from sqlalchemy import text

from tests.api import tiny
from tests.api.conftest import clone
from tests.api.crowd import Crowd, at_once
from tests.api.drafting import A1, A2, B1, B2, MERGE, MERGE_B, SPLIT, TRANSFER
from tests.api.holding import Hold, look_at, waiting_for
from tests.api.killing import Attempt, Nursery, wait_until

WRITERS = 8
NOTE = {"note": "试验"}
GRIDS = (A1, A2, B1, B2)


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


def rename(number, grid=A1):
    return {"type": "set_attributes", "grid": grid, "attributes": {"name": f"名{number}"}}


def name_of(edit):
    return edit["attributes"]["name"]


def logged(draft):
    return draft.get("/edits")["edits"]


def refused_as(answer):
    return answer.status_code, answer.json()["error"]["key"]


# --- one plan ------------------------------------------------------------------------------------


def test_in_every_round_one_of_eight_wins(crowd):
    draft, witness = crowd.make()
    won = []
    for round_ in range(10):
        works = [
            lambda n=n: draft.send("/edits", rename(n, GRIDS[n % 4]))
            for n in range(round_ * WRITERS, (round_ + 1) * WRITERS)
        ]
        answers = at_once(*works)
        [winner] = [answer for answer in answers if answer.status_code == 200]
        won.append(name_of(winner.json()["edit"]))
        for answer in answers:
            if answer is not winner:
                assert refused_as(answer) == (409, "plan_changed")
                details = answer.json()["error"]["details"]
                assert details["revision"] == details["seen"] + 1 == round_ + 1
                assert [e["type"] for e in details["edits"]] == ["set_attributes"]
        draft.revision = winner.json()["revision"]
    log = logged(draft)
    assert [name_of(entry["edit"]) for entry in log] == won
    assert [entry["position"] for entry in log] == list(range(1, 11))
    assert [entry["revision"] for entry in log] == list(range(1, 11))
    crowd.check(witness)


def test_eight_writers_who_ask_again_with_undo_and_redo_among_them(crowd):
    """Every write accepted has a revision of its own, and every edit is in the log once."""
    draft, witness = crowd.make()
    accepted, late = [], []

    def write(writer):
        for number in range(4):
            until_accepted("/edits", rename(f"{writer}-{number}", GRIDS[writer % 4]))
            if writer < 3:
                until_accepted("/undo" if number % 2 == 0 else "/redo", None)

    def until_accepted(what, body):
        while True:
            seen = crowd.client.get(draft.path).json()["revision"]
            answer = draft.send(what, body, seen=seen)
            if answer.status_code == 200:
                accepted.append((answer.json()["revision"], what, answer.json()["edit"]))
                return
            status, key = refused_as(answer)
            assert status == 409
            if key in ("nothing_to_redo", "nothing_to_undo"):
                return
            assert key == "plan_changed"
            late.append(writer_of(body))

    def writer_of(body):
        return body and name_of(body)

    at_once(*(lambda w=w: write(w) for w in range(WRITERS)))
    # the log goes by position: what two undos in a row have left comes behind what overtook it
    plan, log = crowd.check(witness), sorted(logged(draft), key=lambda one: one["revision"])
    accepted.sort(key=lambda one: one[0])
    assert [revision for revision, _, _ in accepted] == list(range(1, plan["revision"] + 1))
    edits = [name_of(edit) for _, what, edit in accepted if what == "/edits"]
    assert [name_of(entry["edit"]) for entry in log] == edits
    assert len(set(edits)) == len(edits) == 4 * WRITERS
    # what a redo or an undo said it did is what the log's order makes of it
    standing = []
    head = 0
    for _, what, edit in accepted:
        if what == "/edits":
            standing[head:] = [edit]
        moved = {"/edits": 1, "/redo": 1, "/undo": -1}[what]
        assert edit == standing[head if moved > 0 else head - 1]
        head += moved
    assert (plan["head"], plan["state"]) == (head, "draft")
    assert late, "nobody was late: nobody was tested"


def test_two_plans_do_not_wait_for_each_other(crowd):
    (held, _), (free, witness) = crowd.make(), crowd.make()
    with crowd.engine.begin() as connection:
        connection.execute(
            text("SELECT FROM plan WHERE id = CAST(:id AS uuid) FOR UPDATE"), {"id": held.id}
        )
        waiting = [Attempt(lambda n=n: held.send("/edits", rename(n))) for n in range(4)]
        wait_until(lambda: len(look_at(crowd.engine)) == 4, "four writers")
        free.edit(SPLIT, MERGE_B)
        free.do("/undo")
        assert held.preview(MERGE)["removed"]
        assert held.get()["revision"] == 0
        comment = {"text": "?", "point": [108.005, 31.01]}
        assert not any(attempt.over for attempt in waiting)
    statuses = sorted(attempt.join().status_code for attempt in waiting)
    assert statuses == [200, 409, 409, 409]
    assert held.client.post(f"{held.path}/comments", json=comment).status_code == 201
    assert crowd.check(witness)["head"] == 1


# --- publications -------------------------------------------------------------------------------


def test_editing_while_another_plan_of_the_village_is_published(crowd):
    (one, _), (other, witness) = crowd.make("甲"), crowd.make("乙")
    one.edit(SPLIT)
    hold = Hold(crowd.engine)
    with hold.at("grid insert 1"):
        publishing = Attempt(lambda: one.send("/publish", NOTE))
        assert hold.wait(publishing)
        other.edit(TRANSFER, MERGE_B)
        other.do("/undo")
        crowd.check(witness)
        assert not publishing.over
    assert publishing.join().status_code == 200
    assert refused_as(other.send("/publish", NOTE)) == (409, "plan_conflict")
    other.do("/rebase")
    other.do("/publish", NOTE)
    crowd.check_in_force()


def test_plans_of_one_village_published_at_once(crowd):
    """One comes into force, the others are told that the lines have changed."""
    drafts = [crowd.make(f"第{n}")[0] for n in range(4)]
    for n, draft in enumerate(drafts):
        draft.edit(rename(n))
    answers = at_once(*(lambda d=draft: d.send("/publish", NOTE) for draft in drafts))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {refused_as(a)[1] for a in answers if a.status_code == 409} == {"plan_conflict"}
    crowd.check_in_force()


HOUSEHOLDS = ("code", "lon", "lat", "village_code", "residents", "registered")


def people(count):
    rows = [",".join(HOUSEHOLDS)]
    rows += [",".join(str(row[c]) for c in HOUSEHOLDS) for row in tiny.households()]
    rows += [f"NEW{n},{108.0005 + 0.0391 * n / count:.6f},31.004,,{n % 5},1" for n in range(count)]
    return "\n".join(rows)


def lines(number):
    """Return the grids of the second village with other names."""
    features = tiny.grids()["features"][2:]
    for feature in features:
        feature["properties"]["name"] = f"第{number}版"
    return tiny.collection(features)


def centers(number):
    features = tiny.centers()["features"]
    features[0]["geometry"]["coordinates"][0] = 108.006 + number / 10_000
    return tiny.collection(features)


def divisions(number):
    features = tiny.divisions()["features"]
    for feature in features[2:]:
        feature["properties"]["area_type"] = ("plain", "mountain")[number % 2]
    return tiny.collection(features)


CONTENT = {"households": people, "grids": lines, "centers": centers, "divisions": divisions}


def stored(answer):
    """Return how many rows an import has changed or added."""
    assert answer.status_code == 200, answer.text
    return answer.json()["changed"] + answer.json()["added"]


@pytest.mark.parametrize("layer", CONTENT)
def test_an_import_amid_a_publication(crowd, layer):
    """It may wait or not: in the end every grid has the numbers of what is stored."""
    draft, _ = crowd.make()
    draft.edit(MERGE)
    hold = Hold(crowd.engine)
    with hold.at("grid insert 1"):
        publishing = Attempt(lambda: draft.send("/publish", NOTE))
        assert hold.wait(publishing)
        importing = Attempt(lambda: crowd.bring_in(layer, CONTENT[layer](7))[1])
        wait_until(lambda: importing.over or waiting_for(crowd.engine) == 2, "the import")
    assert publishing.join().status_code == 200
    assert stored(importing.join()) > 0
    crowd.check_in_force()


@pytest.mark.parametrize("layer", CONTENT)
def test_a_publication_amid_an_import(crowd, layer):
    draft, _ = crowd.make()
    draft.edit(MERGE)
    hold = Hold(crowd.engine)
    with hold.at("audit insert 1"):  # the last thing of an import
        importing = Attempt(lambda: crowd.bring_in(layer, CONTENT[layer](7))[1])
        assert hold.wait(importing), importing.answer.text
        publishing = Attempt(lambda: draft.send("/publish", NOTE))
        wait_until(lambda: publishing.over or waiting_for(crowd.engine) == 2, "the publication")
    assert stored(importing.join()) > 0
    assert publishing.join().status_code == 200
    crowd.check_in_force()


def test_planners_and_importers_all_at_once(crowd):
    """Whatever comes together: an answer each, no deadlock, and in the end all is whole."""
    told = collections.Counter()

    def bring(layer):
        for number in range(1, 5):
            assert stored(crowd.bring_in(layer, CONTENT[layer](number))[1]) > 0
            told[layer] += 1

    def plan(writer):
        for number in range(4):
            draft, _ = crowd.make(f"{writer}")
            draft.edit(rename(f"{writer}-{number}", (A1, B1)[writer % 2]))
            answer = draft.send("/publish", NOTE)
            while answer.status_code == 409:
                told[refused_as(answer)[1]] += 1
                draft.do("/rebase")
                answer = draft.send("/publish", NOTE)
            assert answer.status_code == 200, answer.text
            told["published"] += 1

    works = [lambda layer=layer: bring(layer) for layer in ("households", "grids")]
    works += [lambda writer=writer: plan(writer) for writer in range(4)]
    at_once(*works)
    assert (told["published"], told["households"], told["grids"]) == (16, 4, 4)
    assert set(told) <= {"published", "households", "grids", "plan_conflict"}
    crowd.check_in_force()
