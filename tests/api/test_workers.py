"""Runs and the process that works on them: cancelled, killed, left behind, asked again."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from api.settings import Settings
from data import runs
from tests.api.conftest import make_client

NEAR = {"analysis": "service_gaps", "parameters": {"standard_m": 1500}}


def until(true, what, seconds=60):
    """Wait until something is so; the machine may be busy."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return found


@contextmanager
def held_up(engine):
    """Keep a worker at its reading for as long as the block lasts."""
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE profile IN ACCESS EXCLUSIVE MODE"))
        yield


def start(client, **parameters):
    asked = {**NEAR, "parameters": {**NEAR["parameters"], **parameters}}
    answer = client.post("/api/runs", json=asked, params={"wait": 0})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def state(client, run):
    return client.get(f"/api/runs/{run}").json()["state"]


def worker(client):
    return client.app.state.workers


def begun(client, run):
    until(lambda: state(client, run) == "running", "it begins")
    until(lambda: worker(client)._running == UUID(run), "we are told so")


def test_a_run_goes_on_while_nobody_waits(own_client):
    run = start(own_client)
    shown = own_client.get(f"/api/runs/{run}", params={"wait": 60}).json()
    assert (shown["state"], shown["progress"], shown["step"]) == ("done", 1, None)
    assert shown["created_at"] <= shown["started_at"] <= shown["finished_at"]
    (listed,) = own_client.get("/api/runs").json()["runs"]
    assert listed == shown
    assert own_client.get("/api/runs", params={"analysis": "service_gaps"}).json()["runs"]


def test_a_cancelled_run_stops_at_once_and_the_next_one_is_done(own_client, own_engine):
    with held_up(own_engine):
        run, other = start(own_client), start(own_client, level="township")
        begun(own_client, run)
        pid = worker(own_client).process_id
        assert state(own_client, other) == "queued"
        assert own_client.get(f"/api/runs/{run}/result").status_code == 409
        cancelled = own_client.delete(f"/api/runs/{run}")
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        until(lambda: worker(own_client).process_id not in (None, pid), "another process is there")
    assert own_client.get(f"/api/runs/{other}", params={"wait": 60}).json()["state"] == "done"
    assert state(own_client, run) == "cancelled"
    again = own_client.delete(f"/api/runs/{run}")
    assert (again.status_code, again.json()["error"]["key"]) == (409, "run_over")


def test_who_waits_in_the_queue_can_be_cancelled(own_client, own_engine):
    with held_up(own_engine):
        first, second = start(own_client), start(own_client, level="township")
        begun(own_client, first)
        assert own_client.delete(f"/api/runs/{second}").json()["state"] == "cancelled"
    assert own_client.get(f"/api/runs/{first}", params={"wait": 60}).json()["state"] == "done"
    restarted = own_client.post(f"/api/runs/{second}/restart", params={"wait": 60})
    assert restarted.json()["state"] == "done"
    refused = own_client.post(f"/api/runs/{second}/restart")
    assert (refused.status_code, refused.json()["error"]["key"]) == (409, "run_not_over")


def test_what_was_cancelled_before_anybody_began_is_done_when_it_is_wanted_again(own_client):
    workers = worker(own_client)
    run = start(own_client)
    own_client.get(f"/api/runs/{run}", params={"wait": 60})
    workers.cancel(UUID(run))  # too late for the one that is over
    workers.wake(UUID(run))
    assert UUID(run) not in workers._unwanted


def test_a_process_that_dies_fails_its_run_and_no_other(own_client, own_engine):
    with held_up(own_engine):
        run, other = start(own_client), start(own_client, level="township")
        begun(own_client, run)
        os.kill(worker(own_client).process_id, signal.SIGKILL)
        until(lambda: state(own_client, run) == "failed", "it is seen")
    failed = own_client.get(f"/api/runs/{run}").json()
    assert failed["error"]["key"] == "run_crashed"
    assert "内存" in failed["error"]["message_zh"]
    assert own_client.get(f"/api/runs/{other}", params={"wait": 60}).json()["state"] == "done"
    same = own_client.post("/api/runs", json=NEAR, params={"wait": 60})
    assert same.status_code == 201, "a failed run is no answer"
    assert same.json()["state"] == "done"


def test_a_server_that_stops_leaves_runs_interrupted_and_queued(own_engine, tmp_path):
    settings = Settings(home=tmp_path)
    with held_up(own_engine), make_client(settings, own_engine) as client:
        run, waiting = start(client), start(client, level="township")
        begun(client, run)
    with make_client(settings, own_engine) as client:
        assert state(client, run) == "interrupted"
        client.get("/api/runs")  # somebody looks at runs: what waits is worked on
        assert client.get(f"/api/runs/{waiting}", params={"wait": 60}).json()["state"] == "done"
        assert client.get(f"/api/runs/{run}/result").json()["error"]["key"] == "run_not_done"
        restarted = client.post(f"/api/runs/{run}/restart", params={"wait": 60}).json()
        assert restarted["state"] == "done"
        assert client.get(f"/api/runs/{run}/result").json()["unserved_households"] == 8


def test_what_a_power_cut_left_is_interrupted(own_client, own_engine):
    run = own_client.post("/api/runs", json=NEAR, params={"wait": 60}).json()["id"]
    with own_engine.begin() as connection:
        connection.execute(text("UPDATE run SET state = 'running', finished_at = NULL"))
        orphans = runs.interrupt_orphans(connection, datetime.now(UTC))
    assert orphans == [UUID(run)]
    assert state(own_client, run) == "interrupted"


def test_a_worker_does_not_outlive_its_server(own_engine):
    url = own_engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "api.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(json.dumps({"url": url}) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == '{"ready": true}\n'
    process.stdin.close()
    assert process.wait(60) == 0
    process.stdout.close()


def test_a_plan_that_is_not_there(own_client):
    nowhere = "00000000-0000-0000-0000-000000000001"
    answer = own_client.post("/api/runs", json={**NEAR, "plan": nowhere})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "parameters",
    [
        {"standard_m": 5, "standard_min": 5},
        {"standard_m": 5, "measure": "time"},
        {"means": "drive"},
        {"standard_min": 0},
        {"mode": "swim"},
    ],
)
def test_parameters_that_do_not_go_together(client, parameters):
    asked = {"analysis": "service_gaps", "parameters": parameters}
    answer = client.post("/api/runs", json=asked)
    assert answer.status_code == 422
    assert answer.json()["error"]["message_zh"]
