"""The processes that work on runs, kept by the server: started when needed, killed to cancel.

A process of its own, because solvers and compiled loops neither yield nor can be stopped, and a
run that eats all memory must not take the server with it.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from data import runs
from geo.problems import Problem

STOPPING_S = 5.0
# Maps and tiles come first on a machine with two cores.
NICENESS = 5

log = logging.getLogger("wangge")


class Workers:
    """The server's worker process: one, because one analysis at a time is enough for an office.

    Nothing runs until somebody looks at runs (:meth:`warm`) or starts one (:meth:`wake`).

    Parameters
    ----------
    engine
        The database that queues the runs.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._running: UUID | None = None
        self._unwanted: set[UUID] = set()
        self._watched: dict[UUID, list[Future[None]]] = {}
        self._swept = False
        self._stopped = True

    def open(self) -> None:
        """Begin: from now on a process may be started."""
        with self._lock:
            self._stopped = False

    def warm(self) -> None:
        """See to it that a process is there and that no run is left over from a server before."""
        with self._lock:
            self._sweep()
            self._start()

    def wake(self, identity: UUID | None = None) -> None:
        """Tell the process that something waits; call it after the transaction is stored.

        Parameters
        ----------
        identity
            A run that is wanted again, though it was cancelled before.
        """
        with self._lock:
            if identity is not None:
                self._unwanted.discard(identity)
            self._sweep()
            self._start()
            self._order()

    def cancel(self, identity: UUID) -> None:
        """Kill the process if it is at work on a run, which is marked as cancelled already."""
        with self._lock:
            if self._running == identity and self._process is not None:
                self._process.kill()
            elif self._running is None:
                # perhaps it has begun and we have not read so yet
                self._unwanted.add(identity)

    def watch(self, identity: UUID) -> Future[None]:
        """Return a future that is set when a run is over; ask before looking at its state."""
        future: Future[None] = Future()
        with self._lock:
            self._watched.setdefault(identity, []).append(future)
        return future

    def unwatch(self, identity: UUID, future: Future[None]) -> None:
        """Forget a future."""
        with self._lock:
            futures = self._watched.get(identity, [])
            if future in futures:
                futures.remove(future)
            if not futures:
                self._watched.pop(identity, None)

    def stop(self) -> None:
        """End the process; a run it was at is marked as interrupted."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            process.kill()
            process.wait(STOPPING_S)

    @property
    def process_id(self) -> int | None:
        """Number of the worker process, None when there is none."""
        with self._lock:
            return None if self._process is None else self._process.pid

    def _sweep(self) -> None:
        if self._swept:
            return
        with self._engine.begin() as connection:
            for identity in runs.interrupt_orphans(connection, datetime.now(UTC)):
                log.warning("run %s was interrupted", identity)
        self._swept = True

    def _start(self) -> None:
        if self._process is not None or self._stopped:
            return
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "api.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # a Ctrl+C at the terminal is for the server, which then ends us
            start_new_session=True,
        )
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        url = self._engine.url.render_as_string(hide_password=False)
        self._process = process
        # by standard input: arguments and environment can be read by others
        self._write({"url": url})
        self._order()  # what was queued before we were there
        threading.Thread(target=self._follow, args=(process,), daemon=True).start()

    def _order(self) -> None:
        self._write({"work": True})

    def _write(self, message: dict[str, object]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
        except OSError:
            pass  # it is gone; whoever follows it sees so and starts another

    def _follow(self, process: subprocess.Popen[str]) -> None:
        """Read what the process says until it is gone; then clear up after it."""
        assert process.stdout is not None
        for line in process.stdout:
            reply = json.loads(line)
            if "run" in reply:
                self._began(UUID(reply["run"]), process)
            elif "done" in reply:
                self._ended(UUID(reply["done"]))
        process.wait()
        if process.stdin is not None:
            process.stdin.close()
        process.stdout.close()
        self._died(process)

    def _began(self, identity: UUID, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running = identity
            if identity in self._unwanted:
                process.kill()

    def _ended(self, identity: UUID) -> None:
        with self._lock:
            self._running = None
            self._unwanted.discard(identity)
            futures = self._watched.pop(identity, [])
        for future in futures:
            future.set_result(None)

    def _died(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            identity, self._running = self._running, None
            if self._process is process:
                self._process = None
            stopped = self._stopped
        if identity is not None:
            try:
                self._bury(identity, process.returncode, stopped)
            except sa.exc.SQLAlchemyError as error:
                log.warning("run %s: %s", identity, type(error).__name__)
            self._ended(identity)
        if not stopped and identity is not None:
            self.wake()  # others may wait behind it

    def _bury(self, identity: UUID, status: int, stopped: bool) -> None:
        """Say what became of a run whose process is gone; one that was cancelled stays so."""
        from api.services.analyses import shape_failure

        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            if stopped:
                runs.end(connection, identity, "interrupted", now=now)
            else:
                error = shape_failure([Problem("run_crashed", {"status": status})])
                if runs.end(connection, identity, "failed", error=error, now=now) is not None:
                    log.error("run %s: its process ended with %s", identity, status)
