"""The session of docs/examples, played on the sample county as its README says.

From the raw file of grids through thirty-eight edits to the lines in force, by the command line
and over HTTP: what "done" means for plans.
"""

import io
import json
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from api.cli import main
from api.services import samples, workspace
from api.settings import COUNTY_TIME, Settings
from data.db import make_engine
from data.sample.write import write_county
from geo.edits import EDIT_TYPES
from tests.api.conftest import clone, make_client
from tests.shared import sample_county

pytestmark = pytest.mark.xdist_group("sample")

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SESSION = EXAMPLES / "plan-session.jsonl"
PLAN, COPY = "2026年网格调整", "撤销到底"
NOTE = "双龙村第三网格 26 户，山区分散，保留"
LOADED = datetime(2024, 1, 1, tzinfo=UTC)
# villages of the session, and who may have been changed by nobody
MENDED = ("500229105204", "500229210208", "500229214200")
TOUCHED = (
    *("500229001002", "500229002207", "500229105204", "500229105207", "500229205201"),
    *("500229210206", "500229210208", "500229210210", "500229214200", "500229214203"),
    *("500229214205", "500229214206", "500229216001"),
)
NEW_GRID, OLD_GRID = "500229001002005", "500229001002002"


def edits():
    lines = SESSION.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line and not line.startswith("#")]


def wangge(*words):
    """Run a command in this process; return its exit code, standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    assert "Traceback" not in out.getvalue() + err.getvalue()
    return code, out.getvalue(), err.getvalue()


def run(*words):
    code, out, said = wangge(*words)
    assert code == 0, said
    return out, said


def ask(*words):
    return json.loads(run(*words, "--json")[0])


@contextmanager
def loaded(cluster_url, template, home):
    """Load the sample county as the demo does; yield an engine and the sample's files."""
    files = write_county(sample_county(), home / "sample")
    with clone(cluster_url, template) as url:
        engine = make_engine(url, pool_size=4)
        with engine.begin() as connection:
            workspace.seed(connection)
            for layer in samples.LAYERS:
                settings = Settings(home=home)
                samples.bring_in(connection, layer, files[layer], settings=settings, now=LOADED)
            samples.finish(connection, home / "sample")
        yield engine, files
        engine.dispose()


@pytest.fixture
def county(cluster_url, template, tmp_path, monkeypatch):
    """The sample county for the command line; yields an engine and the sample's files."""
    with loaded(cluster_url, template, tmp_path) as (engine, files):
        monkeypatch.setenv("WANGGE_HOME", str(tmp_path))
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
        for name in ("COLUMNS", "WANGGE_PORT", "WANGGE_LANGUAGE", "LC_ALL", "LANG"):
            monkeypatch.delenv(name, raising=False)
        yield engine, files


def lines_of(client, **where):
    """Return code → (name, kind, exact geometry) of the grids of a village."""
    plan = where.pop("plan", None)
    found = {}
    for village in TOUCHED:
        if plan:
            answer = client.get(f"/api/plans/{plan}/grids", params={"village": village})
        else:
            answer = client.get("/api/exports/grids.geojson", params={"scope": village, **where})
        assert answer.status_code == 200, answer.text
        for feature in answer.json()["features"]:
            about = feature["properties"]
            shape = json.dumps(feature["geometry"])
            found[about["code"]] = (about["name"], about["kind"], shape)
    return found


def grid_at(client, point, **when):
    params = {"lon": point.x, "lat": point.y, **when}
    grid = client.get("/api/grids/at", params=params).json()["grid"]
    return grid and grid["code"]


def test_the_session_has_every_edit():
    made = [edit["type"] for edit in edits()]
    assert len(made) >= 30
    # the sample has no borders that differ by a hair; a suggestion needs a run
    assert set(made) == set(EDIT_TYPES) - {"match_borders", "apply_suggestion"}


def test_the_session_from_the_raw_file_to_the_lines_in_force(county, tmp_path):
    engine, files = county
    _, said = run("import", "grids", files["raw_grids"], "--skip-bad-rows", "--yes")
    assert "overlap" in said
    code, out, _ = wangge("check")
    assert code == 1
    assert all(village in out for village in MENDED)

    plan = ask("plan", "create", PLAN, "500229")["id"]
    with make_client(Settings(home=tmp_path), engine) as client:
        before = lines_of(client)
        assert lines_of(client, plan=plan) == before
        check_preview(client, plan)
        check_play(plan)
        check_undo(client, before)
        diff = check_difference(plan, tmp_path)
        check_household_sums(diff)
        check_gate(client, plan)
        check_published(client, plan, before, diff)
    code, out, said = wangge("check")
    assert (code, out) == (0, ""), said


def check_preview(client, plan):
    played = ask("plan", "edit", PLAN, SESSION, "--preview")
    assert (len(played["edits"]), played["refused"]) == (len(edits()), [])
    assert client.get(f"/api/plans/{plan}").json()["revision"] == 0


def check_play(plan):
    out, said = run("plan", "edit", PLAN, SESSION)
    assert f"Edits stored: {len(edits())}; lines refused: 0" in said
    assert "…" not in out  # no code is cut, however narrow the terminal
    shown = ask("plan", "show", plan)
    assert shown["edits"] == shown["revision"] == len(edits())
    assert [unit["code"] for unit in shown["touched_villages"]] == list(TOUCHED)
    assert [entry["edit"]["type"] for entry in shown["log"]] == [e["type"] for e in edits()]
    assert {entry["state"] for entry in shown["log"]} == {"applied"}


