"""The private PostgreSQL cluster: made, started and stopped by the programs that use it.

Unix socket only, in a folder nobody else can enter. Three files in the home keep programs out of
each other's way, all of them kernel locks that die with their process: ``cluster.lock`` is held
while a server is made, started or stopped; ``in_use.lock`` is shared by everyone who uses it, and
the last one out stops the server.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import pwd
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg2

from data.cluster_binaries import Binaries, choose_binaries
from data.cluster_database import make_database, url_of
from data.cluster_server import START_TIMEOUT_S, Server
from data.errors import ServerError
from geo.problems import Problem

ROOT_ACCOUNT = "postgres"
WATCH_EVERY_S = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """What is known of a cluster without touching it.

    ``kept`` tells that it was started to stay; ``in_use`` that a program uses it now.
    """

    exists: bool
    running: bool
    in_use: bool
    kept: bool
    pid: int | None
    major: int
    data_folder: Path
    log: Path
    url: str | None


class Cluster:
    """The private cluster below ``home``.

    Parameters
    ----------
    home
        Folder of the program's data; made when missing. As root, the server runs as account
        postgres, which must be able to enter it.
    binaries
        The PostgreSQL to run; by default chosen by :func:`choose_binaries`.
    settings
        PostgreSQL settings beyond the usual ones.

    Raises
    ------
    ServerError
        From every method: ``postgres_missing``, ``postgis_missing``, ``home_not_writable``,
        ``home_unreachable``, ``cluster_create_failed``, ``cluster_start_failed``,
        ``cluster_disk_full`` …
    """

    def __init__(
        self,
        home: Path,
        *,
        binaries: Binaries | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.home = Path(os.path.abspath(home))  # noqa: PTH100  resolve() would follow links
        self._folder = self.home / "database"
        self._binaries = binaries
        self._settings = dict(settings or {})

    @contextmanager
    def use(self) -> Iterator[str]:
        """Use the cluster: it runs inside the ``with`` block, and is revived should it be killed.

        Yields
        ------
        str
            SQLAlchemy URL of the database, ``postgresql+psycopg2://wangge@/wangge?host=…``.
        """
        server = self._server()
        holding = self._open_lock("in_use.lock")
        try:
            with self._exclusive():
                url = self._ensure(server)
                fcntl.flock(holding, fcntl.LOCK_SH)
            with self._watched(server):
                yield url
        finally:
            with self._exclusive():
                fcntl.flock(holding, fcntl.LOCK_UN)
                holding.close()
                if not self._is_in_use() and not self._is_kept(server):
                    server.stop()

    def start(self) -> str:
        """Start the cluster to stay, until :meth:`stop` or the machine's end; return its URL."""
        server = self._server()
        with self._exclusive():
            url = self._ensure(server)
            self._keep_file.write_text(str(server.pid()), encoding="utf-8")
            return url

    def stop(self, *, force: bool = False) -> bool:
        """Stop the cluster; return whether it was running.

        Raises
        ------
        ServerError
            ``cluster_in_use`` unless ``force`` is given.
        """
        if not self._folder.is_dir():
            return False
        server = self._server()
        with self._exclusive():
            if self._is_in_use() and not force:
                raise ServerError(Problem("cluster_in_use"))
            self._keep_file.unlink(missing_ok=True)
            was_running = server.is_running()
            server.stop()
            return was_running

    def status(self) -> Status:
        """Say how the cluster is, changing nothing."""
        server = self._server(make=False)
        exists = self._folder.is_dir()
        pid = server.pid() if exists else None
        return Status(
            exists=server.exists,
            running=pid is not None,
            in_use=exists and self._is_in_use(),
            kept=exists and self._is_kept(server),
            pid=pid,
            major=server.binaries.major,
            data_folder=server.data_folder,
            log=server.log,
            url=url_of(server.socket_folder()) if pid is not None else None,
        )

    @property
    def _keep_file(self) -> Path:
        return self.home / "keep_running"

    def _server(self, *, make: bool = True) -> Server:
        if make:
            self._make_home()
        majors = _majors_in(self._folder)
        binaries = self._binaries or choose_binaries(majors, place=self._folder)
        return Server(self._folder, binaries, self._account(), self._settings)

    def _make_home(self) -> None:
        """Make the home and, in it, the folder that the server's account owns."""
        try:
            account = self._account()
            # The server's account must pass through the home, and see nothing of it.
            self.home.mkdir(mode=0o711 if account else 0o700, parents=True, exist_ok=True)
            if not self._folder.is_dir():
                with suppress(FileExistsError):  # another program was quicker
                    self._folder.mkdir(mode=0o700)
                if account is not None:
                    os.chown(self._folder, account.pw_uid, account.pw_gid)
        except OSError as error:
            details = {"place": str(self.home), "reason": error.strerror}
            raise ServerError(Problem("home_not_writable", details)) from None

    def _account(self) -> pwd.struct_passwd | None:
        """Return the account to become: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return None
        if self._folder.is_dir() and self._folder.stat().st_uid != 0:
            with suppress(KeyError):
                return pwd.getpwuid(self._folder.stat().st_uid)
        try:
            return pwd.getpwnam(ROOT_ACCOUNT)
        except KeyError:
            raise ServerError(Problem("postgres_account_missing")) from None

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with self._open_lock("cluster.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open_lock(self, name: str) -> IO[bytes]:
        try:
            return (self.home / name).open("ab")
        except OSError as error:
            details = {"place": str(self.home), "reason": error.strerror}
            raise ServerError(Problem("home_not_writable", details)) from None

    def _is_in_use(self) -> bool:
        with self._open_lock("in_use.lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def _is_kept(self, server: Server) -> bool:
        """Tell whether :meth:`start` started this very server: not one before a restart."""
        if not self._keep_file.is_file():
            return False
        return self._keep_file.read_text(encoding="utf-8") == str(server.pid())

    def _ensure(self, server: Server) -> str:
        """Have the server run, the database be there; return its URL."""
        try:
            if not server.exists:
                server.create()
            if not server.is_running():
                server.start()
            return self._reach(server)
        except OSError as error:
            key = "cluster_disk_full" if error.errno == errno.ENOSPC else "home_not_writable"
            said = str(error.strerror)
            details = {"place": str(self._folder), "log": said, "reason": said}
            raise ServerError(Problem(key, details)) from None

    def _reach(self, server: Server) -> str:
        """Connect once; a server that lives but whose socket is gone is started anew."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                make_database(server.socket_folder())
                return url_of(server.socket_folder())
            except psycopg2.OperationalError as error:
                if time.monotonic() > deadline:
                    details = {"place": str(self._folder), "log": str(error).strip()}
                    raise ServerError(Problem("cluster_start_failed", details)) from None
                if "the database system is" in str(error):  # starting up, in recovery mode
                    time.sleep(0.1)
                    continue
                logger.warning("The running database does not answer and is restarted: %s", error)
                server.stop()
                server.start()

    @contextmanager
    def _watched(self, server: Server) -> Iterator[None]:
        """Revive the server when it is killed under us; a server that was stopped stays stopped."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(WATCH_EVERY_S):
                if not server.has_crashed():
                    continue
                try:
                    with self._exclusive():
                        if server.has_crashed() and not done.is_set():
                            logger.warning("The database was killed and is started again.")
                            server.start()
                except (ServerError, OSError):
                    logger.exception("The database could not be started again yet.")

        thread = threading.Thread(target=watch, name="cluster-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _majors_in(folder: Path) -> list[int]:
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:  # it is not there yet, or not ours to look into
        return []
    return [int(name[2:]) for name in names if re.fullmatch(r"pg\d+", name)]
