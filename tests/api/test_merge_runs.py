"""Runs of merges on the tiny county: grids, settlements, villages; drafts, locks, decisions."""

import json

import pytest
import shapely

from tests.api import tiny
from tests.api.drafting import A1, A2, B1, B2, LOCK, SPLIT, Draft
from tests.api.test_imports import upload
from tests.api.test_run_tables import fetch, read_csv, sheets
from tests.api.test_service_runs import run

FIRST, SECOND = tiny.VILLAGES
# four grids of four households; two of them together have eight
SIX = {"minimum": {"households": 6}, "target": {}, "maximum": {"households": 20}}


def members(found):
    return [[member["code"] for member in group["members"]] for group in found["groups"]]


def start(client, status, plan=None, **parameters):
    asked = {"analysis": "merges", "parameters": parameters, "plan": plan}
    answer = client.post("/api/runs", json=asked, params={"wait": 60})
    assert answer.status_code == status, answer.text
    return answer.json()


def of_plan(client, draft, **parameters):
    done = start(client, 201, draft.id, **parameters)
    assert done["state"] == "done", done["error"]
    return done["id"], client.get(f"/api/runs/{done['id']}/result").json()


def commit(client, layer, content):
    report = upload(client, layer, content).json()
    answer = client.post(f"/api/imports/{report['id']}/commit")
    assert answer.status_code == 200, answer.text


def test_grids_below_the_minimum_are_joined_inside_their_village(client):
    identity, found = run(client, "merges", **SIX)
    assert members(found) == [[A1, A2], [B1, B2]]
    assert found["counts"] == {"below": 4, "within": 0, "above": 0, "empty": 0, "unknown": 0}
    assert found["counts_after"] == {"below": 0, "within": 2, "above": 0, "empty": 0, "unknown": 0}
    assert (found["proved"], found["left"], found["above"]) == (True, [], [])
    levels = {level["name"]: level for level in found["levels"]}
    assert list(levels) == ["left", "healthy_touched", "touched", "travel"]
    assert levels["touched"]["value"] == levels["touched"]["bound"] == 4
    (township,) = found["townships"]
    assert (township["name"], township["below"], township["left"]) == ("河东镇", 4, 0)
    group = found["groups"][0]
    assert group["households"] == 8
    assert group["residents"] == 24
    assert group["edit"] == {"type": "merge", "grids": [A1, A2], "keep": A1}
    assert group["why"]["key"] == "under"
    assert "第1网格" in group["why"]["zh"]
    assert group["runner_up"]["key"] == "lost_left"
    # nobody is a neighbour across the border of the village
    assert {reason["key"] for reason in group["others"]} == {"zone"}
    bars = found["histogram"]
    assert sum(bars["before"]) == 4
    assert sum(bars["after"]) == 2
    units = client.get(f"/api/runs/{identity}/layers/units").json()["features"]
    assert {u["properties"]["state"] for u in units} == {"merged"}
    assert {u["properties"]["group"] for u in units} == {A1, B1}
    groups = client.get(f"/api/runs/{identity}/layers/groups").json()["features"]
    outline = shapely.geometry.shape(groups[0]["geometry"])
    assert outline.bounds == (108.0, 31.0, 108.02, 31.02)


def test_without_sizes_the_rules_in_force_hold(client):
    _, found = run(client, "merges")
    (rules,) = found["rules"].values()
    assert rules["from_profile"]
    assert rules["minimum"]["households"] == 30
    # two grids of four cannot reach it: every unit left has its reason
    assert found["groups"] == []
    assert {unit["reason"]["key"] for unit in found["left"]} == {"too_few"}
    assert all(unit["reason"]["zh"] and unit["reason"]["en"] for unit in found["left"])


