"""The mailed report: complete, safe, the same bytes each time, and silent on the network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import sync_playwright
from shapely import Point, box

from geo.errors import GeoError
from maps.leaflet import LeafletAssets, load_leaflet
from maps.reports import GapsReport, write_gaps_report
from maps.wording import WORDS

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
HOSTILE = "</script><img src=x onerror=alert(1)>"


def frame(rows, geometry):
    return gpd.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4490")


@pytest.fixture
def report():
    return GapsReport(
        title="城口县",
        made_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC),
        data_version="abc-12",
        mark="内部工作用图，不得公开",
        synthetic=True,
        parameters=[("服务标准", "山区 2,000 m（县规则）")],
        totals={
            "households": 68000,
            "served": 61000,
            "unserved_households": 7000,
            "residents": 197497,
            "unserved_residents": 20100,
            "unserved_elderly": 4200,
        },
        areas=frame(
            {
                "rank": [1, 2],
                "households": [120, 9],
                "residents": [340, 21],
                "elderly": [96, 7],
                "area_m2": [2.5e6, 4e5],
                "nearest_center": ["河鱼村中心", None],
                "nearest_distance_m": [2400.0, float("nan")],
                "farthest_household_m": [3900.0, float("nan")],
                "villages": ["河鱼村", HOSTILE],
            },
            [box(108.6, 31.9, 108.65, 31.95), box(108.7, 31.9, 108.71, 31.91)],
        ),
        shares=pd.DataFrame(
            {
                "name": ["修齐镇", "无户镇"],
                "households": [4000, 0],
                "served": [3500, 0],
                "share": [0.875, float("nan")],
            }
        ),
        villages=frame(
            {"name": ["河鱼村", HOSTILE]},
            [box(108.6, 31.9, 108.7, 32), box(108.7, 31.9, 108.8, 32)],
        ),
        townships=frame({"name": ["修齐镇"]}, [box(108.6, 31.9, 108.8, 32)]),
        centers=frame({"name": ["修齐镇中心"], "level": ["township"]}, [Point(108.69, 31.96)]),
        leaflet=LeafletAssets("/* leaflet */", ".leaflet-pane {}"),
    )


def test_report_says_what_it_was_given(report):
    html = write_gaps_report(report)
    for text in (
        "城口县",
        "SYNTHETIC",
        "内部工作用图",
        "abc-12",
        "68,000",
        "89.7 %",
        "2.50",
        "87.5 %",
        "—",
    ):
        assert text in html


def test_report_is_written_in_both_languages_with_the_same_words(report):
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    html = write_gaps_report(replace(report, language="en"))
    assert '<html lang="en">' in html
    assert "Service gaps of party-masses service centers" in html


def test_same_input_gives_the_same_bytes(report):
    assert write_gaps_report(report) == write_gaps_report(report)


def test_unknown_is_a_dash_never_nan(report):
    assert ">nan<" not in write_gaps_report(report)


def test_names_from_files_never_become_markup(report):
    assert "<img" not in write_gaps_report(report)


def test_empty_report_says_that_nobody_is_left_out(report):
    empty = replace(report, areas=report.areas.iloc[:0], shares=report.shares.iloc[:0])
    assert WORDS["zh"]["no_gaps"] in write_gaps_report(empty)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_opens_in_a_browser_with_no_network(report, language, tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_text(
        write_gaps_report(replace(report, language=language, leaflet=load_leaflet())), "utf-8"
    )
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
        page.screenshot(path=ARTIFACTS / f"report-{language}.png", full_page=True)
        browser.close()
    assert not errors
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [url for url in asked if url.startswith("file:")] == [file.as_uri()]
    assert shapes == 2 + 1 + 2 + 1  # villages, township, areas, center


def test_unbuilt_web_map_is_a_problem_with_a_key(tmp_path: Path):
    with pytest.raises(GeoError) as caught:
        load_leaflet(tmp_path)
    assert caught.value.problems[0].key == "web_map_not_built"
