"""Working on a run from beginning to end: in a worker process, or at the command line."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from api.refusals import Refusal
from api.services import analyses, service_gaps
from api.services import runs as services_runs
from api.services.analyses import Question
from api.services.caller import Caller
from api.services.ground import Ground, Tell
from api.services.shapes import Json
from api.services.shelf import Shelf
from data import runs
from data.errors import DataError
from geo.errors import GeoError
from geo.problems import Problem

TOLD_EVERY_S = 0.2
ASKED_EVERY_S = 0.2

log = logging.getLogger("wangge")


def work_on_next(engine: sa.Engine, shelf: Shelf, begin: Callable[[UUID], None]) -> UUID | None:
    """Work on the run that waits longest; return it, None when nothing waits.

    Parameters
    ----------
    begin
        Called with the run before it is worked on.
    """
    with runs.claim(engine, datetime.now(UTC)) as run:
        if run is None:
            return None
        begin(run["id"])
        with contextlib.suppress(Exception):  # it is stored, and said in the log
            _work(engine, shelf, run)
        identity: UUID = run["id"]
        return identity


def answer_now(engine: sa.Engine, question: Question, caller: Caller) -> UUID:
    """Answer a question in this process; return its run, an old one if the store has it.

    Raises
    ------
    Refusal, GeoError, DataError
        Why there is no answer.
    """
    with engine.begin() as connection:
        started, _ = services_runs.start(connection, question, caller=caller, now=datetime.now(UTC))
    identity = UUID(started["id"])
    with runs.claim(engine, datetime.now(UTC), id=identity) as run:
        if run is not None:
            _work(engine, Shelf(), run)
    # else it is done already, or a server at work on the same store was faster
    while started["state"] in ("queued", "running"):
        with engine.begin() as connection:
            started = services_runs.show(connection, identity, caller)
        if started["state"] in ("queued", "running"):
            time.sleep(ASKED_EVERY_S)
    return identity


def gather(engine: sa.Engine, shelf: Shelf) -> None:
    """Have at hand what the first planner who asks would wait for: the county, and its ways."""
    with contextlib.suppress(Exception), _snapshot(engine) as connection:  # who asks is told why
        versions = analyses.fetch_input_versions(connection)
        service_gaps.gather(Ground(connection, versions, shelf, None))


def _work(engine: sa.Engine, shelf: Shelf, run: Json) -> None:
    """Carry out a run that is claimed; what goes wrong is stored with it, and raised."""
    try:
        _carry_out(engine, shelf, run)
    except Refusal as error:
        _fail(engine, run["id"], [error.problem, *error.more])
        raise
    except (GeoError, DataError) as error:
        _fail(engine, run["id"], list(error.problems))
        raise
    except Exception:
        log.exception("run %s", run["id"])
        _fail(engine, run["id"], [Problem("internal_error")])
        raise


def _carry_out(engine: sa.Engine, shelf: Shelf, run: Json) -> None:
    tell = _teller(engine, run["id"])
    with _snapshot(engine) as connection:
        outcome = analyses.carry_out(connection, shelf, run, tell)
    tell(0.95, "storing")
    with engine.begin() as connection:
        # False: cancelled at the last moment, and then nothing of it is kept
        runs.finish(
            connection,
            run["id"],
            input_versions=outcome.input_versions,
            result=outcome.result,
            layers=outcome.layers,
            now=datetime.now(UTC),
        )


@contextlib.contextmanager
def _snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _teller(engine: sa.Engine, identity: UUID) -> Tell:
    """Return what an analysis tells its progress to: a new step at once, else now and then."""
    last_step, last_at = "", 0.0

    def tell(progress: float, step: str) -> None:
        nonlocal last_step, last_at
        now = time.monotonic()
        if step == last_step and now - last_at < TOLD_EVERY_S:
            return
        last_step, last_at = step, now
        with engine.begin() as connection:
            runs.tell_progress(connection, identity, progress, step)

    return tell


def _fail(engine: sa.Engine, identity: UUID, problems: list[Problem]) -> None:
    error = analyses.shape_failure(problems)
    with engine.begin() as connection:
        runs.end(connection, identity, "failed", error=error, now=datetime.now(UTC))
