"""Raw files with the faults of real deliveries, each listed, so that a check can be checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon

from data.sample.frame import STORE_CRS

_FAULTY_TOWNSHIP = "500229106"  # 修齐镇
_GBK_TOWNSHIP = "500229219"  # 岚天乡, one of the smallest
_BROKEN_ROW = 200
_SHIFT = np.array([0.0011, 0.0007])  # about 130 m
_FAR = np.array([0.31, 0.02])


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    ``kind`` says what is wrong; ``row`` is the 1-based data row; ``code`` the unit, if it
    has one; ``field`` the column, if one is to blame.
    """

    kind: str
    row: int | None
    code: str | None
    field: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def grids_with_faults(grids: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Damage seven grids in seven villages.

    Parameters
    ----------
    grids
        The county's grids, sorted by code, lon/lat.

    Returns
    -------
    The damaged copy (one row fewer: the gap) and the faults, in the order gap, overlap, bow_tie,
    duplicate_code, irregular_code, outside_village, wrong_winding.
    """
    table = grids.copy()
    shapes = table.geometry.to_numpy().copy()
    codes = table["code"].to_numpy(dtype=object).copy()
    victims = _victims(grids)
    gap, overlap, bow, twin, odd, away, wound = victims

    grown = shapely.union(shapes[overlap], _shifted_into(shapes[overlap]))
    shapes[overlap] = shapely.orient_polygons(shapely.set_precision(grown, 1e-9))
    shapes[bow] = _bow_tie(shapes[bow])
    original_twin = codes[twin]
    codes[twin] = codes[twin - 1]
    codes[odd] = f"{str(codes[odd])[:6]}-{str(codes[odd])[-3:]}A"
    shapes[away] = shapely.transform(shapes[away], lambda c: np.round(c + _FAR, 9))
    shapes[wound] = shapely.reverse(shapely.orient_polygons(shapes[wound]))

    table = gpd.GeoDataFrame(
        table.assign(code=codes).drop(columns="geometry"), geometry=shapes, crs=STORE_CRS
    )
    kept = np.delete(np.arange(len(table)), gap)
    rows = {int(at): row + 1 for row, at in enumerate(kept)}
    named = (
        ("overlap", overlap, codes[overlap], "geometry"),
        ("bow_tie", bow, codes[bow], "geometry"),
        ("duplicate_code", twin, original_twin, "code"),
        ("irregular_code", odd, codes[odd], "code"),
        ("outside_village", away, codes[away], "geometry"),
        ("wrong_winding", wound, codes[wound], "geometry"),
    )
    faults = [Fault("gap", None, str(codes[gap]))]
    faults += [Fault(kind, rows[at], str(code), field) for kind, at, code, field in named]
    return table.iloc[kept].reset_index(drop=True), faults


def _victims(grids: gpd.GeoDataFrame) -> list[int]:
    """Seven rows, each the third grid of a village far from the others in the list."""
    suffix = grids["code"].str[12:].to_numpy()
    place = grids.groupby("village_code")["code"].transform("size").to_numpy()
    usable = np.flatnonzero((suffix == "003") & (place >= 5) & (place <= 9))
    picked: list[int] = usable[np.linspace(4, len(usable) - 5, 7).astype(int)].tolist()
    return picked


def _shifted_into(shape: Polygon) -> Polygon:
    """Return the upper half of a grid, moved over the limit: some hectares too much."""
    west, south, east, north = shape.bounds
    upper = shape.intersection(shapely.box(west, (south + north) / 2, east, north))
    parts = [part for part in shapely.get_parts(upper) if part.geom_type == "Polygon"]
    largest = max(parts, key=lambda part: part.area)
    return shapely.transform(largest, lambda c: c + _SHIFT)


def _bow_tie(shape: Polygon) -> Polygon:
    """Swap two neighbouring vertices of the ring that make it cross itself."""
    ring = shapely.get_coordinates(shape.exterior)[:-1]
    for at in range(1, len(ring) - 2):
        twisted = ring.copy()
        twisted[[at, at + 1]] = twisted[[at + 1, at]]
        if not Polygon(twisted).is_valid:
            return Polygon(twisted)
    raise AssertionError("no vertex to twist")


def households_with_faults(table: pd.DataFrame) -> tuple[str, list[Fault]]:
    """Make a faulty CSV of the first 400 households of a town.

    Parameters
    ----------
    table
        Households as text columns lon, lat and the rest.

    Returns
    -------
    The text of the file and the faults: outside_county (2 rows), swapped_axes,
    not_a_number, negative_count, broken_row, duplicate_code; and the columns ``身份证号`` and
    ``联系电话``, whose numbers are made up and must be dropped.
    """
    sheet = table[table["natural_village_code"].str.startswith(_FAULTY_TOWNSHIP)].head(400).copy()
    sheet = sheet.astype(str).reset_index(drop=True)
    serial = np.arange(len(sheet))
    # 000000 is no division: nobody has such a number
    sheet["身份证号"] = [f"00000019{40 + n % 60:02d}0101{n:03d}X" for n in serial]
    sheet["联系电话"] = [f"1990000{n:04d}" for n in serial]
    cells = {column: sheet[column].tolist() for column in sheet.columns}
    faults = [
        Fault("personal_column", None, None, "身份证号"),
        Fault("personal_column", None, None, "联系电话"),
    ]

    def spoil(kind: str, row: int, **values: str) -> None:
        faults.append(Fault(kind, row, cells["code"][row - 1], next(iter(values))))
        for column, value in values.items():
            cells[column][row - 1] = value

    spoil("outside_county", 20, lon="106.551000000")
    spoil("outside_county", 21, lat="29.563000000")
    spoil("swapped_axes", 60, lon=cells["lat"][59], lat=cells["lon"][59])
    spoil("not_a_number", 90, lon="NaN")
    spoil("negative_count", 120, residents="-3")
    spoil("duplicate_code", 250, code=cells["code"][9])
    faults.append(Fault("broken_row", _BROKEN_ROW, cells["code"][_BROKEN_ROW - 1]))

    lines = pd.DataFrame(cells).to_csv(index=False, lineterminator="\n").splitlines()
    # a stray quote, and the fields after the third are lost
    lines[_BROKEN_ROW] = ",".join(lines[_BROKEN_ROW].split(",")[:3]) + ',城口县"修齐'
    return "\n".join(lines) + "\n", faults


def township_households(table: pd.DataFrame) -> pd.DataFrame:
    """Households of one small township under the Chinese headings of a county's own sheet."""
    rows = table[table["natural_village_code"].str.startswith(_GBK_TOWNSHIP)]
    headings = {
        "code": "户编号",
        "lon": "经度",
        "lat": "纬度",
        "address": "地址",
        "village_code": "所属村编码",
        "natural_village_code": "自然村编码",
        "residents": "常住人口",
        "registered": "户籍人口",
        "children": "0–14岁",
        "elderly": "60岁以上",
        "aged_80": "80岁以上",
    }
    return rows.rename(columns=headings)
