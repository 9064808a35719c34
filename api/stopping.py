"""Signals that end a program, turned into an end by the front door.

Every ``with`` block closes: transactions are rolled back, the last one out stops the cluster.
The default action of SIGTERM would end the process at once and leave all of it behind.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], None]


class Stopped(SystemExit):
    """A command was told to stop before it had finished; the code is the shell's, 128 + signal."""


@contextmanager
def stop_commands() -> Iterator[None]:
    """Raise :class:`Stopped` in the command that runs when it is told to stop.

    That is SIGTERM, and SIGHUP when the window of the terminal is closed.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        raise Stopped(128 + number)

    with _handling({signal.SIGTERM: leave, signal.SIGHUP: leave}):
        yield


@contextmanager
def stop_services() -> Iterator[None]:
    """End normally at SIGTERM, SIGINT and SIGHUP: that is how a service is meant to end.

    uvicorn raises the signal again after its own shutdown; of SIGHUP it knows nothing.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    def pass_on(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGTERM)

    handlers = {signal.SIGTERM: leave, signal.SIGINT: leave, signal.SIGHUP: pass_on}
    with _handling(handlers):
        yield


@contextmanager
def _handling(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say, and it has
        return
    before = {
        number: signal.signal(number, handler)
        for number, handler in handlers.items()
        if signal.getsignal(number) is not signal.SIG_IGN  # nohup: it is meant to go on
    }
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)
