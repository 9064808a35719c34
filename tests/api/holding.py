"""What a service's transactions are doing in the database, and holding them where they are."""

from __future__ import annotations

import contextlib
import time

from sqlalchemy import create_engine, text

from data.db import parse_url
from tests.api.killing import wait_until

VICTIM, OBSERVER = "wangge", "observer"  # how the database knows their connections

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
# of this database alone: other tests wait for locks in the same cluster
_QUEUE = text("""
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE NOT granted AND datname = current_database()
       AND (CAST(:table AS text) IS NULL OR relation = CAST(CAST(:table AS text) AS regclass))
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


def observe(database):
    """Return an engine for the test's own questions, told apart from the service's."""
    arguments = {"application_name": OBSERVER, "options": "-c timezone=UTC"}
    return create_engine(parse_url(database), pool_size=6, connect_args=arguments)


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


def waiting_for(engine, table=None):
    """Return how many wait for a lock on a table, or for any lock at all."""
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
