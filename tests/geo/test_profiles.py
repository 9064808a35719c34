"""Rule sets: the shipped ones, and everything wrong with a bad one at once."""

import copy
import json
import pickle
from pathlib import Path

import pytest

from geo.errors import ProfileError
from geo.profiles import SizeRule, parse_profile
from geo.travel import Travel

FOLDER = Path(__file__).parents[2] / "data" / "profiles"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_shipped_profiles(path):
    profile = parse_profile(json.loads(path.read_text(encoding="utf-8")))
    assert profile.name == path.stem
    assert parse_profile(profile.as_rules()) == profile
    assert json.loads(json.dumps(profile.as_rules())) == profile.as_rules()
    assert pickle.loads(pickle.dumps(profile)) == profile
    for area_type in ("urban", "rural_plain", "mountain"):
        for level in ("big_grid", "grid", "micro_grid"):
            assert profile.size_rule(area_type, level=level) is not None
            assert profile.sizes[level][area_type].source
        for level in ("county", "township", "village", "station"):
            assert profile.standard_m(level, area_type) > 0
            assert profile.standards[level][area_type].source


def test_the_default_fits_the_county_it_is_for():
    profile = parse_profile(json.loads((FOLDER / "mountain-county.json").read_text("utf-8")))
    assert profile.size_rule("mountain") == SizeRule(30, 60, 100)
    assert profile.size_rule("mountain").status(54) == "within"
    assert profile.rural_default == "mountain"


def test_status_is_inclusive():
    rule = SizeRule(30, 60, 100)
    counts = (0, 1, 29, 30, 100, 101)
    assert [rule.status(n) for n in counts] == [
        "empty", "below", "below", "within", "within", "above",
    ]  # fmt: skip


def paths_refused(rules):
    with pytest.raises(ProfileError) as error:
        parse_profile(rules)
    return [p.details["path"] for p in error.value.problems]


GOOD = {
    "name": "x",
    "sizes": {"grid": {"urban": {"households": {"minimum": 1, "target": 2, "maximum": 3}}}},
    "standards": {"village": {"urban": {"distance_m": 1000}}},
}


def changed(path, value):
    rules = copy.deepcopy(GOOD)
    *parents, last = path.split(".")
    part = rules
    for name in parents:
        part = part[name]
    part[last] = value
    return rules


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("name", "", "name"),
        ("name", 7, "name"),
        ("version", 0, "version"),
        ("version", True, "version"),
        ("rural_default", "urban", "rural_default"),
        ("sizes", [], "sizes"),
        ("sizes.cell", {}, "sizes.cell"),
        ("sizes.grid.city", {}, "sizes.grid.city"),
        ("sizes.grid.urban", 5, "sizes.grid.urban"),
        ("sizes.grid.urban.houses", {}, "sizes.grid.urban.houses"),
        ("sizes.grid.urban.households.maximum", 1, "sizes.grid.urban.households"),
        ("sizes.grid.urban.households.minimum", -1, "sizes.grid.urban.households"),
        ("sizes.grid.urban.households.minimum", 1.5, "sizes.grid.urban.households"),
        ("sizes.grid.urban.households.best", 5, "sizes.grid.urban.households.best"),
        ("standards.village.urban.distance_m", 0, "standards.village.urban.distance_m"),
        ("standards.village.urban.distance_m", "2 km", "standards.village.urban.distance_m"),
        ("standards.village.urban.distance_m", float("nan"), "standards.village.urban.distance_m"),
        ("colour", "red", "colour"),
    ],
)
def test_a_wrong_entry_is_named(path, value, refused):
    assert parse_profile(GOOD).standard_m("village", "urban") == 1000
    assert paths_refused(changed(path, value)) == [refused]


def test_all_problems_at_once():
    assert paths_refused({"version": 0, "sizes": 3, "standards": {"moon": {}}}) == [
        "name",
        "version",
        "sizes",
        "standards.moon",
    ]
    assert paths_refused([]) == ["rules", "name"]


def test_a_missing_rule_is_named():
    profile = parse_profile(GOOD)
    assert profile.size_rule("mountain") is None
    assert profile.size_rule("urban", of="residents") is None
    with pytest.raises(ProfileError, match=r"standards\.village\.mountain\.distance_m"):
        profile.standard_m("village", "mountain")


def test_how_people_travel_is_a_rule():
    slow = parse_profile({**GOOD, "travel": {"walk_kmh": 4, "drive_kmh": {"track": 10}}}).travel
    assert (slow.walk_kmh, slow.snap_limit_m, dict(slow.drive_kmh)) == (4, 500, {"track": 10})
    assert parse_profile(GOOD).travel == Travel()
    for bad in ({"walk": 4}, {"off_path": 0}, {"drive_kmh": {"track": "fast"}}, {"drive_kmh": 3}):
        with pytest.raises(ProfileError):
            parse_profile({**GOOD, "travel": bad})
