"""What moved: per grid, per piece of land, per household; against the lines or another plan."""

import json

import pytest

from tests.api import tiny
from tests.api.conftest import bring_in
from tests.api.drafting import (
    A1,
    A2,
    B1,
    B2,
    FIRST,
    LOCK,
    MERGE,
    MERGE_B,
    SPLIT,
    TRANSFER,
    Draft,
    polygon,
)

A3 = f"{FIRST}003"
# a triangle of A2 between the ends of its western side, with the two households H010 and H012
WEDGE = [(108.01, 31.0), (108.018, 31.01), (108.01, 31.02), (108.005, 31.01), (108.01, 31.0)]
HALF = {"type": "transfer", "to": A1, "area": polygon(WEDGE)}


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def told(answer):
    return {row["code"]: row["change"] for row in answer["grids"]}


def test_an_untouched_plan_differs_in_nothing(draft):
    answer = draft.get("/difference")
    assert answer["grids"] == answer["land"] == []
    assert answer["households"] is None
    assert set(answer["totals"].values()) == {0}
    assert draft.get("/difference", households="true")["households"] == []


def test_a_transfer_is_land_and_households_that_go_from_one_to_the_other(draft):
    draft.edit(HALF)
    answer = draft.get("/difference", households="true")
    assert told(answer) == {A1: "changed", A2: "changed"}
    taker, giver = answer["grids"]
    assert (taker["households_before"], taker["households_after"]) == (4, 6)
    assert (taker["households_in"], taker["households_out"]) == (2, 0)
    assert (giver["residents_before"], giver["residents_after"]) == (12, 6)
    assert taker["area_in_m2"] == pytest.approx(giver["area_out_m2"], abs=0.01)
    assert taker["bbox"] is not None
    [land] = answer["land"]
    assert (land["old_grid"], land["new_grid"]) == (A2, A1)
    assert (land["households"], land["residents"]) == (2, 6)
    assert land["area_m2"] == pytest.approx(taker["area_in_m2"], abs=0.01)
    moved = {h["household"]: (h["old_grid"], h["new_grid"]) for h in answer["households"]}
    assert moved == {"H010": (A2, A1), "H012": (A2, A1)}
    assert answer["totals"] == {
        "added": 0,
        "removed": 0,
        "changed": 2,
        "renumbered": 0,
        "attributes": 0,
        "grids_before": 2,
        "grids_after": 2,
        "area_moved_m2": pytest.approx(land["area_m2"]),
        "households_moved": 2,
        "residents_moved": 6,
        "joint_villages": 0,
    }


def test_every_kind_of_change_has_its_name(draft):
    draft.edit(
        SPLIT,
        {"type": "set_attributes", "grid": A2, "attributes": {"name": "东片"}},
        MERGE_B,
    )
    assert told(draft.get("/difference")) == {
        A1: "changed",
        A2: "attributes",
        A3: "added",
        B1: "changed",
        B2: "removed",
    }
    draft.do("/undo")
    draft.do("/undo")
    draft.do("/undo")
    assert told(draft.get("/difference")) == {}


def test_locks_are_no_difference(draft):
    draft.edit(LOCK)
    assert told(draft.get("/difference")) == {}


def test_a_published_plan_still_tells_what_it_changed(draft):
    draft.edit(HALF)
    before = draft.get("/difference", households="true")
    after = draft.do("/publish", {"note": "保留"})
    assert after["state"] == "published"
    answer = draft.get("/difference", households="true")
    for name in ("totals", "grids", "land", "households"):
        assert answer[name] == before[name], name


def test_against_another_plan(own_client, draft):
    other = Draft.make(own_client)
    draft.edit(MERGE)
    other.edit(TRANSFER, MERGE_B)
    answer = draft.get("/difference", against=other.id)
    assert answer["against"] == other.id
    # A2 is merged here and smaller there; B2 is there and not here, so to say the other way round
    assert told(answer) == {A1: "changed", A2: "removed", B1: "changed", B2: "added"}
    back = other.get("/difference", against=draft.id)
    assert told(back) == {A1: "changed", A2: "added", B1: "changed", B2: "removed"}
    assert told(draft.get("/difference", against=draft.id)) == {}
    copy = Draft(own_client, own_client.post(f"{draft.path}/copy", json={"name": "副本"}).json())
    assert told(copy.get("/difference", against=draft.id)) == {}
    missing = own_client.get(
        f"{draft.path}/difference?against=3f2c8a52-0000-4000-8000-000000000000"
    )
    assert missing.status_code == 404


def test_as_one_map(draft):
    draft.edit(HALF)
    answer = draft.client.get(f"{draft.path}/difference.geojson", params={"households": "true"})
    assert answer.headers["content-type"].startswith("application/geo+json")
    collection = answer.json()
    layers = {}
    for feature in collection["features"]:
        layers.setdefault(feature["properties"]["layer"], []).append(feature)
    assert {layer: len(features) for layer, features in layers.items()} == {
        "grids": 2,
        "land": 1,
        "households": 2,
    }
    assert {f["geometry"]["type"] for f in layers["households"]} == {"Point"}
    assert collection["totals"]["households_moved"] == 2
    without = draft.client.get(f"{draft.path}/difference.geojson").json()
    assert {f["properties"]["layer"] for f in without["features"]} == {"grids", "land"}


def test_lines_that_changed_meanwhile_are_not_the_plans_doing(own_client, own_engine, tmp_path):
    """The difference is with the lines the plan was drawn upon, until it is rebased."""
    draft = Draft.make(own_client)
    draft.edit(MERGE_B)
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps(tiny.grids()).replace("第1网格", "新网格"))
    bring_in(own_engine, tmp_path, {"grids": path})
    assert told(draft.get("/difference")) == {B1: "changed", B2: "removed"}
    draft.do("/rebase")
    assert told(draft.get("/difference")) == {B1: "changed", B2: "removed"}