def test_area_types_have_rules_of_their_own(own_client):
    land = tiny.divisions()
    for feature in land["features"]:
        if feature["properties"]["code"] == SECOND:
            feature["properties"]["area_type"] = "urban"
    commit(own_client, "divisions", land)
    _, found = run(own_client, "merges", unit="grid", maximum={})
    assert {kind: rules["minimum"]["households"] for kind, rules in found["rules"].items()} == {
        "mountain": 30,
        "urban": 50,
    }
    limits = {unit["code"]: unit["reason"]["values"]["limit"] for unit in found["left"]}
    assert limits == {A1: 30, A2: 30, B1: 50, B2: 50}
    assert len(found["townships"]) == 1


def test_natural_villages_are_assigned_to_a_grid(client):
    _, found = run(client, "merges", **SIX, unit="natural_village")
    assert members(found) == [["N00", "N01"], ["N10", "N11"]]
    # counted where they live, though the layer says nothing of households
    assert found["groups"][0]["households"] == 8
    edit = found["groups"][0]["edit"]
    assert edit == {"type": "assign", "natural_villages": ["N01"], "to": A1}


def test_villages_become_a_joint_village(client):
    _, found = run(
        client, "merges", unit="village", minimum={"residents": 30}, maximum={"residents": 60}
    )
    assert members(found) == [[FIRST, SECOND]]
    assert found["groups"][0]["edit"] == {"type": "join_villages", "villages": [FIRST, SECOND]}
    assert found["histogram"]["measure"] == "residents"
    assert found["within"] == "township"


def test_decisions_are_kept_and_told(client):
    _, apart = run(client, "merges", **SIX, apart=[[A2, A1]])
    assert members(apart) == [[B1, B2]]
    assert [(unit["code"], unit["reason"]["key"]) for unit in apart["left"]] == [
        (A1, "apart"),
        (A2, "apart"),
    ]
    _, locked = run(client, "merges", **SIX, locked=[B1])
    assert {unit["code"]: unit["reason"]["key"] for unit in locked["left"]} == {
        B1: "locked",
        B2: "locked_around",
    }
    healthy = {"minimum": {"households": 2}, "target": {}, "maximum": {}}
    _, pinned = run(client, "merges", **healthy, pinned=[[A1, A2]])
    assert members(pinned) == [[A1, A2]]
    assert pinned["groups"][0]["pinned"]
    _, contradicted = run(client, "merges", **SIX, together=[[A1, B1], ["X", A1]])
    assert {p["key"] for p in contradicted["problems"]} >= {
        "merge_together_refused",
        "merge_unit_unknown",
    }


def test_a_river_without_a_bridge_parts_units(own_client):
    course = {"type": "LineString", "coordinates": [[108.01, 30.9], [108.01, 31.1]]}
    river = tiny.collection([tiny.feature(course, code="W1", kind="river")])
    commit(own_client, "barriers", river)
    _, found = run(own_client, "merges", **SIX)
    assert members(found) == [[B1, B2]]
    assert found["barriers"] == 1
    assert {unit["reason"]["key"] for unit in found["left"]} == {"barrier"}
    _, dry = run(own_client, "merges", **SIX, use_barriers=False)
    assert members(dry) == [[A1, A2], [B1, B2]]
    # a ladder of roads: wherever a household stands, one passes within the snap limit
    lines = [[[107.99, y], [108.05, y]] for y in (31.006, 31.014)]
    lines.append([[107.995, 31.0], [107.995, 31.02]])
    bridge = tiny.collection(
        [
            tiny.feature(
                {"type": "LineString", "coordinates": line}, code=f"R{k}", road_class="residential"
            )
            for k, line in enumerate(lines)
        ]
    )
    commit(own_client, "roads", bridge)
    _, crossed = run(own_client, "merges", **SIX)
    assert members(crossed) == [[A1, A2], [B1, B2]]
    _, by_road = run(own_client, "merges", **SIX, mode="road", max_span_min=60)
    assert by_road["unit_of_span"] == "min"
    # 955 m at 5 km/h and the ways to the road, or round by the west
    assert all(11 < group["span"] < 60 for group in by_road["groups"])
    assert members(by_road) == [[A1, A2], [B1, B2]]


