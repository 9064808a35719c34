"""A real server on its own cluster: start, taken ports, killed databases, a clean stop."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.settings import DEFAULT_PORT
from data.cluster import Cluster

PATIENCE_S = 120


@pytest.fixture(scope="module")
def home():
    """A data folder that account postgres can enter, too."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-serve-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    Cluster(folder).stop(force=True)
    shutil.rmtree(folder, ignore_errors=True)


def environment(home):
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and "WANGGE" not in k}
    return {**kept, "WANGGE_HOME": str(home), "NO_COLOR": "1"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url):
    """Return status and JSON; status 0 when nobody answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError as error:
        return 0, {"nobody": repr(error)}


def wait_for(url, status):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found, body = ask(url)
        if found == status:
            return body
        time.sleep(0.1)
    raise AssertionError(f"{url}: last answer {found} {body}, wanted {status}")


@contextmanager
def serving(home, *words):
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
        # files, not pipes: a pipe nobody reads fills up and stops the writer
        process = subprocess.Popen(
            [sys.executable, "-m", "api", *words], env=environment(home), stdout=out, stderr=said
        )

        def finish():
            process.wait(timeout=5 * PATIENCE_S)
            out.seek(0)
            said.seek(0)
            return out.read(), said.read()

        try:
            yield process, finish
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert "Traceback" not in "".join(finish())


def test_a_killed_database_comes_back_without_a_restart(home):
    port = free_port()
    health = f"http://127.0.0.1:{port}/api/health"
    with serving(home, "serve", "--port", str(port)) as (process, _):
        assert wait_for(health, 200)["status"] == "ok"
        os.kill(Cluster(home).status().pid, signal.SIGKILL)
        seen, deadline = set(), time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            status, body = ask(health)
            seen.add(status)
            assert status in (200, 503), body
            if status == 503:
                assert body["error"]["key"] == "database_unavailable"
            if status == 200 and 503 in seen:
                break
        assert seen == {200, 503}
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0
    assert not Cluster(home).status().running, "the last one out stops the database"


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_window_stop_cleanly(home, way):
    port = free_port()
    with serving(home, "serve", "--port", str(port)) as (process, _):
        wait_for(f"http://127.0.0.1:{port}/api/health", 200)
        process.send_signal(way)
        assert process.wait(timeout=PATIENCE_S) == 0
    assert not Cluster(home).status().running


def test_stopping_during_an_upload_is_an_answer(home):
    port = free_port()
    with serving(home, "serve", "--port", str(port)) as (process, finish):
        wait_for(f"http://127.0.0.1:{port}/api/health", 200)
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(
                b"POST /api/imports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            )
            time.sleep(0.5)  # the request has begun
            process.send_signal(signal.SIGTERM)
            slow.settimeout(PATIENCE_S)
            answer = b"".join(iter(lambda: slow.recv(65536), b"")).decode()
        assert process.wait(timeout=PATIENCE_S) == 0
        head, _, body = answer.partition("\r\n\r\n")
        assert " 503 " in head.splitlines()[0]
        assert "application/json" in head
        assert json.loads(body)["error"]["key"] == "service_stopping"
        assert "Traceback" not in finish()[1]


def test_stopping_with_an_open_stream_of_events(home):
    """No waiting for the time of grace: the stream ends, and it ends whole."""
    port = free_port()
    with serving(home, "serve", "--port", str(port)) as (process, finish):
        wait_for(f"http://127.0.0.1:{port}/api/health", 200)
        with socket.create_connection(("127.0.0.1", port)) as map_:
            map_.sendall(b"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            map_.settimeout(PATIENCE_S)
            answer = b""
            while b"event: hello" not in answer:
                answer += map_.recv(65536)
            process.send_signal(signal.SIGTERM)
            answer += b"".join(iter(lambda: map_.recv(65536), b""))
        assert answer.endswith(b"0\r\n\r\n"), "the last chunk"
        assert process.wait(timeout=PATIENCE_S) == 0
        assert "graceful" not in finish()[1]


def test_a_port_that_is_taken(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serving(home, "serve", "--port", str(port)) as (process, finish):
            _, said = finish()
            assert process.returncode == 1
            assert str(port) in said
            assert "端口" in said


def test_the_usual_port_taken_is_no_reason_not_to_start(monkeypatch):
    from api import server

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", DEFAULT_PORT))
            other.listen()
        except OSError:
            pass  # somebody has it already: just as good
        bound, moved = server.bind_socket("127.0.0.1", None)
        with bound:
            assert moved
            assert server.address_of(bound).port > DEFAULT_PORT


def test_a_command_told_to_stop_takes_its_database_along(home, tmp_path):
    """A question is open on a terminal, the waiting rows lie in the folder."""
    table = tmp_path / "households.csv"
    table.write_text("code,lon,lat,residents\nH1,108.005,31.01,3\n")
    terminal, side = pty.openpty()
    command = [sys.executable, "-m", "api", "import", "households", str(table), "--crs", "4490"]
    process = subprocess.Popen(
        command, env=environment(home), stdin=side, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    waiting = home / "imports"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and not list(waiting.glob("*.problems.csv")):
        time.sleep(0.05)
    assert Cluster(home).status().running
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=PATIENCE_S)[0].decode()
    os.close(terminal)
    os.close(side)
    assert process.returncode == 128 + signal.SIGTERM
    assert "已中止" in said
    assert "Traceback" not in said
    assert not Cluster(home).status().running
    assert list(waiting.iterdir()) == []


def test_the_database_commands(home):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "api", "db", *words],
            env=environment(home),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    assert run("start").returncode == 0
    status = json.loads(run("status", "--json").stdout)
    assert status["running"] is True
    assert status["kept"] is True
    assert "yes" in run("status").stdout
    assert run("stop").returncode == 0
    assert json.loads(run("status", "--json").stdout)["running"] is False


def test_the_demo_checks_itself(home):
    from api.routers.web import STATIC

    if not (STATIC / "index.html").is_file():
        pytest.skip("the web map has not been built")
    with serving(home, "demo", "--once") as first, serving(home, "demo", "--once") as second:
        for process, finish in (first, second):
            out, said = finish()
            assert process.returncode == 0, said
            (line,) = out.splitlines()
            found = json.loads(line)
            assert found["ok"] is True
            assert (found["townships"], found["villages"], found["grids"]) == (25, 204, 1253)
            assert found["residents"] == 197_497
            assert found["households"] == 68_114
            assert found["gaps"] > 0
    assert not Cluster(home).status().running
