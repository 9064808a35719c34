"""A service that can be killed: ``wangge serve`` as a process of its own, started in a moment.

A nursery imports everything once and then forks a process for every start.
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
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120
_MAP = re.compile(r"Map: (http://\S+?)/?\s")


def wait_until(true, what):
    """Wait until ``true()`` says something; return it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.002)
    raise AssertionError(f"waited {PATIENCE_S} s for {what}")


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
        # the server hangs up after 5 s, httpx would keep a connection as long: who lets go first?
        limits = httpx.Limits(keepalive_expiry=1)
        return httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE_S, limits=limits)

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


def _end_with(ending):
    """End this process when the other end of a pipe is closed: when the nursery is gone."""
    os.read(ending, 1)
    os._exit(0)


def _nurse():
    """Fork a service for every line that comes in, until the other side is gone."""
    from api import server  # noqa: F401  (serve would import it in every child)
    from api.commands.serve import serve
    from data.db import make_engine

    make_engine("postgresql://nobody/nothing").dispose()  # brings in the driver

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    ending, alive = os.pipe()
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child:
            print(child, flush=True)  # noqa: T201
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(alive)
        threading.Thread(target=_end_with, args=(ending,), daemon=True).start()
        log = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(wanted["environment"])
        try:
            serve(port=0, host=None)
        finally:
            os._exit(0)


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


if __name__ == "__main__":
    _nurse()