def test_spans_bind(client):
    _, found = run(client, "merges", **SIX, max_span_m=500)
    assert found["groups"] == []
    assert {unit["reason"]["key"] for unit in found["left"]} == {"span"}
    _, minutes = run(client, "merges", **SIX, max_span_min=1)
    reason = minutes["left"][0]["reason"]
    assert "min" in reason["en"]
    assert "分钟" in reason["zh"]


def test_grids_above_the_maximum_are_split_along_natural_villages(own_client):
    """Both grids of the first village as one: its natural villages are the two halves again."""
    draft = Draft.make(own_client)
    draft.edit({"type": "merge", "grids": [A1, A2]})
    sizes = {"minimum": {"households": 2}, "target": {}, "maximum": {"households": 5}}
    _, found = of_plan(own_client, draft, **sizes)
    assert found["counts"]["above"] == 1
    (unit,) = found["above"]
    assert [part["cells"] for part in unit["parts"]] == [["N00"], ["N01"]]
    assert [part["households"] for part in unit["parts"]] == [4, 4]
    assert unit["parts"][0]["names"] == ["张家湾"]
    assert unit["reason"] is None
    (edit,) = unit["edits"]
    done = draft.edit(edit)
    assert sorted(grid["households"] for grid in done["changed"]) == [4, 4]
    assert len(done["created"]) == 1


def test_grids_of_a_big_grid_stay_in_it(own_client):
    """The second grid of the first village becomes part of a big grid, the first does not."""
    lines = tiny.grids()
    for feature in lines["features"]:
        if feature["properties"]["code"] == A2:
            feature["properties"]["parent_code"] = f"{FIRST}900"
    big = {**tiny.grids()["features"][1], "properties": {"code": f"{FIRST}900", "name": "大网格"}}
    commit(own_client, "grids", tiny.collection([*lines["features"], big]))
    _, found = run(own_client, "merges", **SIX)
    assert members(found) == [[B1, B2]]
    assert found["units"] == 4
    assert {unit["code"]: unit["village"]["name"] for unit in found["left"]} == {
        A1: "上河村",
        A2: "上河村",
    }


def test_a_draft_is_asked_with_its_locks(own_client):
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    _, found = of_plan(own_client, draft, **SIX)
    assert [len(group["members"]) for group in found["groups"]] == [3, 2]
    assert found["counts"]["below"] == 5
    draft.edit(LOCK)
    _, locked = of_plan(own_client, draft, **SIX)
    assert {unit["code"]: unit["reason"]["key"] for unit in locked["left"]}[A2] == "locked"
    edit = found["groups"][1]["edit"]
    done = draft.edit(edit)
    assert done["removed"] == [B2]


def test_what_is_asked_wrongly_is_refused_before_it_waits(client):
    for parameters, key in (
        ({"unit": "village"}, "merge_without_minimum"),
        (
            {"minimum": {"households": 50}, "maximum": {"households": 40}},
            "merge_sizes_contradict",
        ),
        ({"within": "township"}, "invalid_body"),
        ({"max_units": 1}, "invalid_body"),
        ({"max_span_m": 5, "max_span_min": 5}, "invalid_body"),
        ({"means": "drive"}, "invalid_body"),
        ({"mode": "terrain"}, "invalid_body"),
        ({"together": [["a"]]}, "invalid_body"),
    ):
        answer = client.post("/api/runs", json={"analysis": "merges", "parameters": parameters})
        assert answer.status_code == 422, parameters
        assert answer.json()["error"]["key"] == key


def test_the_same_question_has_one_way_to_be_put(client):
    one = start(client, 201, **SIX, apart=[[B2, B1], [A1, A2]], locked=[A2, A1])
    other = start(client, 200, **SIX, apart=[[A2, A1], [B1, B2], [A1, A2]], locked=[A1, A2])
    assert one["id"] == other["id"]


