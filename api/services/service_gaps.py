"""The analysis ``service_gaps``: who is beyond the standard of every center, and where."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.schemas_runs import ServiceParameters
from api.services.asking import (
    Asked,
    ask,
    in_unit,
    in_units,
    name_unit,
    names_of_centers,
    names_of_grids,
    shape_question,
)
from api.services.geojson import write_features
from api.services.ground import Ground, Tell
from api.services.shapes import Json, plain, shape_box
from geo.crs import STORE_CRS, to_lattice
from geo.indicators import counts_of
from geo.reach.matrix import Measure
from geo.service.compare import Comparison, compare_modes
from geo.service.gaps import ServiceGaps, measure_service
from geo.shapes import repair

Counts = NDArray[np.int64]
# Of the households left out: counts and ways, never addresses.
UNSERVED = ("residents", "elderly", "village_code", "nearest_center", "status", "area_rank")
COSTS = (
    "nearest_cost",
    "farthest_cost",
    "mean_cost",
    "extension_90",
    "extension_all",
    "excess",
)


def answer(ground: Ground, parameters: Json, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers and the layers of a run."""
    tell(0.05, "reading")
    asked = ask(ground, parameters)
    return answer_asked(asked, tell)


def answer_asked(asked: Asked, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers and the layers of a question."""
    found, compared = measure(asked, tell)
    layers = {
        "areas": write_areas(found),
        "unserved": write_unserved(found),
        "reach": write_features(draw_reach(found)),
    }
    return shape_result(asked, found, compared), layers


def measure(asked: Asked, tell: Tell) -> tuple[ServiceGaps, Comparison]:
    """Find the gaps, and what the other ways of going say of them."""
    tell(0.2, "reach")
    near = asked.nearest()
    tell(0.4, "drawing")
    found = measure_service(asked.question, asked.ways, near=near)
    tell(0.7, "comparing")
    return found, compare(asked)


def compare(asked: Asked) -> Comparison:
    """Put the same question to every way that is loaded and fit for its standard."""
    ways = [asked.ways, *(asked.go(mode) for mode in asked.others())]
    nears = {each.mode: asked.nearest_by(each) for each in ways}
    return compare_modes(asked.question, nears=nears)


def gather(ground: Ground) -> None:
    """Have on the shelf what the usual question needs: the county, its land, every way there."""
    asked = ask(ground, ServiceParameters().model_dump())
    compare(asked)
    land = asked.question.land
    _ = land.outlines, land.groups


def draw_reach(found: ServiceGaps) -> gpd.GeoDataFrame:
    """Return the land in reach of any center, by area type: for the map, not for counting."""
    question = found.question
    kinds = sorted(found.reached)
    shapes = [found.reached[kind] for kind in kinds]
    drawn = gpd.GeoSeries(shapes, crs=question.zone).to_crs(STORE_CRS)
    table = pd.DataFrame({"area_type": kinds})
    table["standard"] = [in_unit(question.standards[kind], question.measure) for kind in kinds]
    geometry = repair(to_lattice(np.asarray(drawn.array)))
    return gpd.GeoDataFrame(table, geometry=geometry, crs=STORE_CRS)


def shape_result(asked: Asked, found: ServiceGaps, compared: Comparison) -> Json:
    """Return what a run keeps (:class:`api.schemas_service.GapResult`)."""
    unserved = found.unserved
    count = len(found.homes)
    return {
        **shape_question(asked, found.states),
        "served": found.served,
        "share": found.served / count if count else None,
        "unserved_households": len(unserved),
        "unserved_residents": _sum(unserved, "residents") or 0,
        "unserved_elderly": _sum(unserved, "elderly"),
        "areas": _areas(asked, found),
        "shares": _shares(asked, found),
        "comparison": _comparison(asked, found, compared),
    }


def _sum(frame: pd.DataFrame, name: str) -> int | None:
    """Return the sum of what is known, None when nothing is."""
    if name not in frame:
        return None
    known = frame[name].dropna()
    return int(known.sum()) if len(known) or not len(frame) else None


def _areas(asked: Asked, found: ServiceGaps) -> list[Json]:
    names, centers = asked.county.names, names_of_centers(asked.county)
    measure = asked.question.measure
    shapes = np.asarray(found.areas.geometry)
    points = np.round(shapely.get_coordinates(shapely.point_on_surface(shapes)), 9).tolist()
    bounds = shapely.bounds(shapes).tolist()
    shaped = []
    for row, point, box in zip(found.areas.to_dict("records"), points, bounds, strict=True):
        site = row["site_people"]
        shaped.append(
            {
                **{name: int(row[name]) for name in ("rank", "households", "residents", "people")},
                **{name: plain(row[name]) for name in ("elderly", "children")},
                "area_m2": float(row["area_m2"]),
                "nearest_center": name_unit(row["nearest_center"], centers),
                **{name: in_unit(row[name], measure) for name in COSTS},
                "without_way": int(row["without_way"]),
                "site": {"point": [row["site_lon"], row["site_lat"]], "people": int(site)}
                if pd.notna(site) and pd.notna(row["site_lon"])
                else None,
                "villages": [name_unit(code, names) for code in row["villages"]],
                "bbox": shape_box(box),
                "point": point,
            }
        )
    return shaped


def _shares(asked: Asked, found: ServiceGaps) -> Json:
    grids = names_of_grids(asked.county)
    shaped: Json = {"township": [], "village": [], "grid": [], "area_type": []}
    counts = (
        "households",
        "served",
        "residents",
        "residents_served",
        "far",
        "unreachable",
        "off_network",
        "unlocated",
    )
    for row in found.shares.to_dict("records"):
        names = grids if row["by"] == "grid" else asked.county.names
        shaped[row["by"]].append(
            {
                "code": str(row["code"]),
                "name": names.get(row["code"]) or "",
                "share": plain(row["share"]),
                **{name: int(row[name]) for name in counts},
            }
        )
    return shaped


def _comparison(asked: Asked, found: ServiceGaps, compared: Comparison) -> Json:
    residents = _residents(found)
    columns = [str(name) for name in compared.homes]
    modes = [name.removeprefix("served_") for name in columns if name.startswith("served_")]
    served = {mode: compared.homes[f"served_{mode}"].to_numpy(bool) for mode in modes}
    count = len(residents)
    return {
        "based_on": compared.based_on,
        "modes": [
            {
                "mode": mode,
                "served": int(served[mode].sum()),
                "residents_served": int(residents[served[mode]].sum()),
                "share": float(served[mode].mean()) if count else None,
            }
            for mode in modes
        ],
        "villages": _verdicts(asked, compared, modes, residents),
    }


def _residents(found: ServiceGaps) -> Counts:
    households = found.question.households
    if "residents" not in households:
        return np.zeros(len(households), np.int64)
    return counts_of(households, "residents").astype(np.int64)


def _verdicts(
    asked: Asked, compared: Comparison, modes: Sequence[str], residents: Counts
) -> list[Json]:
    villages = asked.question.villages
    size = len(villages.categories)

    def sums(values: Counts | NDArray[np.bool_]) -> Counts:
        return np.bincount(villages.codes, weights=values, minlength=size).astype(np.int64)

    base = compared.homes[f"served_{compared.based_on}"].to_numpy(bool)
    claimed = ~base & compared.homes.get("served_straight", pd.Series(base)).to_numpy(bool)
    totals, only = sums(residents), sums(residents * claimed)
    return [
        {
            "code": str(row["village"]),
            "name": asked.county.names.get(row["village"]) or "",
            "households": int(row["households"]),
            "residents": int(totals[position]),
            "served": {mode: int(row[f"served_{mode}"]) for mode in modes},
            "straight_only": int(row["straight_only"]),
            "straight_only_residents": int(only[position]),
            "verdict": row["verdict"],
        }
        for position, row in enumerate(compared.villages.to_dict("records"))
    ]


def list_areas(found: ServiceGaps) -> gpd.GeoDataFrame:
    """Return the gap areas, ranked, costs in metres or minutes."""
    return _in_unit(found.areas, COSTS, found.question.measure)


def write_areas(found: ServiceGaps) -> str:
    """Return the gap areas as GeoJSON, ranked."""
    return write_features(list_areas(found))


def write_unserved(found: ServiceGaps) -> str:
    """Return the households in gaps as GeoJSON: counts only, no addresses."""
    unserved = _in_unit(found.unserved, ("cost", "standard"), found.question.measure)
    kept = [name for name in (*UNSERVED, "cost", "standard") if name in unserved]
    return write_features(unserved[[*kept, unserved.geometry.name]])


def _in_unit(frame: gpd.GeoDataFrame, names: Sequence[str], measure: Measure) -> gpd.GeoDataFrame:
    return frame.assign(**{name: in_units(frame[name], measure) for name in names if name in frame})
