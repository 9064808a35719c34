"""The mailed report: complete, safe, the same bytes each time, and silent on the network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
from playwright.sync_api import sync_playwright
from shapely import Point, box

from geo.errors import GeoError
from maps.access_report import make_access_report
from maps.gaps_report import make_gaps_report
from maps.leaflet import LeafletAssets, load_leaflet
from maps.radius_report import make_radius_report
from maps.reports import write_report
from maps.service_report import Facts
from maps.wording import WORDS

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
HOSTILE = "</script><img src=x onerror=alert(1)>"


def frame(rows, geometry):
    return gpd.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4490")


STATES = ("served", "far", "unreachable", "off_network", "unlocated", "no_center")
ASKED = {"standard_m": None, "standard_min": None}


def unit(code, name, **numbers):
    return {"code": code, "name": name, **numbers}


def facts(**changed):
    given = Facts(
        title="城口县",
        made_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC),
        data_version="abc-12",
        mark="内部工作用图，不得公开",
        synthetic=True,
        villages=frame(
            {"name": ["河鱼村", HOSTILE]},
            [box(108.6, 31.9, 108.7, 32), box(108.7, 31.9, 108.8, 32)],
        ),
        townships=frame({"name": ["修齐镇"]}, [box(108.6, 31.9, 108.8, 32)]),
        centers=frame(
            {"code": ["C1"], "name": ["修齐镇中心"], "level": ["township"]}, [Point(108.69, 31.96)]
        ),
        language="zh",
        parameters=ASKED,
        scope=None,
        plan=None,
        profile="山区县",
        source="县规则",
        travel_source="托布勒 1993",
    )
    return replace(given, **changed)


def result(**numbers):
    nobody = {"households": 0, "residents": 0, "people": 0}
    return {
        "unit": "m",
        "level": "village",
        "mode": "road",
        "means": "walk",
        "measure": "distance",
        "weight": "residents",
        "standards": {"mountain": 2000.0},
        "households": 68000,
        "residents": 197497,
        "people": 197497,
        "states": {
            **dict.fromkeys(STATES, nobody),
            "served": {"households": 61000, "residents": 177397, "people": 177397},
            "unreachable": {"households": 7000, "residents": 20100, "people": 20100},
        },
        "problems": [{"message": "9 pieces of road", "message_zh": "道路分成 9 块"}],
        **numbers,
    }


GAP = {
    "children": None,
    "mean_cost": None,
    "extension_all": None,
    "excess": 0.0,
    "without_way": 0,
    "site": None,
}
GAPS = result(
    served=61000,
    share=61000 / 68000,
    unserved_households=7000,
    unserved_residents=20100,
    unserved_elderly=None,
    areas=[
        {
            **GAP,
            "rank": 1,
            "households": 120,
            "residents": 340,
            "people": 340,
            "elderly": 96,
            "area_m2": 2.5e6,
            "nearest_center": unit("C1", "河鱼村中心"),
            "nearest_cost": 2400.0,
            "farthest_cost": 3900.0,
            "extension_90": 1700.0,
            "villages": [unit("1", "河鱼村")],
        },
        {
            **GAP,
            "rank": 2,
            "households": 9,
            "residents": 21,
            "people": 21,
            "elderly": None,
            "area_m2": 4e5,
            "nearest_center": None,
            "nearest_cost": None,
            "farthest_cost": None,
            "extension_90": None,
            "villages": [unit("2", HOSTILE)],
        },
    ],
    shares={
        "township": [
            unit("1", "修齐镇", households=4000, served=3500, share=0.875),
            unit("2", "无户镇", households=0, served=0, share=None),
        ],
        "village": [unit("1", "河鱼村", households=400, served=100, share=0.25)],
    },
    comparison={
        "based_on": "road",
        "modes": [
            {"mode": "straight", "served": 64000, "residents_served": 180000, "share": 0.94},
            {"mode": "road", "served": 61000, "residents_served": 177397, "share": 0.897},
        ],
        "villages": [
            unit(
                "1",
                "河鱼村",
                households=400,
                straight_only=3000,
                straight_only_residents=8000,
                verdict="partly",
            )
        ],
    },
)
AREAS = frame({"rank": [1, 2]}, [box(108.6, 31.9, 108.65, 31.95), box(108.7, 31.9, 108.71, 31.91)])
REACH = frame({"area_type": ["mountain"]}, [box(108.65, 31.9, 108.7, 31.95)])
CENTER = unit(
    "C1",
    "修齐镇中心",
    level="township",
    people=900,
    radius_50=500.0,
    radius=1500.0,
    radius_100=None,
    mean_cost=700.0,
    within=800,
    only_here=30,
    capacity=600,
    load=1.5,
)
RADIUS = result(
    share=0.95,
    uniform={
        "radius": 1643.2,
        "attainable": 0.98,
        "percentiles": {"0.5": 429.0, "1": None},
        "with_capacity": 3112.0,
        "histogram": [{"from": 0.0, "to": 500.0, "people": 9000, "share": 0.4}],
    },
    centers=[CENTER],
    capacity={
        "limit": 6000.0,
        "assigned": 600,
        "overflow": 300,
        "reasons": {"full": 300, "closed": 0, "no_center": 0},
        "split": 1,
        "mean_cost": 700.0,
        "proved": True,
        "without_capacity": 0,
    },
)
ACCESS = result(
    method="e2sfca",
    supply="capacity",
    mean=0.98,
    without=5419,
    breaks=[0.1, 0.2, 0.3, 0.4],
    township=[unit("1", "修齐镇", households=4000, people=9000, score=0.25)],
    grid=[
        unit("G1", "第一网格", households=10, people=30, score=0.4),
        unit("G2", HOSTILE, households=0, people=0, score=None),
    ],
)
GRIDS = frame({"code": ["G1", "G2"]}, [box(108.6, 31.9, 108.7, 32), box(108.7, 31.9, 108.8, 32)])
MAKERS = {
    "gaps": lambda about: make_gaps_report(about, GAPS, AREAS, REACH),
    "radius": lambda about: make_radius_report(about, RADIUS, AREAS.assign(code="C1").iloc[:1]),
    "access": lambda about: make_access_report(about, ACCESS, GRIDS),
}


def write(kind, leaflet=None, **changed):
    leaflet = leaflet or LeafletAssets("/* leaflet */", ".leaflet-pane {}")
    return write_report(replace(MAKERS[kind](facts(**changed)), leaflet=leaflet))


SAID = {
    "gaps": (
        "68,000",
        "89.7 %",
        "2.50",
        "87.5 %",
        "2,400 米",
        "无路可达",
        "沿路步行",
        "3,000",
        "—",
    ),
    "radius": ("1,643 米", "3,112 米", "150.0 %", "已证明最优", "95.0 %", "98.0 %", "—"),
    "access": ("0.98", "5,419", "E2SFCA", "0.25", "≤ 0.1"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_report_says_what_it_was_given(kind):
    html = write(kind)
    for text in (
        "城口县",
        "SYNTHETIC",
        "内部工作用图",
        "abc-12",
        "道路分成 9 块",
        *SAID[kind],
    ):
        assert text in html, text


@pytest.mark.parametrize("kind", MAKERS)
def test_report_is_written_in_both_languages_with_the_same_words(kind):
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    html = write(kind, language="en")
    assert '<html lang="en">' in html
    assert WORDS["en"][f"{kind}_heading"] in html
    assert "9 pieces of road" in html


def test_a_standard_of_ones_own_has_no_source():
    assert "县规则" in write("gaps")
    own = write("gaps", parameters={**ASKED, "standard_m": 2000}, scope="修齐镇", plan="草案一")
    assert "县规则" not in own
    assert "草案一" in own


@pytest.mark.parametrize("kind", MAKERS)
def test_same_input_gives_the_same_bytes(kind):
    assert write(kind) == write(kind)


@pytest.mark.parametrize("kind", MAKERS)
def test_unknown_is_a_dash_never_nan(kind):
    html = write(kind)
    assert ">nan<" not in html
    assert ">None<" not in html


@pytest.mark.parametrize("kind", MAKERS)
def test_names_from_files_never_become_markup(kind):
    assert "<img" not in write(kind)


def test_empty_report_says_that_nobody_is_left_out():
    about = facts()
    nobody = {**GAPS, "areas": []}
    report = make_gaps_report(about, nobody, AREAS.iloc[:0], REACH.iloc[:0])
    html = write_report(replace(report, leaflet=LeafletAssets("", "")))
    assert WORDS["zh"]["no_gaps"] in html


# outlines of villages and townships, centers, and the report's own shapes
SHAPES = {"gaps": 2 + 1 + 1 + 3, "radius": 2 + 1 + 1 + 1, "access": 2 + 1 + 1 + 2}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_opens_in_a_browser_with_no_network(kind, language, tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_text(write(kind, leaflet=load_leaflet(), language=language), "utf-8")
    asked, errors = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("path.leaflet-interactive")
        shapes = page.locator("path.leaflet-interactive").count()
        page.screenshot(path=ARTIFACTS / f"report-{kind}-{language}.png", full_page=True)
        browser.close()
    assert not errors
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [url for url in asked if url.startswith("file:")] == [file.as_uri()]
    assert shapes == SHAPES[kind]


def test_unbuilt_web_map_is_a_problem_with_a_key(tmp_path: Path):
    with pytest.raises(GeoError) as caught:
        load_leaflet(tmp_path)
    assert caught.value.problems[0].key == "web_map_not_built"