def test_counts_for_sliders(own_client):
    def count(**asked):
        answer = own_client.get("/api/merges/counts", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    found = count(minimum_households=6, maximum_households=7)
    assert (found["below"], found["within"], found["above"], found["empty"]) == (4, 0, 0, 0)
    assert sum(found["histogram"]["counts"]) == found["units"] == 4
    assert found["codes"] == {"below": [A1, A2, B1, B2], "above": []}
    assert count(minimum_households=1, maximum_households=3)["above"] == 4
    # rules that know a maximum are told to leave it out
    asked = {"minimum_households": 1, "minimum_residents": 1}
    assert count(**asked)["rules"]["all"]["maximum"]["households"] is not None
    free = count(**asked, no_maximum=True)
    assert free["rules"]["all"]["maximum"] == {"households": None, "residents": None}
    assert free["above"] == 0
    assert count(maximum_households=3, no_maximum=True)["above"] == 0
    # a slider on its way may stand above the other one
    assert count(minimum_households=9, maximum_households=3)["above"] == 4
    assert count(unit="village", minimum_residents=25)["below"] == 2
    assert count(scope=FIRST)["units"] == 2
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    assert count(plan=draft.id, minimum_households=3)["below"] == 2
    draft.do("/undo")
    assert count(plan=draft.id, minimum_households=3)["below"] == 0
    assert own_client.get("/api/merges/counts?unit=village").status_code == 422
    unknown = "00000000-0000-0000-0000-000000000000"
    assert own_client.get(f"/api/merges/counts?plan={unknown}").status_code == 404


def test_tables(client, tmp_path):
    identity, _ = run(client, "merges", **SIX, locked=[B1])
    (row,) = read_csv(fetch(client, identity, "groups.csv"))
    assert row["members"] == f"{A1};{A2}"
    assert row["township_name"] == "河东镇"
    assert "第1网格" in row["why_zh"]
    assert row["next_en"]
    (feature,) = fetch(client, identity, "groups.geojson").json()["features"]
    assert feature["geometry"]["type"] == "Polygon"
    units = read_csv(fetch(client, identity, "units.csv"))
    assert {unit["code"]: unit["state"] for unit in units} == {
        **{A1: "merged", A2: "merged"},
        **{B1: "locked", B2: "left"},
    }
    left = read_csv(fetch(client, identity, "left.csv"))
    assert [unit["code"] for unit in left] == [B1, B2]
    book = sheets(fetch(client, identity, "left.xlsx", language="zh"), tmp_path)
    assert list(book) == ["仍不到下限", "参数"]
    about = dict(book["参数"].to_numpy().tolist())
    assert about["下限(户)"] == "6"
    assert about["参数 locked"] == B1
    for name in ("above", "townships", "levels", "sizes"):
        assert fetch(client, identity, f"{name}.csv").content
        for language in ("zh", "en"):
            assert len(sheets(fetch(client, identity, f"{name}.xlsx", language=language), tmp_path))
    levels = read_csv(fetch(client, identity, "levels.csv"))
    assert levels[0]["term"] == "left"
    sizes = read_csv(fetch(client, identity, "sizes.csv"))
    assert sum(int(bar["before"]) for bar in sizes) == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_why(client, language):
    identity, found = run(client, "merges", **SIX, locked=[B1])
    page = client.get(f"/api/runs/{identity}/report.html", params={"language": language}).text
    for reason in (found["groups"][0]["why"], found["left"][0]["reason"]):
        assert reason[language] in page
    assert "leaflet" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    word = {"zh": "已证明最优", "en": "Proved optimal"}[language]
    assert word in page
    again = client.get(f"/api/runs/{identity}/report.html", params={"language": language}).text
    assert page == again


def test_every_result_is_plain_json(client):
    _, found = run(client, "merges", **SIX)
    assert "NaN" not in json.dumps(found)
