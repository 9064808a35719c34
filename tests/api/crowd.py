"""Many at one time on a service of its own process, over HTTP."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from api.services import indicators
from data.db import make_engine
from tests.api.drafting import Draft
from tests.api.holding import look_at, observe
from tests.api.killing import PATIENCE_S, wait_until
from tests.api.witness import Witness, check_in_force


class Crowd:
    """A running service, its database, and everybody who wants something of it."""

    def __init__(self, nursery, url, home, *, threads=12):
        self.url, self.home = url, home
        self.engine = observe(url)
        self.service = nursery.start(url, home, threads=threads)
        self.client = self.service.client()

    def close(self):
        """End it; nothing may have gone wrong behind anybody's back."""
        self.client.close()
        self.service.kill()
        self.engine.dispose()
        assert "Traceback" not in self.service.log.read_text()

    def make(self, name="试划"):
        """Return a new plan, and the witness of its log."""
        draft = Draft.make(self.client, name=name)
        with self.engine.connect() as connection:
            return draft, Witness(connection, draft.id)

    def check(self, witness):
        """Assert that a draft is what its log says; return its row."""
        with self.engine.connect() as connection:
            return witness.check(connection)

    def check_in_force(self):
        """Assert that the lines in force are whole, and their numbers those of now."""
        with self.engine.connect() as connection:
            check_in_force(connection)
        engine = make_engine(self.url, pool_size=1)
        with engine.connect() as connection:
            assert indicators.refresh(connection) == 0, "numbers of another day"
        engine.dispose()

    def deadlocks(self):
        """Return how often the database has seen one."""
        with self.engine.connect() as connection:
            return connection.execute(
                text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            ).scalar_one()

    def bring_in(self, layer, content, **form):
        """Upload a file and commit it; return both answers."""
        name = f"{layer}.csv" if isinstance(content, str) else f"{layer}.geojson"
        body = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        report = self.client.post(
            "/api/imports",
            data={"layer": layer, "crs": "EPSG:4490", **form},
            files={"file": (name, body.encode())},
        )
        if report.status_code != 201 or not report.json()["can_commit"]:
            return report, None
        return report, self.client.post(f"/api/imports/{report.json()['id']}/commit")

    def memory_mb(self):
        """Return the memory the service has in use."""
        lines = Path(f"/proc/{self.service.pid}/status").read_text().splitlines()
        [resident] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
        return int(resident) / 1024

    def settle(self):
        """Wait until nothing is being worked on for a plan."""
        wait_until(lambda: not look_at(self.engine), "the service to be idle")

    def write_raw(self, request, *, reset=False):
        """Send bytes and hang up without reading; ``reset`` as a machine that vanishes."""
        with socket.create_connection(("127.0.0.1", self.service.port)) as line:
            if reset:
                no_linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
            line.sendall(request)


def at_once(*works):
    """Run works in threads that start together; return their results in order."""
    ready = threading.Barrier(len(works))

    def run(work):
        ready.wait(PATIENCE_S)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))
