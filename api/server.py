"""Running the web application: port, private cluster, signals, a clean stop."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import fastapi
import sqlalchemy as sa
import uvicorn

from api.app import STREAMS, create_app
from api.refusals import CannotStart
from api.settings import DEFAULT_PORT, Settings
from api.terminal import steps
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
            bring_up_to_date(engine)
        yield engine


def bring_up_to_date(engine: sa.Engine) -> bool:
    """Run the migrations a database lacks; show how far it is where that takes longer.

    Returns
    -------
    bool
        Whether anything was to be done.
    """
    with contextlib.ExitStack() as stack:
        bar: Callable[[int], None] | None = None

        def told(done: int, total: int) -> None:
            nonlocal bar
            bar = bar or stack.enter_context(
                steps("正在读取已有的地址", "reading the addresses that are stored", total)
            )
            bar(done)

        return upgrade(engine, told=told)


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
        """Address for a browser on this machine."""
        anywhere = ipaddress.ip_address(self.host).is_unspecified
        host = "127.0.0.1" if anywhere else self.host
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
            later = threading.Timer(WARM_AFTER_S, self.get_ready)
            later.daemon = True
            later.start()

    def get_ready(self) -> None:
        """Load what the first planner would wait for."""
        state = self._app.state
        state.workers.warm()
        # who asks first gets the reason, if there is one
        with contextlib.suppress(Exception), state.database.read() as connection:
            state.addresses.prepare(connection)

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
