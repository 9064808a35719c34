"""A digest changes exactly when a number may."""

import re

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import to_store
from geo.indicators import (
    INDICATORS,
    REGISTRY_VERSION,
    People,
    content_key,
    content_keys,
    document,
    members_of,
    registry,
)
from geo.profiles import parse_profile
from geo.reach.straight import CenterIndex
from tests.geo.cells import drawn, points
from tests.geo.test_indicators import CENTERS, GRIDS, HOUSEHOLDS, PROFILE

TYPES = {"v": "mountain", "u": "urban"}


def keys(grids=GRIDS, households=HOUSEHOLDS, centers=CENTERS, profile=PROFILE, types=TYPES):
    people = People.of(households)
    member = members_of(grids, people)
    return content_keys(grids, people, member, CenterIndex(centers), profile, types)


def differing(found):
    return GRIDS.code[(found != keys()).to_numpy()].tolist()


def changed(frame, row, **values):
    copy = frame.copy()
    for name, value in values.items():
        copy.loc[row, name] = value
    return copy


def test_nothing_changed():
    assert differing(keys()) == []
    assert keys().name == "content"
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys())


def test_households_change_their_grid_only():
    assert differing(keys(households=changed(HOUSEHOLDS, 3, residents=9))) == ["b"]
    assert differing(keys(households=changed(HOUSEHOLDS, 3, aged_80=0))) == ["b"]
    assert differing(keys(households=changed(HOUSEHOLDS, 4, residents=9))) == []  # in no grid
    assert differing(keys(households=HOUSEHOLDS.iloc[1:])) == ["a"]
    moved = HOUSEHOLDS.copy()
    moved.geometry = [shapely.Point(p.x + 1e-9, p.y) for p in moved.geometry]
    assert differing(keys(households=moved)) == ["a", "b"]  # the one on the border went to b


def test_neither_order_nor_index_nor_missing_counts_matter():
    turned = HOUSEHOLDS.iloc[::-1].set_axis(list("edcba"))
    assert differing(keys(households=turned)) == []
    assert differing(keys(households=changed(HOUSEHOLDS, 1, registered=0))) == []


def test_a_household_on_a_border_follows_the_codes():
    """c and b changed codes: the household on the border of a and b stays with a."""
    assert differing(keys(grids=GRIDS.assign(code=["a", "c", "b"]))) == []
    assert differing(keys(grids=GRIDS.assign(code=["c", "b", "a"]))) == ["a", "b"]


def test_shapes_centers_rules():
    grids = GRIDS.copy()
    grids.loc[2, "geometry"] = shapely.segmentize(grids.geometry[2], 5e-4)
    assert differing(keys(grids=grids)) == ["c"]
    assert differing(keys(centers=CENTERS.iloc[:1])) == ["a", "b", "c"]
    renamed = CENTERS.assign(code=["k3", "k4"], level="station")
    assert differing(keys(centers=renamed)) == []
    assert differing(keys(types={"v": "mountain", "u": "rural_plain"})) == ["c"]
    rules = PROFILE.as_rules()
    rules["sizes"]["grid"]["urban"]["households"]["maximum"] = 8
    assert differing(keys(profile=parse_profile(rules))) == ["c"]
    assert differing(keys(profile=parse_profile(rules | {"version": 2}))) == ["c"]


def test_no_grids_no_people():
    assert keys(grids=GRIDS.iloc[:0]).empty
    nobody = keys(households=HOUSEHOLDS.iloc[:0])
    assert differing(nobody) == ["a", "b"]
    assert nobody.nunique() == 3


def test_parts_are_kept_apart():
    base = {"households": "ab", "centers": "c", "profile": "", "area_type": "urban"}
    other = {"households": "a", "centers": "bc", "profile": "", "area_type": "urban"}
    assert content_key(b"", **base) != content_key(b"", **other)
    assert content_key(b"", **base) != content_key(b"\0", **base)
    assert content_key(b"x", **base) == content_key(b"x", **base)


def test_versions_are_part_of_the_digest(monkeypatch):
    before = content_key(b"", households="", centers="", profile="", area_type="")
    monkeypatch.setattr("geo.indicators.content.REGISTRY_VERSION", "other")
    assert content_key(b"", households="", centers="", profile="", area_type="") != before


def test_every_indicator_says_all_of_itself():
    assert REGISTRY_VERSION in document()
    for key, item in INDICATORS.items():
        assert item.key == key
        assert item.version >= 1
        for text in (item.zh, item.en, item.meaning_zh, item.meaning_en):
            assert text
            assert f" {text} " in document()
        assert re.search("[\u4e00-\u9fff]", item.zh + item.meaning_zh)
        assert set(item.depends) <= {"shape", "households", "centers", "profile"}
        assert item.unit in registry._UNITS


@pytest.mark.parametrize("column", ["households", "area_m2", "center_p90_m"])
def test_sources_of_ratios_and_percentiles_are_named(column):
    assert INDICATORS["compactness"].source == "Polsby & Popper 1991"
    assert INDICATORS["reock"].source == "Reock 1961"
    assert column in document()


def test_the_digest_of_a_place_is_that_of_its_coordinates():
    """Two drawings of the same cells have the same digests, whatever else they carry."""
    again = to_store(drawn("abc").assign(village_code=["v", "v", "u"], name="x", id=[7, 8, 9]))
    assert differing(keys(grids=again)) == []
    near = to_store(points((0.9, 0.5), (9, 9), (9, 9)))
    assert pd.Index(keys(centers=near)).equals(pd.Index(keys()))
    assert CenterIndex(near).digest == CenterIndex(CENTERS).digest
    assert len(CenterIndex(near)) == 2
    assert np.isnan(CenterIndex(near.iloc[:0]).measure(np.zeros((2, 2)), 4545)).all()
