"""The raw files hold exactly the faults they list, and nothing else is touched."""

import csv
import io
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.sample.faults import grids_with_faults
from geo.codes import check_code

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="session")
def damaged(county):
    return grids_with_faults(county.grids)


@pytest.fixture(scope="session")
def fault(damaged):
    return {found.kind: found for found in damaged[1]}


def at(damaged, found):
    return damaged[0].iloc[found.row - 1]


def village_of(county, code):
    divisions = county.divisions
    return divisions.loc[divisions["code"] == code[:12], "geometry"].iloc[0]


def square_metres(shape):
    return gpd.GeoSeries([shape], crs=4490).to_crs(4545).area.iloc[0]


def test_seven_faults_in_seven_villages(damaged, fault):
    assert list(fault) == [
        "gap",
        "overlap",
        "bow_tie",
        "duplicate_code",
        "irregular_code",
        "outside_village",
        "wrong_winding",
    ]
    assert len(damaged[1]) == 7


def test_all_other_grids_are_untouched(county, damaged, fault):
    clean = county.grids[county.grids["code"] != fault["gap"].code].reset_index(drop=True)
    table = damaged[0]
    same_shape = np.array(
        [
            a.wkb == b.wkb
            for a, b in zip(table.geometry.to_numpy(), clean.geometry.to_numpy(), strict=True)
        ]
    )
    same_code = (table["code"] == clean["code"]).to_numpy()
    changed = np.flatnonzero(~(same_shape & same_code)) + 1
    assert set(changed) == {f.row for f in damaged[1] if f.row is not None}


def test_gap(county, damaged, fault):
    village = village_of(county, fault["gap"].code)
    rest = damaged[0][damaged[0]["village_code"] == fault["gap"].code[:12]]
    hole = village.difference(shapely.union_all(rest.geometry.to_numpy()))
    gone = county.grids.set_index("code").geometry[fault["gap"].code]
    assert hole.symmetric_difference(gone).area < gone.area * 1e-6


def test_overlap_of_some_hectares(damaged, fault):
    row = at(damaged, fault["overlap"])
    others = damaged[0].drop(index=row.name)
    others = others[others["code"] != fault["bow_tie"].code]
    over = shapely.intersection(row.geometry, shapely.union_all(others.geometry.to_numpy()))
    assert row.geometry.is_valid
    assert 1e4 < square_metres(over) < 100e4


def test_bow_tie(damaged, fault):
    assert not at(damaged, fault["bow_tie"]).geometry.is_valid
    assert shapely.is_valid(damaged[0].geometry.to_numpy()).sum() == len(damaged[0]) - 1


def test_codes(damaged, fault):
    codes = damaged[0]["code"]
    again = codes[codes.duplicated()]
    assert list(again.index + 1) == [fault["duplicate_code"].row]
    odd = [row + 1 for row, code in enumerate(codes) if check_code(code, "grid") is not None]
    assert odd == [fault["irregular_code"].row]


def test_outside_its_village(county, damaged, fault):
    row = at(damaged, fault["outside_village"])
    assert not row.geometry.intersects(village_of(county, row["code"]))


def test_winding_survives_the_file(files, damaged, fault):
    content = json.loads(files["raw_grids"].read_text(encoding="utf-8"))
    rings = [
        shapely.LinearRing(feature["geometry"]["coordinates"][0]) for feature in content["features"]
    ]
    wrong = [
        row
        for row, ring in enumerate(rings, start=1)
        if not ring.is_ccw and row != fault["bow_tie"].row
    ]
    assert wrong == [fault["wrong_winding"].row]


@pytest.fixture(scope="session")
def sheet(files):
    text = files["raw_households"].read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    return rows[0], rows[1:]


def test_households_have_the_listed_faults(files, sheet, county):
    listed = json.loads(files["faults"].read_text(encoding="utf-8"))["raw_households"]
    header, rows = sheet
    outline = county.divisions.geometry.iloc[0]
    lon, lat, code, residents = (header.index(n) for n in ("lon", "lat", "code", "residents"))
    found = [("personal_column", None, n) for n in header if n in ("身份证号", "联系电话")]
    seen = set()
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            found.append(("broken_row", number, None))
            continue
        place = float(row[lon]), float(row[lat])
        if row[lon] == "NaN":
            found.append(("not_a_number", number, "lon"))
        elif place[0] < place[1]:
            found.append(("swapped_axes", number, "lon"))
        elif not outline.contains(shapely.Point(place)):
            found.append(("outside_county", number, "lon" if place[0] < 107 else "lat"))
        if int(row[residents]) < 0:
            found.append(("negative_count", number, "residents"))
        if row[code] in seen:
            found.append(("duplicate_code", number, "code"))
        seen.add(row[code])
    expected = [(f["kind"], f["row"], f["field"]) for f in listed]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert len(rows) == 400
