"""Codes of the field, and numbering west to east, north to south."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.codes import ancestors, area_type_of, canonical, check_code, level_of, number_grids
from geo.errors import FrameError
from tests.shared import shared_data


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        ("500229", "county", ()),
        ("500229001", "township", ("500229",)),
        ("500229001001", "village", ("500229001", "500229")),
        ("500229001001001", "grid", ("500229001001", "500229001", "500229")),
        ("500229001000", "township", ("500229",)),
        ("500229000000", "county", ()),
        ("5002290010010", None, ()),
        ("A-17", None, ()),
        ("", None, ()),
        ("５００２２９", None, ()),  # full width: digits to Python, not to SQL
    ],
)
def test_levels(code, level, above):
    assert level_of(code) == level
    assert ancestors(code) == above


def test_odd_codes_are_flagged_and_kept():
    assert check_code("500229001001", "village") is None
    assert check_code("500229", "county") is None
    odd = check_code("G-0001", "grid")
    assert (odd.key, odd.severity, odd.details["digits"]) == ("irregular_code", "warning", 15)
    assert "网格" in odd.sentence("zh")
    padded = check_code("500229001000", "township")
    assert padded.details["short"] == canonical("500229001000") == "500229001"
    assert check_code("500229001000", "village").key == "irregular_code"
    with pytest.raises(ValueError, match="no such level"):
        check_code("500229", "province")


def test_area_types():
    assert area_type_of("111") == area_type_of("122") == "urban"
    assert area_type_of("210") == "mountain"
    assert area_type_of("220", "rural_plain") == "rural_plain"
    assert area_type_of(None) == area_type_of("") == area_type_of(pd.NA) == "mountain"


def test_every_public_code_of_chengkou_is_regular():
    codes = pd.read_csv(shared_data("chengkou/divisions_2023.csv"), dtype=str)
    assert {level_of(c) for c in codes.village_code} == {"village"}
    assert {ancestors(c)[0] for c in codes.village_code} == set(codes.streetCode)
    assert codes.streetCode.nunique() == 25


def squares(cells, village="500229001001"):
    return geopandas.GeoDataFrame(
        {"village_code": village},
        geometry=[shapely.box(x, y, x + 1, y + 1) for x, y in cells],
        crs="EPSG:4545",
        index=[f"row{i}" for i in range(len(cells))],
    )


#   ┌───┬───┬───┐
#   │001│002│003│   north
#   ├───┼───┼───┤
#   │004│005│006│
#   ├───┼───┼───┤
#   │007│008│009│
#   └───┴───┴───┘
NINE = [(x, 2 - y) for y in range(3) for x in range(3)]


def test_west_to_east_north_to_south():
    frame = squares(NINE)
    expected = [f"{n:03d}" for n in range(1, 10)]
    assert number_grids(frame).tolist() == expected
    shuffled = frame.sample(frac=1, random_state=4)
    numbered = number_grids(shuffled)
    assert numbered.index.equals(shuffled.index)
    assert numbered.reindex(frame.index).tolist() == expected


def test_each_village_starts_at_one():
    both = pd.concat([squares([(0, 0), (1, 0)], "a"), squares([(9, 9)], "b")])
    assert number_grids(both).tolist() == ["001", "002", "001"]


def test_one_row_of_grids_and_one_grid():
    assert number_grids(squares([(2, 0), (0, 0), (1, 0)])).tolist() == ["003", "001", "002"]
    assert number_grids(squares([(0, 0)])).tolist() == ["001"]
    assert number_grids(squares([])).tolist() == []


def test_what_cannot_be_numbered():
    with pytest.raises(FrameError, match="1000 grids"):
        number_grids(squares([(x, 0) for x in range(1000)]))
    with pytest.raises(FrameError, match="village_code"):
        number_grids(squares(NINE).drop(columns="village_code"))
    frame = squares(NINE)
    frame.geometry = np.where(np.arange(9) == 4, None, frame.geometry)
    with pytest.raises(FrameError) as error:
        number_grids(frame)
    assert [p.row for p in error.value.problems] == [5]
