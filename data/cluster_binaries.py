"""The PostgreSQL programs on this machine, and whether PostGIS comes with them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import ServerError
from geo.problems import Problem

MINIMUM_MAJOR = 14
_PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_config")
_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # packages of the PostgreSQL project for Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_ADVICE = {
    "advice_zh": "Debian/Ubuntu：apt install postgresql postgresql-postgis；"
    "macOS：brew install postgresql@17 postgis；或用 DATABASE_URL 指向现有的数据库。",
    "advice_en": "Debian/Ubuntu: apt install postgresql postgresql-postgis; "
    "macOS: brew install postgresql@17 postgis; or set DATABASE_URL to a server you have.",
}


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL."""

    bindir: Path
    major: int
    has_postgis: bool

    def program(self, name: str) -> str:
        """Return the path of one of its programs, as text for a command line."""
        return str(self.bindir / name)


def find_binaries() -> list[Binaries]:
    """Find every usable PostgreSQL here, those with PostGIS first, then the newest first.

    Returns
    -------
    list of Binaries
        Major 14 and newer; empty when there is none.
    """
    found = {bindir: _inspect(bindir) for bindir in _candidate_folders()}
    usable = [b for b in found.values() if b is not None and b.major >= MINIMUM_MAJOR]
    return sorted(usable, key=lambda b: (b.has_postgis, b.major), reverse=True)


def choose_binaries(majors: Sequence[int] = (), *, place: Path | None = None) -> Binaries:
    """Choose the PostgreSQL to run.

    Parameters
    ----------
    majors
        Majors of the data folders that exist already: a data folder only opens with its own.
    place
        Where those folders are, for the message.

    Raises
    ------
    ServerError
        ``postgres_missing``, ``postgis_missing`` or ``postgres_major_missing``.
    """
    installed = find_binaries()
    if not installed:
        raise ServerError(Problem("postgres_missing", {"minimum": MINIMUM_MAJOR, **_ADVICE}))
    for binaries in installed:
        if binaries.has_postgis and (not majors or binaries.major in majors):
            return binaries
    if majors and any(b.has_postgis for b in installed):
        details = {"major": max(majors), "place": str(place)}
        raise ServerError(Problem("postgres_major_missing", details))
    lacking = {"major": installed[0].major, "place": str(installed[0].bindir), **_ADVICE}
    raise ServerError(Problem("postgis_missing", lacking))


def _candidate_folders() -> Iterator[Path]:
    for pattern in _PLACES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")))
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent


def _inspect(bindir: Path) -> Binaries | None:
    if not all((bindir / name).is_file() for name in _PROGRAMS):
        return None
    # Its own pg_config: the one on the PATH may belong to another version's libpq.
    answer = subprocess.run(
        [bindir / "pg_config", "--sharedir", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    sharedir, _, version = answer.stdout.partition("\n")
    number = re.search(r"(\d+)", version)
    if answer.returncode != 0 or number is None:
        return None
    control = Path(sharedir) / "extension" / "postgis.control"
    return Binaries(bindir, int(number[1]), control.is_file())
