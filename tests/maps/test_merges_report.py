"""The report of merges: both languages with the same words, nothing of a file becomes markup."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import geopandas as gpd
import pytest
import shapely

from geo.crs import STORE_CRS
from maps.leaflet import LeafletAssets
from maps.merge_wording import WORDS
from maps.merges_report import make_merges_report
from maps.reports import write_report
from maps.service_report import Facts
from maps.wording import WORDS as SERVICE_WORDS

EVIL = "<script>alert(1)</script>"
NOTHING = gpd.GeoDataFrame({"code": [], "name": [], "level": []}, geometry=[], crs=STORE_CRS)


def reason(key="under", text="A has 3 households."):
    return {"key": key, "values": {}, "zh": f"{text}（中）", "en": text}


def result():
    unit = {
        **{"code": "A", "name": EVIL, "households": 3, "residents": None, "township": None},
        **{"village": None, "point": [108.0, 31.0]},
    }
    group = {
        **{"id": "A", "name": f"{EVIL}、B", "township": None, "village": None, "households": 40},
        **{"residents": None, "span": 950.4, "shared_border_m": 120.0, "seat": True},
        "members": [unit, {**unit, "code": "B", "name": "B"}],
        "why": reason(),
        "whys": [reason()],
        "runner_up": reason("lost_left", "Otherwise 1 more would stay under."),
    }
    sizes = {"households": 30, "residents": None}
    nothing = {"households": None, "residents": None}
    counts = {"below": 2, "within": 1, "above": 1, "empty": 0, "unknown": 0}
    parts = [{"cells": ["N1"], "names": [EVIL], "households": 60, "residents": None}]
    return {
        **{"unit": "grid", "unit_of_span": "m", "within": "village", "objective": "least_change"},
        "rules": {
            "mountain": {
                **{"minimum": sizes, "target": nothing, "maximum": nothing, "from_profile": True}
            }
        },
        "limits": {
            **{"max_units": 5, "max_span": None, "min_shared_border_m": 10.0},
            **{"mode": "straight", "means": "walk"},
        },
        **{"units": 4, "counts": counts, "counts_after": {**counts, "below": 1}, "proved": False},
        "histogram": {"measure": "households", "edges": [0, 50, 100], "before": [3, 1]}
        | {"after": [1, 1]},
        "levels": [
            {"name": name, "value": 1, "bound": None, "proved": False, "gap": None}
            for name in ("left", "healthy_touched", "touched", "travel", "balance")
        ],
        "townships": [
            {"code": "T", "name": EVIL, "units": 4, "below": 2, "left": 1, "groups": 1}
            | {"proved": False, "gap": None, "candidates": 9}
        ],
        "groups": [group],
        "left": [{**unit, "code": "C", "reason": reason("isolated", "It has no neighbour.")}],
        "above": [{**unit, "code": "D", "parts": parts, "reason": None}],
        "barriers": 2,
        "problems": [{"message": "one thing", "message_zh": "一件事"}],
    }


def page(language, found=None):
    facts = Facts(
        title=EVIL,
        made_at=datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=8))),
        data_version="1",
        mark="MARK",
        synthetic=False,
        villages=NOTHING,
        townships=NOTHING,
        centers=NOTHING,
        language=language,
        parameters={"apart": [["A", "B"]]},
        scope=None,
        plan=None,
        profile="P",
        source="S",
        travel_source="T",
    )
    boxes = shapely.box(
        [108.0, 108.01, 108.02, 108.03], 31.0, [108.01, 108.02, 108.03, 108.04], 31.01
    )
    units = gpd.GeoDataFrame(
        {
            "code": list("ABCD"),
            "name": [EVIL, "B", "C", "D"],
            "households": [3, 37, 1, 120],
            "residents": [None] * 4,
            "below": [True, False, True, False],
            "state": ["merged", "merged", "left", "above"],
        },
        geometry=boxes,
        crs=STORE_CRS,
    )
    groups = gpd.GeoDataFrame({"id": ["A"]}, geometry=[boxes[0].union(boxes[1])], crs=STORE_CRS)
    shown = result() if found is None else found
    report = make_merges_report(facts, shown, units, groups if shown["groups"] else groups[:0])
    return write_report(replace(report, leaflet=LeafletAssets("", "")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_every_part(language):
    html = page(language)
    words = WORDS[language]
    for name in ("group_list", "left_list", "above_list", "sizes", "levels", "by_township"):
        assert words[name] in html
    assert reason()[language] in html
    assert {"zh": "一件事", "en": "one thing"}[language] in html
    assert words["seat_mark"] in html
    assert words["merges_note"][:30] in html
    assert EVIL not in html
    assert page(language) == html
    for word in ("NaN", "None"):
        assert word not in html.split("<table", 1)[1].split("<script", 1)[0]


def test_both_languages_have_the_same_words():
    assert set(WORDS["zh"]) == set(WORDS["en"])
    assert all(text.strip() for words in WORDS.values() for text in words.values())
    for zh in WORDS["zh"].values():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
    assert set(SERVICE_WORDS["zh"]) == set(SERVICE_WORDS["en"])


def test_nothing_to_suggest_is_said():
    found = {**result(), "groups": [], "left": [], "above": []}
    facts_page = page("zh", found)
    assert WORDS["zh"]["no_groups"] in facts_page
