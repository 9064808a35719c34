"""A service that can be killed: ``wangge serve`` as a process of its own, started in a moment.

A nursery imports everything once and then forks a process for every start. Where a transaction is
to be met at a certain point, the database holds it there (:class:`Hold`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from sqlalchemy import create_engine, make_url, text

from data.db import parse_url

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120
VICTIM, OBSERVER = "wangge", "observer"  # how the database knows their connections
_MAP = re.compile(r"Map: (http://\S+?)/?\s")

# Every statement of a victim that writes passes a point: table, what, how often. The commit is
# another. Whoever has passed a point keeps a lock on it until the transaction ends.
_POINTS = """
    CREATE TABLE passed (point text, transaction bigint DEFAULT txid_current());
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE named text;
    BEGIN
        IF current_setting('application_name') <> '{victim}' THEN RETURN NULL; END IF;
        IF TG_TABLE_NAME = 'passed' THEN
            named := 'commit';
        ELSE
            named := TG_TABLE_NAME || ' ' || lower(TG_OP);
            named := named || ' ' || (SELECT count(*) + 1 FROM passed
                WHERE transaction = txid_current() AND point LIKE named || ' %');
            INSERT INTO passed (point) VALUES (named);
        END IF;
        PERFORM pg_advisory_xact_lock_shared(hashtext(named));
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON passed DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION hold();
"""
_POINT = """
    CREATE TRIGGER a_hold BEFORE INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION hold()
"""
_HELD_TABLES = (
    *("plan", "plan_edit", "plan_village", "plan_lock", "plan_grid", "plan_grid_indicator"),
    *("grid", "grid_indicator", "audit"),
)
POINTS = tuple(
    f"{table} {what} {number}"
    for table in _HELD_TABLES
    for what in ("insert", "update", "delete")
    for number in range(1, 10)
)
_PASSED = text("""
    SELECT point FROM unnest(CAST(:points AS text[])) AS point
     WHERE EXISTS (SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted
                      AND database = (SELECT oid FROM pg_database
                                       WHERE datname = current_database())
                      AND objid::bigint = hashtext(point)::bigint & 4294967295)
""")
_END = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = :victim AND wait_event = 'advisory'
""")
_WAITING = text("""
    SELECT count(*) FROM pg_locks
     WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
_QUEUE = text("""
    SELECT count(*) FROM pg_locks
     WHERE NOT granted AND relation = CAST(CAST(:table AS text) AS regclass)
""")
_VICTIMS = text("""
    SELECT a.state, a.query, a.backend_xid IS NOT NULL AS writing,
           EXISTS (SELECT FROM pg_locks l
                    WHERE l.pid = a.pid AND l.relation = 'plan'::regclass
                      AND l.mode <> 'AccessShareLock') AS holds
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.application_name = :victim
       AND a.xact_start IS NOT NULL
""")


def wait_until(true, what):
    """Wait until ``true()`` says something; return it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.002)
    raise AssertionError(f"waited {PATIENCE_S} s for {what}")


def observe(database):
    """Return an engine for the test's own questions, told apart from the service's."""
    arguments = {"application_name": OBSERVER, "options": "-c timezone=UTC"}
    return create_engine(parse_url(database), pool_size=6, connect_args=arguments)


# --- processes ---------------------------------------------------------------------------------


