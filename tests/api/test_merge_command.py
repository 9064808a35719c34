"""``wangge merge`` on the database: grids, villages, a draft; what is written."""

import json

import geopandas as gpd
import pytest

from tests.api import tiny
from tests.api.drafting import A1, A2, B1, B2
from tests.api.test_run_tables import wangge  # noqa: F401


def merge(wangge, *words):  # noqa: F811
    code, text, said = wangge("merge", *words, "--json")
    assert code == 0, said
    return json.loads(text)


def test_grids_of_the_store(wangge, tmp_path):  # noqa: F811
    out = tmp_path / "out.gpkg"
    found = merge(wangge, "--min", 6, "--max", 20, "-o", out)
    assert found["assignment"] == {A1: A1, A2: A1, B1: B1, B2: B1}
    assert set(gpd.list_layers(out)["name"]) == {"units", "groups"}
    units = gpd.read_file(out, layer="units").set_index("code")
    assert units["group"].to_dict() == found["assignment"]
    assert len(gpd.read_file(out, layer="groups")) == 2
    assert json.loads(out.with_suffix(".json").read_text())["groups"] == found["groups"]
    scoped = merge(wangge, "--min", 6, "--max", 20, "--scope", tiny.VILLAGES[1])
    assert set(scoped["assignment"]) == {B1, B2}
    # without sizes the profile's
    assert merge(wangge)["rules"]["all"]["from_profile"]


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv", "out.geojson", "out.html", "out"])
def test_every_format(wangge, tmp_path, name):  # noqa: F811
    out = tmp_path / name
    assert merge(wangge, "--min", 6, "--max", 20, "-o", out)["units"] == 4
    assert out.exists()


def test_villages_and_natural_villages(wangge):  # noqa: F811
    found = merge(wangge, "--unit", "village", "--min", 10, "--max", 20)
    assert [len(group["members"]) for group in found["groups"]] == [2]
    found = merge(wangge, "--unit", "natural_village", "--min", 6, "--max", 20)
    assert [len(group["members"]) for group in found["groups"]] == [2, 2]
    code, _, said = wangge("merge", "--unit", "village")
    assert code == 1
    assert "下限" in said


def test_a_draft_and_a_table_for_people(wangge):  # noqa: F811
    assert wangge("plan", "create", "新网格", tiny.COUNTY)[0] == 0
    code, text, said = wangge("merge", "--plan", "新网格", "--min", 6, "--max", 20)
    assert code == 0, said
    assert "第1网格、第2网格" in text
    assert "than the minimum of 6" in text
    assert wangge("merge", "--plan", "没有", "--min", 6)[0] == 1