def check_undo(client, before):
    """Undo everything on a copy: its lines are those it began with, to the last byte."""
    run("plan", "copy", PLAN, COPY)
    copy = ask("plan", "show", COPY)["id"]
    drawn = lines_of(client, plan=copy)
    assert drawn != before
    run("plan", "undo", COPY, "--times", len(edits()))
    assert lines_of(client, plan=copy) == before
    assert ask("plan", "diff", COPY)["grids"] == []
    run("plan", "redo", COPY, "--times", len(edits()))
    assert lines_of(client, plan=copy) == drawn
    run("plan", "withdraw", COPY)


def check_difference(plan, folder):
    file = folder / "difference.geojson"
    out, said = run("plan", "diff", PLAN, "-o", file)
    diff = ask("plan", "diff", PLAN, "--households")
    totals = diff["totals"]
    assert f"Grids {totals['grids_before']} → {totals['grids_after']}" in said
    for row in diff["grids"]:
        assert row["code"] in out
    by_code = {row["code"]: row for row in diff["grids"]}
    assert by_code[NEW_GRID]["change"] == "added"
    assert by_code["500229-003A"]["change"] == "removed"
    assert by_code["500229105207002"]["change"] == "renumbered"
    assert by_code["500229105207002"]["previous_code"] == "500229105207004"
    assert by_code["500229001002003"]["change"] == "attributes"
    assert {row["change"] for row in diff["grids"]} == {
        *("added", "removed", "changed", "renumbered", "attributes")
    }
    drawn = json.loads(file.read_text(encoding="utf-8"))
    grids = [f for f in drawn["features"] if f["properties"]["layer"] == "grids"]
    assert {f["properties"]["code"] for f in grids} == set(by_code)
    assert all(shapely.from_geojson(json.dumps(f["geometry"])).is_valid for f in grids)
    assert drawn["totals"] == totals
    return diff


def check_household_sums(diff):
    """What every household does adds up to what the grids and the totals say."""
    totals, grids, moves = diff["totals"], diff["grids"], diff["households"]
    assert len(moves) == totals["households_moved"] > 500
    assert sum(move["residents"] for move in moves) == totals["residents_moved"]
    assert len({move["household"] for move in moves}) == len(moves)
    for row in grids:
        assert (
            row["households_before"] + row["households_in"] - row["households_out"]
            == row["households_after"]
        )
        # a code may be that of one grid before and, numbered anew, of another one after
        after = None if row["change"] == "removed" else row["code"]
        before = None if row["change"] == "added" else row["previous_code"] or row["code"]
        assert people(move for move in moves if after and move["new_grid"] == after) == (
            row["households_in"],
            row["residents_in"],
        )
        assert people(move for move in moves if before and move["old_grid"] == before) == (
            row["households_out"],
            row["residents_out"],
        )
    # who leaves one grid comes into another; those of the gap were in none
    gone = sum(row["households_out"] for row in grids)
    homeless = sum(move["old_grid"] is None for move in moves)
    assert sum(row["households_in"] for row in grids) == gone + homeless == len(moves)
    assert homeless == 26
    assert all(move["old_grid"] != move["new_grid"] for move in moves)


def people(moves):
    """Return how many households and residents move."""
    residents = [move["residents"] for move in moves]
    return len(residents), sum(residents)


def check_gate(client, plan):
    found = client.get(f"/api/plans/{plan}/problems").json()
    assert (found["errors"], found["can_publish"], found["needs_note"]) == (0, True, True)
    code, _, said = wangge("plan", "publish", PLAN)
    assert code == 1
    assert "500229214200003" in said
    assert client.get(f"/api/plans/{plan}").json()["state"] == "draft"


def check_published(client, plan, before, diff):
    drawn = lines_of(client, plan=plan)
    done = ask("plan", "publish", PLAN, "--note", NOTE)
    assert (done["state"], done["note"]) == ("published", NOTE)
    assert done["counts"]["opened"] + done["counts"]["unchanged"] == diff["totals"]["grids_after"]
    assert done["counts"]["closed"] + done["counts"]["unchanged"] == diff["totals"]["grids_before"]
    assert lines_of(client) == drawn

    at = datetime.fromisoformat(done["published_at"]).astimezone(COUNTY_TIME)
    earlier = (at - timedelta(milliseconds=1)).isoformat()
    today, yesterday = at.date().isoformat(), (at.date() - timedelta(days=1)).isoformat()
    assert lines_of(client, date=earlier) == before
    place = shapely.from_geojson(drawn[NEW_GRID][2]).representative_point()
    assert grid_at(client, place) == grid_at(client, place, date=today) == NEW_GRID
    assert grid_at(client, place, date=yesterday) == OLD_GRID
    assert grid_at(client, place, date=earlier) == OLD_GRID
    assert grid_at(client, place, date="2020-12-31") is None

    # every household that moves is answered from its old grid before, from its new one after
    moves = [move for move in diff["households"] if move["old_grid"]]
    points = [move["point"] for move in moves]
    for day, side in ((today, "new_grid"), (earlier, "old_grid")):
        answer = client.post("/api/grids/at", json={"points": points}, params={"date": day})
        assert answer.json()["codes"] == [move[side] for move in moves]
