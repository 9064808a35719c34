"""Runs of radius and accessibility, and of every analysis along roads, on the tiny county."""

import pytest

from tests.api import tiny
from tests.api.test_imports import upload


def run(client, analysis, **parameters):
    asked = {"analysis": analysis, "parameters": parameters}
    answer = client.post("/api/runs", json=asked, params={"wait": 60})
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["state"] == "done", answer.json()["error"]
    return answer.json()["id"], client.get(f"/api/runs/{answer.json()['id']}/result").json()


def test_radius_of_the_nearest(client):
    _, found = run(client, "service_radius", standard_m=1500, share=0.5, weight="residents")
    centers = {center["code"]: center for center in found["centers"]}
    assert sum(center["people"] for center in centers.values()) == found["people"] == 48
    (center,) = centers.values()
    assert center["within"] == found["overlap"]["one"] == center["only_here"] == 24
    assert center["radius_50"] == center["radius"] <= 1500 < center["radius_100"]
    uniform = found["uniform"]
    assert uniform["radius"] == uniform["percentiles"]["0.5"] == center["radius"]
    assert uniform["attainable"] == 1
    assert sum(bar["people"] for bar in uniform["histogram"]) == 48
    assert uniform["histogram"][-1]["share"] == 1
    assert found["capacity"] is None


def test_radius_within_capacities(own_client):
    few = tiny.centers()
    few["features"][0]["properties"]["capacity"] = 20
    report = upload(own_client, "centers", few).json()
    own_client.post(f"/api/imports/{report['id']}/commit")
    identity, found = run(
        own_client, "service_radius", standard_m=1500, capacity=True, weight="residents"
    )
    assert found["problems"][0]["key"] == "capacity_in_households"
    limited = found["capacity"]
    assert (limited["assigned"], limited["overflow"], limited["proved"]) == (20, 28, True)
    assert limited["limit"] == 4500
    assert limited["reasons"]["full"] + limited["reasons"]["no_center"] == 28
    (center,) = found["centers"]
    assert (center["people"], center["capacity"], center["load"], center["over"]) == (20, 20, 1, 0)
    assert center["takes_in"]
    assert found["uniform"]["with_capacity"] is None
    assert found["uniform"]["attainable_with_capacity"] == pytest.approx(20 / 48)
    left_out = own_client.get(f"/api/runs/{identity}/layers/overflow").json()["features"]
    assert sum(feature["properties"]["people"] for feature in left_out) == 28
    (area,) = own_client.get(f"/api/runs/{identity}/layers/service_areas").json()["features"]
    assert area["properties"]["code"] == "C1"


def test_accessibility(client):
    _, found = run(client, "accessibility", standard_m=1500, supply="one", method="2sfca")
    assert found["mean"] == pytest.approx(1 / 48), "one center among all people"
    assert found["without"] == 24
    scores = {village["code"]: village["score"] for village in found["village"]}
    assert scores == {tiny.VILLAGES[0]: pytest.approx(1 / 24), tiny.VILLAGES[1]: 0}
    assert sum(grid["people"] for grid in found["grid"]) == 48
    assert found["unreached"] == []


ROADS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "R1", "road_class": "residential"},
            "geometry": {"type": "LineString", "coordinates": [[107.99, 31.006], [108.05, 31.006]]},
        }
    ],
}


def test_along_roads_it_is_farther_and_the_straight_line_alone_covers_nobody(own_client):
    report = upload(own_client, "roads", ROADS).json()
    own_client.post(f"/api/imports/{report['id']}/commit")
    _, straight = run(own_client, "service_gaps", standard_m=1500)
    _, road = run(own_client, "service_gaps", standard_m=1500, mode="road")
    assert road["served"] <= straight["served"] == 8
    assert straight["loaded"] == ["straight", "road"]
    for found in (straight, road):
        compared = found["comparison"]
        assert compared["based_on"] == "road"
        assert {m["mode"]: m["served"] for m in compared["modes"]} == {
            "straight": 8,
            "road": road["served"],
        }
        only = sum(village["straight_only"] for village in compared["villages"])
        assert only == 8 - road["served"]
    assert sum(road["states"][state]["households"] for state in road["states"]) == 16
    walked, _ = run(own_client, "service_radius", standard_min=20, mode="road")
    way = own_client.get(f"/api/runs/{walked}/way", params={"lon": 108.001, "lat": 31.004}).json()
    assert (way["state"], way["unit"]) == ("reached", "min")
    assert len(way["line"]["coordinates"]) > 2
    question = {"standard_min": 5, "mode": "road", "means": "drive", "supply": "one"}
    drive, _ = run(own_client, "accessibility", **question)
    assert drive
