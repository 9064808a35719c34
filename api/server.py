"""Running the web application: port, private cluster, signals, a clean stop."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import fastapi
import sqlalchemy as sa
import uvicorn

from api.app import STREAMS, create_app
from api.refusals import CannotStart
from api.settings import DEFAULT_PORT, Settings, is_loopback
from data.cluster import Cluster
from data.db import check_server, make_engine
from data.errors import ServerError
from data.migrate import upgrade

PORTS_TRIED = 50
WARM_AFTER_S = 8.0


@contextmanager
def open_database(settings: Settings, *, migrate: bool = True) -> Iterator[sa.Engine]:
    """Yield an engine on the configured server, or on the private cluster while we run.

    Raises
    ------
    ServerError
        With what to install or to change when the server cannot be used.
    """
    with contextlib.ExitStack() as stack:
        url = settings.database_url or stack.enter_context(Cluster(settings.home).use())
        engine = make_engine(url, pool_size=settings.threads + STREAMS)
        stack.callback(engine.dispose)
        problem = check_server(engine)
        if problem is not None:
            raise ServerError(problem)
        if migrate:
            upgrade(engine)
        yield engine


def bind_socket(host: str, port: int | None) -> tuple[socket.socket, bool]:
    """Return a bound socket, and whether the port is another than the usual one.

    ``port`` None means the usual port, or the next free one after it; 0 means any.

    Raises
    ------
    CannotStart
        ``port_taken`` when exactly this port was asked for.
    """
    wanted = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in wanted:
        # named TCP, else asyncio leaves Nagle on and answers wait 40 ms for an acknowledgement
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, number))
            bound.listen(128)
        except OSError:
            bound.close()
            continue
        return bound, port is None and number != DEFAULT_PORT
    raise CannotStart("port_taken", port=wanted[0])


@dataclass(frozen=True)
class Address:
    """Where a server can be reached."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Address for a browser."""
        host = self.host if is_loopback(self.host) else "127.0.0.1"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def address_of(bound: socket.socket) -> Address:
    """Return where a bound socket listens."""
    host, port, *_ = bound.getsockname()
    return Address(str(host), int(port))


class Server(uvicorn.Server):
    """uvicorn, which would wait for streams without an end until its time of grace is over."""

    def __init__(self, app: fastapi.FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app
        self.warms = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin as usual; where it is for good, the worker gets ready before anybody asks."""
        await super().startup(sockets)
        if self.warms and self.started:
            # once after installing it compiles for half a minute: after the first page is there
            later = threading.Timer(WARM_AFTER_S, self._app.state.workers.warm)
            later.daemon = True
            later.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams of events, then everything as usual."""
        self._app.state.events.close()
        await super().shutdown(sockets)


def make_server(settings: Settings, engine: sa.Engine) -> Server:
    """Return a server that is not running yet."""
    app = create_app(settings, engine)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nobody stands between us and the loopback
        timeout_graceful_shutdown=5,
    )
    return Server(app, config)


def run_server(server: Server, bound: socket.socket) -> None:
    """Serve until a signal stops it."""
    server.warms = True
    server.run(sockets=[bound])


@contextmanager
def running_server(
    settings: Settings, engine: sa.Engine, bound: socket.socket
) -> Iterator[Address]:
    """Serve from a thread inside the ``with`` block."""
    server = make_server(settings, engine)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise CannotStart("internal_error")
            time.sleep(0.01)
        yield address_of(bound)
    finally:
        server.should_exit = True
        thread.join()
