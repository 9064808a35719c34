"""The private cluster with real servers: cold, doubled, killed, interrupted, refused."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

import data.cluster_binaries
from data.cluster import Cluster
from data.cluster_binaries import Binaries, choose_binaries, find_binaries
from data.cluster_socket import SOCKET_PATH_MAX_BYTES
from data.db import make_single_engine
from data.errors import ServerError

SETTINGS = {"fsync": "off", "shared_buffers": "32MB", "max_connections": "20"}
PATIENCE_S = 120

HOLD = """
import json, sys
from pathlib import Path
from data.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]), settings=json.loads(sys.argv[2]))
with cluster.use() as url:
    print(url, cluster.status().pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that account postgres can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-cluster-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    for home in (folder, *folder.glob("*")):
        if (home / "database").is_dir():
            make_cluster(home).stop(force=True)
            record = home / "database" / "socket_folder"
            if record.is_file():
                shutil.rmtree(record.read_text())
    shutil.rmtree(folder)


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "home"


def make_cluster(home: Path, **settings: str) -> Cluster:
    return Cluster(home, settings={**SETTINGS, **settings})


@contextmanager
def program(home: Path) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Another program that uses the cluster until its standard input ends."""
    process = start_program(home)
    try:
        url, pid = read_line(process)
        yield process, url, pid
    finally:
        end_program(process)


def start_program(home: Path) -> subprocess.Popen[str]:
    import json

    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home), json.dumps(SETTINGS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_line(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    url, pid = process.stdout.readline().rsplit(maxsplit=1)
    return url, int(pid)


def end_program(process: subprocess.Popen[str]) -> None:
    process.communicate()


def ask(url: str, question: str) -> object:
    with make_single_engine(url).begin() as connection:
        return connection.execute(text(question)).scalar()


def tell(url: str, statement: str) -> None:
    with make_single_engine(url).begin() as connection:
        connection.execute(text(statement))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def refusal(cluster: Cluster) -> tuple[str, str]:
    with pytest.raises(ServerError) as refused, cluster.use():
        pass
    problem = refused.value.problems[0]
    assert problem.sentence("zh") != problem.sentence("en")
    return problem.key, problem.sentence("en")


# --- the ordinary life of a cluster ------------------------------------------------------


def test_first_use_makes_a_private_database_and_the_last_one_out_stops_it(home: Path):
    cluster = make_cluster(home)
    with cluster.use() as url:
        assert ask(url, "SELECT current_database()") == "wangge"
        assert ask(url, "SELECT datctype FROM pg_database WHERE datname = 'wangge'") == "C.UTF-8"
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SHOW jit") == "off"
        socket = Path(str(make_url(url).query["host"]))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        status = cluster.status()
        assert status.running
        assert status.in_use
        assert not status.kept
        assert status.url == url
    assert not cluster.status().running
    assert cluster.status().exists
    assert cluster.status().url is None


def test_status_of_nothing_makes_nothing(home: Path):
    status = make_cluster(home).status()
    assert not status.exists
    assert not status.running
    assert not status.in_use
    assert not home.exists()
    assert make_cluster(home).stop() is False
    assert not home.exists()


def test_started_to_stay_it_outlives_its_users(home: Path):
    cluster = make_cluster(home)
    url = cluster.start()
    tell(url, "CREATE TABLE kept (n integer)")
    pid = cluster.status().pid
    with cluster.use() as same:
        assert same == url
        with pytest.raises(ServerError) as refused:
            cluster.stop()
        assert refused.value.problems[0].key == "cluster_in_use"
    assert cluster.status().pid == pid
    assert cluster.stop() is True
    assert not cluster.status().running
    assert cluster.stop() is False
    with cluster.use() as url:
        assert ask(url, "SELECT count(*) FROM kept") == 0
    assert not cluster.status().running


def test_forced_stop_is_not_undone_by_the_program_that_used_it(home: Path):
    cluster = make_cluster(home)
    with cluster.use():
        assert cluster.stop(force=True)
        time.sleep(2.5)  # the watch looks every second
        assert not cluster.status().running
        url = cluster.start()
        assert ask(url, "SELECT 1") == 1


@pytest.mark.parametrize(
    "name", ["with spaces and 网格", 'quote\' $HOME `id` "x", comma', "long" * 30]
)
def test_any_path_will_do(folder: Path, name: str):
    home = folder / name
    with make_cluster(home).use() as url:
        assert ask(url, "SELECT 1") == 1
        socket = str(make_url(url).query["host"])
        assert len(os.fsencode(socket)) <= SOCKET_PATH_MAX_BYTES
    with make_cluster(home).use() as again:
        assert again == url  # a short folder made once is kept
        assert ask(again, "SELECT 1") == 1


def test_a_short_socket_folder_that_is_gone_or_not_ours_is_made_anew(folder: Path):
    home = folder / ("long" * 30)
    record = home / "database" / "socket_folder"
    with make_cluster(home).use():
        first = Path(record.read_text())
    first.rmdir()
    first.symlink_to("/tmp")
    try:
        with make_cluster(home).use() as url:
            assert ask(url, "SELECT 1") == 1
            assert Path(record.read_text()) != first
    finally:
        first.unlink()


def test_postgres_variables_of_the_user_do_not_disturb(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("LC_ALL", "xx_XX")
    with make_cluster(home).use() as url:
        assert ask(url, "SELECT 1") == 1


# --- several programs, and programs that die ---------------------------------------------


def test_three_cold_starts_at_once_share_one_server(home: Path):
    programs = [start_program(home) for _ in range(3)]
    answers = [read_line(process) for process in programs]
    assert len(set(answers)) == 1
    url, pid = answers[0]
    for process in programs:
        assert make_cluster(home).status().pid == pid
        assert ask(url, "SELECT 1") == 1
        end_program(process)
    assert not make_cluster(home).status().running


def test_a_killed_programs_server_is_adopted(home: Path):
    with program(home) as (process, _, pid):
        process.kill()
        process.wait()
        assert make_cluster(home).status().running
        assert not make_cluster(home).status().in_use
        with make_cluster(home).use() as url:
            assert make_cluster(home).status().pid == pid
            assert ask(url, "SELECT 1") == 1
    assert not make_cluster(home).status().running


def test_a_killed_server_is_revived_under_its_program(home: Path):
    cluster = make_cluster(home)
    with program(home) as (_, url, pid):
        tell(url, "CREATE TABLE before (n integer)")
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: cluster.status().running)
        assert cluster.status().pid != pid
        wait_until(lambda: answers(url))
        assert ask(url, "SELECT count(*) FROM before") == 0
    assert not cluster.status().running


def answers(url: str) -> bool:
    from sqlalchemy.exc import OperationalError

    try:
        return ask(url, "SELECT 1") == 1
    except OperationalError:
        return False


def test_both_killed_the_next_one_recovers_what_was_committed(home: Path):
    with program(home) as (process, url, pid):
        tell(url, "CREATE TABLE committed AS SELECT generate_series(1, 1000) AS n")
        process.kill()
        process.wait()
        os.kill(pid, signal.SIGKILL)
    with make_cluster(home).use() as url:
        assert ask(url, "SELECT count(*) FROM committed") == 1000


def test_a_number_in_the_pid_file_that_is_anothers_by_now_is_no_server(home: Path):
    cluster = make_cluster(home)
    with cluster.use():
        folder = cluster.status().data_folder
        pid_file = (folder / "postmaster.pid").read_text()
    bystander = subprocess.Popen(["sleep", str(PATIENCE_S)], user=folder.stat().st_uid)
    try:
        first_line = pid_file.partition("\n")[0]
        stale = pid_file.replace(first_line, str(bystander.pid), 1)
        (folder / "postmaster.pid").write_text(stale)
        assert not cluster.status().running
        with cluster.use() as url:
            assert ask(url, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_an_interrupted_initdb_is_never_used(home: Path):
    process = start_program(home)
    database = home / "database"
    wait_until(lambda: any(database.glob("pg*.new-*/PG_VERSION")))
    os.killpg(process.pid, signal.SIGKILL)
    end_program(process)
    assert not make_cluster(home).status().exists
    with make_cluster(home).use() as url:
        assert ask(url, "SELECT 1") == 1
        assert not list(database.glob("*.new-*"))


# --- refusals ----------------------------------------------------------------------------


def test_a_failed_start_quotes_the_servers_log(home: Path):
    key, sentence = refusal(make_cluster(home, work_mem="a lot"))
    assert key == "cluster_start_failed"
    assert 'invalid value for parameter "work_mem": "a lot"' in sentence
    with make_cluster(home).use() as url:  # nothing was spoilt
        assert ask(url, "SELECT 1") == 1


def make_programs(folder: Path, script: str) -> Binaries:
    """PostgreSQL's programs with an initdb of our own."""
    real = choose_binaries()
    bindir = folder / "bin"
    bindir.mkdir()
    for name in ("pg_ctl", "postgres", "pg_config"):
        (bindir / name).symlink_to(real.bindir / name)
    (bindir / "initdb").write_text(f"#!/bin/sh\n{script}\n")
    (bindir / "initdb").chmod(0o755)
    return Binaries(bindir, real.major, True)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("could not write file: No space left on device", "cluster_disk_full"),
        ("something else", "cluster_create_failed"),
    ],
)
def test_a_failed_initdb_is_quoted_and_leaves_nothing(folder: Path, said: str, key: str):
    binaries = make_programs(folder, f'mkdir "$2"; echo "initdb: error: {said}" >&2; exit 1')
    found, sentence = refusal(Cluster(folder / "home", binaries=binaries))
    assert (found, said in sentence) == (key, True)
    assert [p.name for p in (folder / "home" / "database").iterdir()] == []


