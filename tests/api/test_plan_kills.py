"""The service is killed while plans are edited and published: nothing half-done is ever stored."""

import pytest
from sqlalchemy import text

from tests.api.conftest import clone
from tests.api.drafting import FIRST, MERGE_B, SPLIT
from tests.api.holding import Hold, waiting_for
from tests.api.killing import Attempt, Commands, Nursery, wait_until
from tests.api.siege import NOTE, Siege

KILLS = 50
INSIDE = 15
SHUT = {"type": "lock", "villages": [FIRST]}


@pytest.fixture(scope="module")
def nursery():
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def database(cluster_url, tiny_database):
    with clone(cluster_url, tiny_database) as url:
        yield url


@pytest.fixture
def besieged(nursery, database, tmp_path):
    """Return what makes a siege of a seed."""
    sieges = []

    def make(seed):
        sieges.append(Siege(nursery, database, tmp_path, seed))
        return sieges[-1]

    yield make
    for siege in sieges:
        siege.close()


def test_killed_at_any_moment(besieged):
    siege = besieged(seed=20261103)
    wanted = {"edits", "undo", "publish"}
    landed = set()
    # which writes a kill comes too late for is a matter of milliseconds
    while siege.kills < KILLS or (
        (siege.kills_inside < INSIDE or not landed >= wanted) and siege.kills < 4 * KILLS
    ):
        siege.strike()
        landed = {what for what, _, done in siege.hits if done}
    assert siege.kills_inside >= INSIDE
    assert landed >= wanted


def test_killed_at_every_statement_that_writes(besieged):
    siege = besieged(seed=1)
    hold = Hold(siege.engine)
    # the first touch of a village, and a later one
    assert "plan_village insert 1" in siege.strike_everywhere(hold, "edits", SPLIT)
    siege.strike_everywhere(hold, "rebase")
    siege.strike_everywhere(hold, "edits", SHUT)
    siege.strike_everywhere(hold, "undo")
    siege.strike_everywhere(hold, "redo")
    siege.calm("undo")
    # overtakes what was undone
    assert "plan_lock delete 1" in siege.strike_everywhere(hold, "edits", MERGE_B)
    siege.strike_everywhere(hold, "submit")
    siege.strike_everywhere(hold, "reopen")
    points = siege.strike_everywhere(hold, "publish", NOTE)
    assert {"grid update 1", "grid insert 1", "grid_indicator insert 1"} < set(points)
    # by the last one that was killed too late, or after them
    assert siege.shown()["state"] == "published"
    assert siege.kills > 60


def test_the_command_killed_amid_a_publication(database, tmp_path):
    siege = Siege(Commands(), database, tmp_path, seed=2)
    try:
        siege.calm("edits", SPLIT)
        assert not siege.strike_at(Hold(siege.engine), "grid insert 1", "publish", NOTE)
        siege.calm("publish", NOTE)
    finally:
        siege.close()


def test_killed_while_a_publication_waits_for_an_import(besieged):
    """The dead one may keep its plan until the import is through, and does nothing then."""
    siege = besieged(seed=3)
    siege.calm("edits", SPLIT)
    with siege.engine.begin() as importing:
        importing.execute(text("LOCK TABLE household IN SHARE ROW EXCLUSIVE MODE"))
        writing = Attempt(lambda: siege.send("publish", NOTE))
        wait_until(lambda: waiting_for(siege.engine, "household"), "somebody to wait")
        siege.kill()
        assert writing.join() is None
        siege.restart()
        following = Attempt(lambda: siege.send("edits", MERGE_B))
        assert siege.shown()["state"] == "draft"  # who reads waits for nobody
    answer = following.join()
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert siege.shown()["state"] == "draft"
