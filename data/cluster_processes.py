"""A server's processes: found by the name it was started under, ended when orphaned."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

ORPHANS_TIMEOUT_S = 5.0
_PROC = Path("/proc")


def can_look() -> bool:
    """Tell whether this system lists its processes as files, as Linux does."""
    return (_PROC / "self").is_dir()


def is_named(pid: int, name: str) -> bool:
    """Tell whether process ``pid`` is PostgreSQL, started under ``name``.

    The command line is readable for everyone, unlike a process's working folder: root in a
    container may not look into a process of account postgres.
    """
    try:
        command = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:  # it ended
        return False
    return b"postgres" in command and name.encode() in command


def end_orphans(name: str) -> None:
    """End the workers that a killed server has left.

    They end by themselves, unless one is deep in a long query: then asked, then made to.
    """
    for signal_number in (None, signal.SIGQUIT, signal.SIGKILL):
        for pid in _find_processes(name):
            if signal_number is not None:
                os.kill(pid, signal_number)
        deadline = time.monotonic() + ORPHANS_TIMEOUT_S
        while _find_processes(name) and time.monotonic() < deadline:
            time.sleep(0.05)


def _find_processes(name: str) -> list[int]:
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if is_named(pid, name)]