def test_data_of_a_postgres_that_is_not_installed_is_not_replaced_by_an_empty_database(home: Path):
    (home / "database" / "pg98").mkdir(parents=True)
    key, sentence = refusal(Cluster(home))
    assert key == "postgres_major_missing"
    assert "98" in sentence
    assert [p.name for p in (home / "database").iterdir()] == ["pg98"]
    (home / "database" / "pg98").rmdir()


def test_no_postgres_or_no_postgis_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(data.cluster_binaries, "_PLACES", ())
    key, sentence = refusal(Cluster(folder / "home"))
    assert key == "postgres_missing"
    assert "postgresql-postgis" in sentence
    assert "DATABASE_URL" in sentence

    bindir = folder / "bin"
    bindir.mkdir()
    for name in ("initdb", "pg_ctl", "postgres"):
        (bindir / name).touch()
    (bindir / "pg_config").write_text(f"#!/bin/sh\necho {folder}\necho PostgreSQL 16.2\n")
    (bindir / "pg_config").chmod(0o755)
    monkeypatch.setattr(data.cluster_binaries, "_PLACES", (str(bindir),))
    assert find_binaries() == [Binaries(bindir, 16, False)]
    key, sentence = refusal(Cluster(folder / "home"))
    assert key == "postgis_missing"
    assert "16" in sentence


def test_a_home_that_cannot_be_made_is_refused(folder: Path):
    (folder / "file").touch()
    key, sentence = refusal(Cluster(folder / "file" / "home"))
    assert key == "home_not_writable"
    assert str(folder / "file" / "home") in sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another account")
def test_as_root_a_home_the_account_cannot_enter_is_refused(folder: Path):
    private = folder / "private"
    private.mkdir(mode=0o700)
    key, sentence = refusal(Cluster(private / "home"))
    assert key == "home_unreachable"
    assert "postgres" in sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another account")
def test_as_root_the_server_runs_as_the_owner_of_its_folder(home: Path):
    home.mkdir(mode=0o711)
    (home / "database").mkdir(mode=0o700)
    account = pwd.getpwnam("nobody")
    os.chown(home / "database", account.pw_uid, account.pw_gid)
    cluster = make_cluster(home)
    with cluster.use():
        pid = cluster.status().pid
        assert Path(f"/proc/{pid}").stat().st_uid == account.pw_uid
