"""Plans under siege: edited, undone and published at random on a service that is killed.

After each kill the service is started again, and what is stored must be all of the write that
was on its way, or nothing of it; what was answered must be there.
"""

from __future__ import annotations

import collections
import time

import numpy as np
from sqlalchemy import text

from geo.edits import Partition, attempt, parse_edit
from geo.errors import EditError
from tests.api import tiny
from tests.api.holding import look_at, observe, wait_for_burial
from tests.api.killing import Attempt
from tests.api.witness import (
    Witness,
    acts_on,
    canonical,
    check_in_force,
    dump,
    rows_in_force,
)
from tests.geo.edits import strokes

NOTE = {"note": "试验"}
EDITS = ("split", "merge", "transfer", "assign", "move_vertex", "reshape", "set_attributes",
         "renumber", "lock", "unlock")  # fmt: skip
MOST_GRIDS = 24
FIRST_GUESS_S = 0.3
_ROW_IS_FREE = text("SELECT FROM plan WHERE id = CAST(:plan AS uuid) FOR UPDATE")


class Siege:
    """One plan after the other, on one database.

    ``hits`` counts kills by what was asked, where they hit and whether it was stored:
    ``before`` the write had begun, ``inside`` its transaction, ``stored`` but not yet
    ``answered``.
    """

    def __init__(self, nursery, url, home, seed):
        self._nursery, self._url, self._home = nursery, url, home
        self.rng = np.random.default_rng(seed)
        self.engine = observe(url)
        self.hits = collections.Counter()
        self.states = collections.Counter()
        self.burials_s, self.starts_s = [], []
        self._usual_s = {}
        self._service = None
        self.restart()
        self.begin()

    def close(self):
        self.kill()
        self.engine.dispose()
        for log in self._home.glob("*.log"):
            assert "Traceback" not in log.read_text(), log

    def kill(self):
        """Kill the service that runs."""
        self._service.kill()
        self._client.close()

    @property
    def kills(self):
        """How often the service was killed."""
        return sum(self.hits.values())

    @property
    def kills_inside(self):
        """How often that was inside a transaction that wrote."""
        return sum(n for (_, where, _), n in self.hits.items() if where == "inside")

    def restart(self):
        """Start a service; whatever ran before has been killed."""
        began = time.monotonic()
        self._service = self._nursery.start(self._url, self._home, threads=4)
        self._client = self._service.client()
        self.starts_s.append(time.monotonic() - began)

    def begin(self):
        """Make the next plan."""
        answer = self._client.post("/api/plans", json={"name": "围城", "scope": tiny.COUNTY})
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        self.writes = 0
        with self.engine.connect() as connection:
            self.witness = Witness(connection, self.id)

    # --- one write ---------------------------------------------------------------------------

    def send(self, what, body):
        """Send a write for the revision that was seen last."""
        headers = {"If-Match": str(self.writes)}
        return self._client.post(f"/api/plans/{self.id}/{what}", json=body, headers=headers)

    def choose(self):
        """Return a write that is possible now: what, and its body."""
        with self.engine.connect() as connection:
            plan, partition = self.witness.state(connection)
            undone = self.witness.length - plan["head"]
        kinds = ["edits"] * 6 + ["undo"] * 2 * (plan["head"] > 0) + ["redo"] * 3 * (undone > 0)
        kinds += ["publish"] * 6 * (plan["head"] > 3)
        what = str(self.rng.choice(kinds))
        if what != "edits":
            return what, NOTE if what == "publish" else None
        return what, self.draw(partition)

    def draw(self, partition):
        """Return an edit that the engine accepts."""
        ground = Partition(
            partition.grids,
            partition.villages,
            partition.natural_villages,
            self.witness.taken,
        )
        kinds = [kind for kind in EDITS if kind != "split" or len(ground.grids) < MOST_GRIDS]
        while True:
            edit = strokes.draw(self.rng, str(self.rng.choice(kinds)), ground)
            try:
                outcome = attempt(ground, parse_edit(edit))
            except EditError:
                continue
            if outcome.problem is None:
                return edit

    def shown(self):
        """Return the plan as the service shows it."""
        return self._client.get(f"/api/plans/{self.id}").json()

    def calm(self, what, body=None):
        """Send a write that nobody disturbs."""
        answer = self.send(what, body)
        assert answer.status_code == 200, answer.text
        self.writes = answer.json()["revision"]

    # --- one kill ----------------------------------------------------------------------------

    def strike(self):
        """Send a write, kill the service at some moment, look at what is there, and go on."""
        what, body = self.choose()
        with self.engine.connect() as connection:
            before = self._remember(connection)
        usual = self._usual_s.get(what, FIRST_GUESS_S)
        writing = Attempt(lambda: self.send(what, body))
        time.sleep(float(self.rng.uniform(0, 1.1 * usual)))
        self._service.freeze()
        at_work = look_at(self.engine)
        with self.engine.connect() as connection:
            revision = self._revision(connection)
        self._service.kill()
        answer = writing.join()
        self._client.close()
        if answer is not None:
            self._usual_s[what] = (usual + writing.took_s) / 2
        self.burials_s.append(wait_for_burial(self.engine))
        if answer is not None:
            where = "answered"
        elif revision != self.writes:
            where = "stored"
        else:
            where = "inside" if at_work else "before"
        self.states.update(row.query.split()[0] for row in at_work)
        self.restart()
        landed = self.judge(before, what, body, answer)
        self.hits[what, where, landed] += 1
        self.go_on(what, body, landed)

    def strike_everywhere(self, hold, what, body=None):
        """Kill the service at every statement with which a write writes, and in the commit.

        First the database's side is ended in the commit: the service lives on, and says so.
        Each time the service starts again before the dead one's transaction has ended.
        """
        with self.engine.connect() as connection:
            before = self._remember(connection)
        with hold.at("commit"):
            writing = Attempt(lambda: self.send(what, body))
            assert hold.wait(writing), writing.answer.text
            points = hold.passed()
            hold.end()
            answer = writing.join()
        assert answer.status_code == 503, answer.text
        assert answer.json()["error"]["key"] == "database_unavailable"
        assert not self.judge(before, what, body, None)
        assert "plan update 1" in points
        for point in (*points, "commit"):
            landed = self.strike_at(hold, point, what, body)
            assert point == "commit" or not landed
        if not landed:
            self.calm(what, body)
        return points

    def strike_at(self, hold, point, what, body=None):
        """Kill the service at one point of a write; return whether that was stored."""
        with self.engine.connect() as connection:
            before = self._remember(connection)
        with hold.at(point):
            writing = Attempt(lambda: self.send(what, body))
            assert hold.wait(writing), (point, writing.answer)
            self._service.kill()
            assert writing.join() is None
            self._client.close()
            self.restart()
            with self.engine.connect() as connection:
                assert self._revision(connection) == self.writes
        self.burials_s.append(wait_for_burial(self.engine))
        landed = self.judge(before, what, body, None)
        self.hits[what, point, landed] += 1
        return landed

    def judge(self, before, what, body, answer):
        """Assert that all of a write is there, or nothing; return which."""
        with self.engine.connect() as connection:
            landed = self._revision(connection) != self.writes
            if answer is not None:
                done = answer.status_code == 200
                assert done or answer.json()["error"]["key"] == "plan_empty", answer.text
                assert landed == done, "an answer that is not so"
            if not landed:
                assert dump(connection) == before["all"]
                return False
            head = before["plan"]["head"]
            self.writes += {"publish": 2, "rebase": 1 + head}.get(what, 1)
            assert self._revision(connection) == self.writes
            {"publish": self._judge_publish}.get(what, self._judge_edit)(
                connection, before, what, body
            )
        if answer is not None:
            assert answer.json()["revision"] == self.writes
        return True

    def _judge_edit(self, connection, before, what, body):
        plan = self.witness.check(connection)
        old = before["plan"]
        assert plan["head"] == old["head"] + {"edits": 1, "undo": -1, "redo": 1}.get(what, 0)
        assert plan["state"] == ("submitted" if what == "submit" else "draft")
        assert rows_in_force(connection) == before["in_force"]
        if what == "edits":
            assert self.witness.last == (plan["head"], canonical(body), plan["revision"])
        else:
            assert self.witness.length == before["length"]

    def _judge_publish(self, connection, before, what, body):
        plan = self.witness.check(connection)
        assert plan["state"] == "published"
        at, old, new = plan["published_at"], before["in_force"], rows_in_force(connection)
        assert {code: row[2] for code, row in new.items()} == before["looks"]
        for code, (id, begun, looks) in new.items():
            was = old.get(code)
            kept = was is not None and was[2] == looks and was[0] == id
            assert begun == (was[1] if kept else at), code
            assert kept or id not in {row[0] for row in old.values()}
        instants = check_in_force(connection)
        assert instants[-1] == at
        assert acts_on(connection, self.id)[-2:] == ["plan submit", "plan publish"]

    def go_on(self, what, body, landed):
        """Send the same again, as somebody who got no answer does, and go on from there."""
        headers = {"If-Match": str(self.writes - (0 if not landed else 1))}
        path = f"/api/plans/{self.id}/{what}"
        answer = self._client.post(path, json=body, headers=headers)
        if landed:
            assert answer.status_code == 409, answer.text
            assert answer.json()["error"]["details"]["revision"] == self.writes
        elif answer.status_code == 200:
            self.writes = answer.json()["revision"]
        else:
            assert answer.json()["error"]["key"] == "plan_empty", answer.text
        with self.engine.connect() as connection:
            plan = self.witness.check(connection)
            assert plan["revision"] == self.writes
        shown = self.shown()
        assert (shown["revision"], shown["head"]) == (self.writes, plan["head"])
        if plan["state"] == "published":
            self.begin()

    def _remember(self, connection):
        plan, _ = self.witness.state(connection)
        return {
            "plan": plan,
            "length": self.witness.length,
            "looks": self.witness.looks(connection),
            "in_force": rows_in_force(connection),
            "all": dump(connection),
        }

    def _revision(self, connection):
        query = text("SELECT revision FROM plan WHERE id = CAST(:plan AS uuid)")
        return connection.execute(query, {"plan": self.id}).scalar_one()
