"""One PostgreSQL server in one folder: create it, start it, stop it, see whether it lives.

Nothing here takes a lock: :mod:`data.cluster` decides who may call what, and when.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.cluster_binaries import Binaries
from data.cluster_processes import can_look, end_orphans, is_named
from data.cluster_socket import PORT, make_socket_folder
from data.errors import ServerError
from geo.problems import Problem

SUPERUSER = "wangge"
SETTINGS: Mapping[str, str] = {
    # For 2 cores and 4 GB shared with the program itself.
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "120",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # a killed program's transaction ends at once, also while it waits for a lock (PostgreSQL 14)
    "client_connection_check_interval": "2s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "5s",
}
START_TIMEOUT_S = 300  # recovery after a crash can take minutes on a slow disk
STOP_TIMEOUT_S = 60
LOG_MAX_BYTES = 5_000_000
LOG_LINES = 8


@dataclass(frozen=True)
class Server:
    """A server's folder, the programs that run it and the account it runs as.

    Parameters
    ----------
    folder
        Holds the data folder ``pgMAJOR``, its log and, when the path is short enough, the socket.
    binaries
        The PostgreSQL to run.
    account
        Account to become, as root; None to stay who we are.
    settings
        Settings beyond :data:`SETTINGS`.
    """

    folder: Path
    binaries: Binaries
    account: pwd.struct_passwd | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data_folder(self) -> Path:
        """The folder PostgreSQL calls its data directory."""
        return self.folder / f"pg{self.binaries.major}"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / f"pg{self.binaries.major}.log"

    @property
    def exists(self) -> bool:
        """Whether the data folder is complete: it gets its name when initdb is through."""
        return self.data_folder.is_dir()

    def create(self) -> None:
        """Create the data folder under another name, then rename it.

        Raises
        ------
        ServerError
            ``cluster_create_failed`` or ``cluster_disk_full`` with initdb's last lines,
            ``home_unreachable``.
        """
        self._check_reachable()
        name = self.data_folder.name
        for unfinished in self.folder.glob(f"{name}.new-*"):  # left by an interrupted start
            shutil.rmtree(unfinished, ignore_errors=True)
        # A name of its own: the initdb of a killed program may still be writing.
        fresh = self.folder / f"{name}.new-{secrets.token_hex(4)}"
        # Under plain C, lower(), ILIKE and trigrams do nothing for Chinese.
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        result = self._run(
            "initdb",
            *("-D", fresh.name, "-U", SUPERUSER, "--encoding=UTF8", f"--locale={locale}"),
            *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
        )
        if result.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self._failure("cluster_create_failed", result.stdout)
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("\ninclude = 'wangge.conf'\n")
        fresh.rename(self.data_folder)

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises
        ------
        ServerError
            ``cluster_start_failed`` or ``cluster_disk_full`` with the log's last lines.
        """
        self._clear_after_crash()
        self._write_settings()
        self._rotate_log()
        seen = self.log.stat().st_size if self.log.exists() else 0
        # Relative paths: pg_ctl hands its own to a shell, which would read $ and quotes in them.
        result = self._run(
            "pg_ctl",
            *("start", "-w", "-t", str(START_TIMEOUT_S)),
            *("-D", self.data_folder.name, "-l", self.log.name),
            *("-o", f"-c cluster_name={self._name()}"),
        )
        # It may run all the same: started by a program that was killed while it waited.
        if result.returncode != 0 and not self.is_running():
            raise self._failure("cluster_start_failed", self._log_since(seen) or result.stdout)

    def stop(self) -> None:
        """Stop the server; whoever is connected is disconnected.

        Raises
        ------
        ServerError
            ``cluster_stop_failed``.
        """
        for mode in ("fast", "immediate"):
            if not self.is_running():
                return
            result = self._run(
                "pg_ctl",
                *("stop", "-w", "-t", str(STOP_TIMEOUT_S), "-m", mode),
                *("-D", self.data_folder.name),
            )
            if result.returncode == 0:
                return
        if self.is_running():
            raise self._failure("cluster_stop_failed", result.stdout)

    def pid(self) -> int | None:
        """Return the process of the running server, None when there is none."""
        pid = self._recorded_pid()
        return pid if pid is not None and self._is_ours(pid) else None

    def is_running(self) -> bool:
        """Tell whether the server's process lives."""
        return self.pid() is not None

    def has_crashed(self) -> bool:
        """Tell whether the server ended without tidying up: a clean stop removes its pid file."""
        return self._recorded_pid() is not None and not self.is_running()

    def socket_folder(self) -> Path:
        """Return the private folder of the socket, making it when it is missing."""
        return make_socket_folder(self.folder, self.account)

    def _check_reachable(self) -> None:
        """Refuse a folder below one that the account may not pass, such as root's own home."""
        if self.account is None:
            return
        command = ["/usr/bin/env", "test", "-w", f"{self.folder}/."]
        result = subprocess.run(command, check=False, **self._identity())
        if result.returncode != 0:
            details = {"account": self.account.pw_name, "place": str(self.folder.parent)}
            raise ServerError(Problem("home_unreachable", details))

    def _identity(self) -> dict[str, Any]:
        """Return the arguments of ``subprocess.run`` that make a process the account's."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _write_settings(self) -> None:
        settings = {
            **SETTINGS,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket_folder()),
            "unix_socket_permissions": "0700",
            **self.settings,
        }
        lines = [
            "# Written anew at every start; settings of your own go into postgresql.auto.conf.\n"
        ]
        lines += [f"{key} = '{_quoted(value)}'\n" for key, value in settings.items()]
        target = self.data_folder / "wangge.conf"
        target.write_text("".join(lines), encoding="utf-8")
        if self.account is not None:
            os.chown(target, self.account.pw_uid, self.account.pw_gid)

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))

    def _log_since(self, offset: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(offset)
            return log.read().decode("utf-8", "replace")

    def _recorded_pid(self) -> int | None:
        try:
            first = (self.data_folder / "postmaster.pid").read_text("utf-8").partition("\n")[0]
        except OSError:
            return None
        return int(first) if first.isdigit() else None

    def _is_ours(self, pid: int) -> bool:
        """Tell whether ``pid`` is our server, and not a process that got its number later."""
        if can_look():
            return is_named(pid, self._name())
        status = self._run("pg_ctl", "status", "-D", self.data_folder.name)
        return status.returncode == 0

    def _name(self) -> str:
        """Return what the server is called among the processes: follows the folder if it moves."""
        status = self.data_folder.stat()
        return f"wangge-{status.st_dev:x}-{status.st_ino:x}"

    def _clear_after_crash(self) -> None:
        """Make a start possible after kill -9 of the server, or after a power cut."""
        if not self.has_crashed() or not can_look():
            return
        end_orphans(self._name())
        # The numbers in these files may belong to another process by now, which PostgreSQL would
        # take for a running server.
        (self.data_folder / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.socket_folder().glob(f".s.PGSQL.{PORT}*"):
            leftover.unlink()

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self.binaries.program(name), *arguments]
        # A pipe would be inherited by the server and never close; a file can be.
        with tempfile.TemporaryFile() as output:
            result = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=_environment(),
                umask=0o077,
                check=False,
                **self._identity(),
            )
            output.seek(0)
            said = output.read().decode("utf-8", "replace")
        return subprocess.CompletedProcess(command, result.returncode, said)

    def _failure(self, key: str, text: str) -> ServerError:
        if "No space left on device" in text:
            key = "cluster_disk_full"
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        details = {"place": str(self.folder), "log": " | ".join(lines[-LOG_LINES:])}
        return ServerError(Problem(key, details))


def _environment() -> dict[str, str]:
    """Return our environment without what would turn PostgreSQL's head, such as PGPORT."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
