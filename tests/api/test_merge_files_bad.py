"""Units that are wrong or strange: ``wangge merge`` reports every time and breaks no rule."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.api import county_files as files
from tests.api.test_merge_files import merge  # noqa: F401
from tests.api.test_service_files import home, wangge  # noqa: F401

CODES = list("abcd")


def row(shapes=None, people=(12, 50, 25, 60), codes=CODES, **columns):
    """Return four squares in a row, metres from the corner of the plain."""
    if shapes is None:
        shapes = shapely.box([0, 100, 200, 300], 0, [100, 200, 300, 400], 100)
    placed = [
        None if shape is None else shapely.affinity.translate(shape, files.X0, files.Y0)
        for shape in shapes
    ]
    table = {"code": list(codes), "hs": list(people), "town": "T1", **columns}
    return gpd.GeoDataFrame(table, geometry=placed, crs=files.ZONE)


def keys(found):
    return {problem["key"] for problem in found["problems"]}


def reasons(found):
    return {unit["code"]: unit["reason"]["key"] for unit in found["left"]}


def squares():
    return list(shapely.box([0, 100, 200, 300], 0, [100, 200, 300, 400], 100))


def check(found, out, frame, maximum=None, singles=()):
    """Hold the units that were written against the rules, from the file alone."""
    units = gpd.read_file(out, layer="units")
    assert len(units) == len(frame), "every row comes back"
    assert units["group"].notna().all()
    for group, own in units.groupby("group"):
        if len(own) == 1:
            continue
        assert own["code"].min() == group
        people = pd.to_numeric(own["hs"]).sum()
        assert people >= 30
        assert maximum is None or people <= maximum
        assert not set(own["code"]) & set(singles)
    for unit in found["left"]:
        assert unit["reason"]["zh"]
        assert unit["reason"]["en"]


def test_islands_and_corners_are_no_neighbours(merge):  # noqa: F811
    shapes = squares()
    shapes[1] = shapely.affinity.translate(shapes[1], 0, 100)  # meets the others in corners
    shapes[3] = shapely.affinity.translate(shapes[3], 900, 0)
    frame = row(shapes)
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert reasons(found) == {"a": "corner", "c": "corner"}
    check(found, out, frame, singles=CODES)


def test_a_short_border_is_no_contact(merge):  # noqa: F811
    shapes = squares()
    shapes[1] = shapely.affinity.translate(shapes[1], 0, 95)  # five metres in common
    _, found, _, _ = merge(row(shapes))
    assert reasons(found)["a"] == "corner"
    _, found, _, _ = merge(row(shapes), "--min-shared-border-m", 4)
    assert found["assignment"]["a"] == found["assignment"]["b"]


def test_units_in_several_parts(merge):  # noqa: F811
    shapes = squares()
    shapes[0] = shapely.MultiPolygon([shapes[0], shapely.box(0, 500, 50, 550)])
    frame = row(shapes, people=(12, 50, 35, 60))
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert found["assignment"]["a"] == found["assignment"]["b"]
    groups = gpd.read_file(out, layer="groups").set_index("group")
    assert groups.loc["a"].geometry.area == pytest.approx(22_500)
    check(found, out, frame)


def test_an_invalid_outline_is_repaired_and_told(merge):  # noqa: F811
    shapes = squares()
    shapes[0] = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])  # a bow tie
    frame = row(shapes)
    code, found, said, out = merge(frame, name="units.geojson")
    assert code == 0, said
    assert "merge_shape_repaired" in keys(found)
    assert "无效" in said
    check(found, out, frame)


def test_a_unit_without_a_shape_takes_no_part(merge):  # noqa: F811
    shapes = [*squares()[:2], None, shapely.Point(350, 50)]
    frame = row(shapes)
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert "merge_shape_missing" in keys(found)
    assert reasons(found)["c"] == "no_shape"
    check(found, out, frame, singles="cd")


def test_overlaps_and_gaps_are_contacts_and_told(merge):  # noqa: F811
    shapes = squares()
    shapes[0] = shapely.box(0, 0, 105, 100)  # five metres into b
    shapes[2] = shapely.box(200.4, 0, 299.6, 100)  # four decimetres from b and from d
    frame = row(shapes)
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert {"merge_units_overlap", "merge_borders_differ"} <= keys(found)
    assert found["left"] == []
    overlap = next(p for p in found["problems"] if p["key"] == "merge_units_overlap")
    lon, lat = np.array(overlap["geometry"]["coordinates"][0]).mean(axis=0)
    assert 107 < lon < 109
    assert 31 < lat < 33, "places are told in degrees"
    check(found, out, frame)


@pytest.mark.parametrize("value", [None, -3, 2.5, "x"])
def test_numbers_that_are_none(merge, value):  # noqa: F811
    people = pd.Series([12, value, 25, 60], dtype=object)
    frame = row(people=[str(v) if isinstance(value, str) else v for v in people])
    code, found, said, _ = merge(frame, "--population", "hs")
    assert code == 0, said
    assert "merge_people_faulty" in keys(found)
    assert found["counts"]["unknown"] == 1
    assert found["assignment"]["b"] == "b"
    assert reasons(found)["a"] == "people_unknown", "its only neighbour cannot be counted"


def test_nobody_lives_there(merge):  # noqa: F811
    frame = row(people=(0, 50, 0, 60))
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert found["counts"]["empty"] == 2
    assert found["counts_after"]["empty"] == 0
    check(found, out, frame)
    _, found, _, _ = merge(row(people=(0, 0, 0, 0)))
    assert set(reasons(found).values()) == {"too_few"}


def test_a_township_that_is_missing(merge):  # noqa: F811
    frame = row(town=["T1", None, "T1", "T1"])
    code, found, said, out = merge(frame, "--township", "town")
    assert code == 0, said
    assert "merge_zone_missing" in keys(found)
    assert found["assignment"]["b"] == "b"
    check(found, out, frame, singles="b")


def test_codes_used_twice(merge):  # noqa: F811
    frame = row(codes=["a", "b", "b", "d"])
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert "merge_code_duplicate" in keys(found)
    units = gpd.read_file(out, layer="units")
    assert len(units) == 4
    assert reasons(found)["a"] == "duplicate_code"
    assert found["groups"] == []


def test_nothing_is_feasible(merge):  # noqa: F811
    code, found, said, _ = merge(row(people=(1, 2, 3, 4)))
    assert code == 0, said
    assert set(reasons(found).values()) == {"too_few"}
    assert found["proved"]
    alone = row().iloc[:1]
    code, found, said, _ = merge(alone)
    assert code == 0, said
    assert reasons(found) == {"a": "isolated"}


def test_rules_that_contradict_each_other(merge):  # noqa: F811
    code, found, said, out = merge(row(), "--max", 20)
    assert code == 1
    assert "merge_sizes_contradict" in keys(found)
    assert "由小到大" in said
    assert set(reasons(found).values()) == {"rules"}
    assert out.exists(), "a report is made all the same"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("--population", "none"), "none"),
        (("--township", "none"), "none"),
        (("--id", "none"), "none"),
        (("--lock", "none"), "none"),
    ],
)
def test_a_column_that_is_not_there(merge, words, key):  # noqa: F811
    code, _, said, out = merge(row(), *words)
    assert code == 1
    assert key in said
    assert not out.exists()


def test_files_that_are_none(wangge, tmp_path):  # noqa: F811
    empty = row().iloc[:0]
    empty.to_file(tmp_path / "empty.gpkg")
    (tmp_path / "noise.gpkg").write_bytes(b"no geopackage at all")
    table = pd.DataFrame({"code": ["a"], "hs": [3]})
    table.to_csv(tmp_path / "table.csv", index=False)
    nameless = row().drop(columns="hs")
    nameless.to_file(tmp_path / "nameless.gpkg")
    for name in ("empty.gpkg", "noise.gpkg", "table.csv", "nameless.gpkg", "missing.gpkg"):
        out = tmp_path / "out.gpkg"
        code, text, said = wangge("merge", "--units", tmp_path / name, "--min", 30, "-o", out)
        assert code == 1, name
        assert said.strip()
        assert not text
        assert not out.exists()


def test_points_are_no_units(merge):  # noqa: F811
    frame = row([shapely.Point(x, 0) for x in (0, 100, 200, 300)])
    code, found, said, _ = merge(frame)
    assert code == 0, said
    assert set(found["assignment"].values()) == set(CODES)
    assert "merge_shape_missing" in keys(found)


def test_many_units_stacked_on_each_other(merge):  # noqa: F811
    frame = row([shapely.box(0, k, 100, 100 + k) for k in range(4)])
    code, found, said, out = merge(frame)
    assert code == 0, said
    assert "merge_units_overlap" in keys(found)
    check(found, out, frame)
