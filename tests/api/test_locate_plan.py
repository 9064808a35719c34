"""``wangge locate --plan``: by the lines of a draft, in which a grid was split."""

import csv
import json

import pytest

from api.cli import main
from tests.api import tiny
from tests.api.drafting import A1, SPLIT, Draft

# of the grid that was split, one household in each half
SOUTH, NORTH = "河东镇上河村1组1号", "河东镇上河村1组3号"
SOUTH_POINT, NORTH_POINT = "108.0025,31.005", "108.0025,31.015"


@pytest.fixture
def split(own_client):
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    return draft


@pytest.fixture
def wangge(own_engine, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("DATABASE_URL", own_engine.url.render_as_string(hide_password=False))

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def grid_of(answer):
    code, out, said = answer
    assert code == 0, said
    return json.loads(out)["grid"]["code"]


def halves(draft):
    """Return the codes of the grids of the southern and of the northern half."""
    found = {}
    for code, feature in draft.grids().items():
        ring = feature["geometry"]["coordinates"][0]
        west = min(x for x, _ in ring)
        if west < 108.005:
            found["south" if min(y for _, y in ring) < 31.005 else "north"] = code
    return found["south"], found["north"]


def test_an_address_and_a_point(split, wangge):
    south, north = halves(split)
    assert south != north
    for place, half in (
        (SOUTH, south), (NORTH, north), (SOUTH_POINT, south), (NORTH_POINT, north)
    ):  # fmt: skip
        assert grid_of(wangge("locate", place, "--json", "--plan", split.id)) == half, place
        assert grid_of(wangge("locate", place, "--json")) == A1, place
    assert south in wangge("locate", SOUTH_POINT, "--plan", "试划")[1]


def test_a_unit_that_the_draft_has_cut(split, wangge):
    whole = json.loads(wangge("locate", "上河村1组", "--json")[1])
    assert (whole["status"], whole["grid"]["code"]) == ("ok", A1)
    cut = json.loads(wangge("locate", "上河村1组", "--json", "--plan", split.id)[1])
    assert (cut["status"], cut["grid"]) == ("ambiguous", None)
    assert sorted(grid["code"] for grid in cut["grids"]) == sorted(halves(split))


def test_a_table(split, wangge, tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"地址\n{SOUTH}\n{NORTH}\n河东镇下河村1组1号\n", encoding="utf-8")
    code, _, said = wangge("locate", "--batch", source, "-o", out, "--plan", split.id)
    assert code == 0, said
    with out.open(encoding="utf-8-sig", newline="") as file:
        codes = [row["grid_code"] for row in csv.DictReader(file)]
    assert codes == [*halves(split), tiny.VILLAGES[1] + "001"]


def test_plan_and_date_are_not_asked_together(split, wangge):
    for words in (
        (SOUTH,), (SOUTH_POINT,), ("--batch", __file__, "-o", "out.csv")
    ):  # fmt: skip
        code, out, said = wangge("locate", *words, "--plan", split.id, "--date", "2026-03-01")
        assert (code, out) == (1, "")
        assert "plan and date cannot be asked together" in said


def test_a_plan_that_is_not_there(split, wangge):
    for name in ("别的", "", "3f2c8a52-0000-4000-8000-000000000000"):
        code, _, said = wangge("locate", SOUTH, "--plan", name)
        assert code == 1, name
        assert f"没有找到方案 {name}" in said
