"""The real frame of the sample county: outline, divisions, known places, census numbers.

Read from the small fact files in ``facts/``; their sources and licences are in
``facts/SOURCES.md``. Everything else of the sample is invented from these.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

STORE_CRS = "EPSG:4490"
METRIC_CRS = "EPSG:4545"  # CGCS2000, 3-degree zone, central meridian 108 E: the zone of 108.7 E

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Census:
    """Totals of the 2020 census; shares are of residents unless the name says otherwise."""

    residents: int
    residents_per_household: float
    share_in_family_households: float
    urban_share: float
    share_children: float
    share_elderly: float
    share_aged_80: float

    @property
    def family_residents(self) -> int:
        """Residents of family households; the others live in dormitories, homes and camps."""
        return round(self.residents * self.share_in_family_households)

    @property
    def family_households(self) -> int:
        """Family households: family residents by the mean household size."""
        return round(self.family_residents / self.residents_per_household)


@dataclass(frozen=True)
class CountyFrame:
    """What is real.

    ``outline`` is the closed ring (lon, lat); ``divisions`` has code, level, name,
    urban_rural_class and, where known, x and y in :data:`METRIC_CRS`; ``census`` the totals.
    """

    code: str
    name: str
    outline: FloatArray
    townships: pd.DataFrame
    villages: pd.DataFrame
    census: Census


def read_frame() -> CountyFrame:
    """Read the fact files that ship with the package.

    Examples
    --------
    >>> frame = read_frame()
    >>> frame.name, len(frame.townships), len(frame.villages), frame.census.residents
    ('城口县', 25, 204, 197497)
    """
    folder = files("data.sample") / "facts"
    outline = json.loads((folder / "outline.geojson").read_text(encoding="utf-8"))
    ring = np.asarray(outline["geometry"]["coordinates"][0], dtype=np.float64)

    with (folder / "divisions.csv").open(encoding="utf-8") as file:
        divisions = pd.read_csv(file, dtype=str)
    with (folder / "places_2016.csv").open(encoding="utf-8") as file:
        places = pd.read_csv(
            file, dtype={"code": str, "urban_rural_class": str, "lon": float, "lat": float}
        )
    table = divisions.merge(places, on="code", how="left", validate="one_to_one")
    x, y = to_metric(table["lon"].to_numpy(), table["lat"].to_numpy())
    table["x"] = np.where(np.isfinite(x), x, np.nan)
    table["y"] = np.where(np.isfinite(y), y, np.nan)
    county = table[table["level"] == "county"].iloc[0]
    return CountyFrame(
        code=str(county["code"]),
        name=str(county["name"]),
        outline=ring,
        townships=table[table["level"] == "township"].reset_index(drop=True),
        villages=table[table["level"] == "village"].reset_index(drop=True),
        census=_read_census((folder / "census_2020.json").read_text(encoding="utf-8")),
    )


def _read_census(text: str) -> Census:
    facts = json.loads(text)
    ages = facts["age_shares"]
    return Census(
        residents=facts["residents"],
        residents_per_household=facts["residents_per_household"],
        share_in_family_households=facts["share_in_family_households"],
        urban_share=facts["urban_share"],
        share_children=ages["0-14"],
        share_elderly=sum(share for band, share in ages.items() if band != "0-14"),
        share_aged_80=ages["80-84"] + ages["85+"],
    )


def to_metric(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Degrees to metres of :data:`METRIC_CRS`."""
    x, y = _transformer(STORE_CRS, METRIC_CRS).transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def to_lattice_degrees(x: FloatArray, y: FloatArray) -> FloatArray:
    """Metres of :data:`METRIC_CRS` to (n, 2) lon, lat rounded to the 1e-9 degree lattice."""
    lon, lat = _transformer(METRIC_CRS, STORE_CRS).transform(x, y)
    return np.round(np.column_stack([lon, lat]), 9)


def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
