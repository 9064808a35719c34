"""Service gaps as JSON and as layers: what a run stores, and what ``wangge gaps`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import shapely

from api.services.geojson import write_features
from api.services.shapes import Json, plain, shape_box
from geo.service.gaps import ServiceGaps

UNSERVED = (
    "residents",
    "elderly",
    "village_code",
    "nearest_center",
    "distance_m",
    "standard_m",
    "area_rank",
)


def shape_gaps(
    found: ServiceGaps, *, names: Mapping[str, str], center_names: Mapping[str, str]
) -> Json:
    """Return the numbers, the ranked areas and the shares."""
    unserved = found.unserved
    return {
        "households": len(found.homes),
        "served": found.served,
        "share": found.served / len(found.homes) if len(found.homes) else None,
        "residents": int(found.states["residents"].sum()),
        "unserved_households": len(unserved),
        "unserved_residents": _sum(unserved["residents"]) or 0,
        "unserved_elderly": _sum(unserved["elderly"]) if "elderly" in unserved else None,
        "standards": {
            str(kind): float(metres) for kind, metres in found.question.standards.items()
        },
        "areas": [_area(row, names, center_names) for _, row in found.areas.iterrows()],
        "shares": _shares(found.shares, names),
    }


def _sum(column: pd.Series) -> int | None:
    """Return the sum of what is known, None when nothing is."""
    known = column.dropna()
    return int(known.sum()) if len(known) or not len(column) else None


def _named(code: Any, names: Mapping[str, str]) -> Json | None:  # noqa: ANN401
    value = plain(code)
    return None if value in (None, "") else {"code": str(value), "name": names.get(value) or ""}


def _area(row: pd.Series, names: Mapping[str, str], center_names: Mapping[str, str]) -> Json:
    point = shapely.point_on_surface(row.geometry)
    return {
        "rank": int(row["rank"]),
        "households": int(row["households"]),
        "residents": int(row["residents"]),
        "elderly": plain(row["elderly"]),
        "area_m2": float(row["area_m2"]),
        "nearest_center": _named(row["nearest_center"], center_names),
        "nearest_distance_m": plain(row["nearest_cost"]),
        "farthest_household_m": plain(row["farthest_cost"]),
        "villages": [_named(code, names) for code in row["villages"]],
        "bbox": shape_box(row.geometry.bounds),
        "point": [round(point.x, 9), round(point.y, 9)],
    }


def _shares(shares: pd.DataFrame, names: Mapping[str, str]) -> Json:
    out: Json = {"grid": [], "township": [], "village": [], "area_type": []}
    for row in shares.to_dict("records"):
        out[row["by"]].append(
            {
                "code": str(row["code"]),
                "name": names.get(row["code"]) or "",
                "households": int(row["households"]),
                "served": int(row["served"]),
                "share": plain(row["share"]),
            }
        )
    return out


def write_areas(found: ServiceGaps, extra: Mapping[str, Any] | None = None) -> str:
    """Return the gap areas as GeoJSON, ranked."""
    return write_features(found.areas, extra)


def write_unserved(found: ServiceGaps, extra: Mapping[str, Any] | None = None) -> str:
    """Return the households beyond every center as GeoJSON: counts only, no addresses."""
    unserved = found.unserved.rename(columns={"cost": "distance_m", "standard": "standard_m"})
    kept = [name for name in UNSERVED if name in unserved]
    return write_features(unserved[[*kept, unserved.geometry.name]], extra)