class Nursery:
    """A process that has imported everything and forks services."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.killing"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._started = []

    def start(self, database, home, *, threads):
        """Start a service on a database; return it as soon as it listens."""
        log = home / f"service-{len(self._started)}.log"
        log.touch()
        environment = environment_of(database, home, threads)
        self._process.stdin.write(json.dumps({"log": str(log), "environment": environment}) + "\n")
        self._process.stdin.flush()
        service = Service(int(self._process.stdout.readline()), log)
        self._started.append(service)
        return service

    def close(self):
        """End everything that was started."""
        for service in self._started:
            service.kill()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(PATIENCE_S)


class Commands:
    """Starts services as a user does: ``wangge serve``."""

    def __init__(self):
        self._processes = []

    def start(self, database, home, *, threads):
        """Start a service on a database; return it as soon as it listens."""
        log = home / f"command-{len(self._processes)}.log"
        environment = {**os.environ, **environment_of(database, home, threads)}
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "api", "serve", "--port", "0"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        self._processes.append(process)
        return Service(process.pid, log, bury=process.wait)


def environment_of(database, home, threads):
    """Return the environment variables of a service."""
    return {
        "DATABASE_URL": database,
        "WANGGE_HOME": str(home),
        "WANGGE_THREADS": str(threads),
        "NO_COLOR": "1",
    }


class Service:
    """A running service, once it listens."""

    def __init__(self, pid, log, *, bury=lambda: None):
        self.pid, self.log, self._bury = pid, log, bury
        found = wait_until(lambda: _MAP.search(log.read_text()) or not _alive(pid), "the address")
        assert found is not True, log.read_text()
        self.url = found[1]
        self.port = make_url(self.url).port

    def client(self):
        """Return a new client of it."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE_S)

    def freeze(self):
        """Stop it where it is, to look at it before it is killed."""
        os.kill(self.pid, signal.SIGSTOP)

    def kill(self):
        """End it as ``kill -9`` does; nothing is written, nobody is told."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._bury()
        wait_until(lambda: not _alive(self.pid), "the end of a process")


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _nurse():
    """Fork a service for every line that comes in, until the other side is gone."""
    from api import server  # noqa: F401  (serve would import it in every child)
    from api.commands.serve import serve
    from data.db import make_engine

    make_engine("postgresql://nobody/nothing").dispose()  # brings in the driver

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child:
            print(child, flush=True)  # noqa: T201
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(wanted["environment"])
        try:
            serve(port=0, host=None)
        finally:
            os._exit(0)


# --- what a victim is doing --------------------------------------------------------------------


class Attempt:
    """A request on its way, in a thread; ``answer`` is None when none came."""

    def __init__(self, send):
        self.answer, self.took_s = None, None
        self._send = send
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        began = time.monotonic()
        with contextlib.suppress(httpx.TransportError):
            self.answer = self._send()
            self.took_s = time.monotonic() - began

    @property
    def over(self):
        """Whether it has been answered, or will never be."""
        return not self._thread.is_alive()

    def join(self):
        """Wait for the end; return the answer, or None."""
        self._thread.join(PATIENCE_S)
        assert self.over
        return self.answer


def look_at(engine):
    """Return the victim's transactions that have a plan in hand (``holds``) or have written."""
    return [row for row in _victims(engine) if row.holds or row.writing]


def wait_for_burial(engine):
    """Wait until no transaction of the dead is left in the database; return the seconds."""
    began = time.monotonic()
    wait_until(lambda: not _victims(engine), "the dead to be gone")
    return time.monotonic() - began


def _victims(engine):
    # what the server says of its processes stays the same during a transaction
    with engine.begin() as connection:
        return connection.execute(_VICTIMS, {"victim": VICTIM}).all()


def waiting_for(engine, table):
    """Return how many wait for a lock on a table."""
    with engine.begin() as connection:
        return connection.execute(_QUEUE, {"table": table}).scalar()


class Hold:
    """Points at which the writes of victims can be held, in a database of the test's own."""

    def __init__(self, engine):
        self._engine = engine
        with engine.begin() as connection:
            connection.execute(text(_POINTS.replace("{victim}", VICTIM)))
            for table in _HELD_TABLES:
                connection.execute(text(_POINT.replace("{table}", table)))

    def passed(self):
        """Return the points that the transaction which is held has passed."""
        with self._engine.connect() as connection:
            return sorted(connection.execute(_PASSED, {"points": list(POINTS)}).scalars())

    @contextlib.contextmanager
    def at(self, point):
        """Let nobody past a point inside the ``with`` block."""
        with self._engine.connect() as connection, connection.begin():
            key = {"point": point}
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:point))"), key)
            yield

    def wait(self, attempt):
        """Wait until somebody is held; return False if the attempt ends without."""
        with self._engine.connect() as connection:

            def held():
                with connection.begin():
                    if connection.execute(_WAITING).scalar():
                        return "held"
                return "over" if attempt.over else None

            return wait_until(held, "somebody to be held") == "held"


    def end(self):
        """End the database's side of whoever is held."""
        with self._engine.connect() as connection:
            assert connection.execute(_END, {"victim": VICTIM}).scalars().all() == [True]


if __name__ == "__main__":
    _nurse()
