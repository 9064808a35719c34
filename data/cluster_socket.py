"""The private folder of a server's unix socket: the only way in, and only for its account."""

from __future__ import annotations

import os
import pwd
import re
import stat
import tempfile
from pathlib import Path

PORT = 5432  # only a part of the socket's name: the server listens on no network
SOCKET_PATH_MAX_BYTES = 80  # the kernel allows 107, macOS 103, less the name of the socket


def make_socket_folder(folder: Path, account: pwd.struct_passwd | None = None) -> Path:
    """Return the socket's folder for the server in ``folder``, making it when it is missing.

    A path too long for a socket, or with a character that separates paths in a connection
    string, is replaced by a short folder with an unpredictable name, recorded beside the data.

    Parameters
    ----------
    folder
        The server's folder.
    account
        Account the server runs as, None for our own.
    """
    near = folder / "socket"
    fits = len(os.fsencode(near)) <= SOCKET_PATH_MAX_BYTES
    if fits and re.fullmatch(r"[\w/.+ -]+", str(near)):
        _make_private(near, account)
        return near
    record = folder / "socket_folder"
    if record.is_file():
        recorded = Path(record.read_text(encoding="utf-8"))
        if _is_private(recorded, account):
            return recorded
    short = Path(tempfile.mkdtemp(prefix="wangge-", dir="/tmp"))  # TMPDIR may be long itself
    _make_private(short, account)
    record.write_text(str(short), encoding="utf-8")
    return short


def _make_private(folder: Path, account: pwd.struct_passwd | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _is_private(folder: Path, account: pwd.struct_passwd | None) -> bool:
    """Tell whether a recorded folder is still ours: a swept /tmp may hold another's by now."""
    owner = account.pw_uid if account else os.getuid()
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and (status.st_uid, status.st_mode & 0o777) == (
        owner,
        0o700,
    )
