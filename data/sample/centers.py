"""Service centers: one for the county, one a township, most villages, a few stations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.sample.cells import Cells
from data.sample.frame import CountyFrame, FloatArray, IntArray
from data.sample.people import People

VILLAGES_WITHOUT, STATIONS = 26, 38
_SERVICES = {
    "county": (
        "party_affairs civil_affairs social_security health_insurance mediation legal_aid "
        "elderly_care childcare employment veterans library"
    ),
    "township": (
        "party_affairs civil_affairs social_security health_insurance mediation elderly_care "
        "employment veterans"
    ),
    "village": "party_affairs civil_affairs social_security mediation elderly_care library",
    "station": "party_affairs mediation",
}
_ZH = {"county": "党群服务中心", "township": "党群服务中心", "station": "党群服务站"}


def place_centers(
    frame: CountyFrame,
    cells: Cells,
    people: People,
    homes: FloatArray,
    cell_names: list[str],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Stand the centers beside households.

    Parameters
    ----------
    homes
        (households, 2) lon, lat.

    Returns
    -------
    DataFrame
        code, name, level, village (position), address, services, capacity, floor_area_m2, lon, lat.
    """
    village_of_home = cells.village[people.cell]
    size = np.bincount(village_of_home, minlength=len(frame.villages))
    seat_homes = _seat_homes(cells, homes, village_of_home)
    rows = [_row(frame, "county", frame.code, frame.name, int(seat_homes[0]), size, rng)]
    for at, (code, name) in enumerate(
        zip(frame.townships["code"], frame.townships["name"], strict=True)
    ):
        rows.append(_row(frame, "township", code, name, int(seat_homes[at]), size, rng))
    for village in np.setdiff1d(np.arange(len(size)), _villages_without(cells, size, people)):
        home = _central_home(homes, np.flatnonzero(village_of_home == village), rng)
        code, name = frame.villages["code"].iloc[village], frame.villages["name"].iloc[village]
        rows.append(_row(frame, "village", code, name, home, size, rng))
    rural = np.flatnonzero(~people.urban[village_of_home] & (size[village_of_home] > 250))
    for serial, home in enumerate(np.sort(rng.choice(rural, STATIONS, replace=False)).tolist()):
        code = f"{frame.villages['code'].iloc[village_of_home[home]]}S{serial + 1:02d}"
        name = cell_names[people.cell[home]]
        rows.append(_row(frame, "station", code, name, home, size, rng))
    table = pd.DataFrame(rows)
    hosts = table.pop("home").to_numpy(dtype=np.int64)
    table["village"] = village_of_home[hosts]
    beside = homes[hosts] * 0.94 + homes[_next_home(hosts, people.cell)] * 0.06
    table["lon"], table["lat"] = np.round(beside, 9).T
    table["address"] = [
        _address(frame, int(village), int(cells.township[village])) for village in table["village"]
    ]
    return table


def _row(
    frame: CountyFrame,
    level: str,
    code: str,
    name: str,
    home: int,
    size: IntArray,
    rng: np.random.Generator,
) -> dict[str, object]:
    typical = {"county": 2600.0, "township": 1150.0, "village": 520.0, "station": 110.0}[level]
    floor = round(typical * float(np.exp(rng.normal(0.0, 0.22))) / 10.0) * 10.0
    capacity = round(floor * (0.9 if level == "village" else 1.4) / 10.0) * 10
    services = _SERVICES[level].split()
    if level == "village":  # not every village offers everything
        services = [s for s in services if s == "party_affairs" or rng.random() < 0.82]
    return {
        "code": code if level == "station" else f"{code}C",
        "name": name + _ZH.get(level, "党群服务中心"),
        "level": level,
        "services": ";".join(services),
        "capacity": capacity,
        "floor_area_m2": floor,
        "home": home,
    }


def _seat_homes(cells: Cells, homes: FloatArray, village_of_home: IntArray) -> IntArray:
    """Find the home nearest to each township's seat, within the township."""
    seat = cells.coverage.degrees[len(cells.mesh.corners) + cells.mesh.outline_count + cells.seats]
    township = cells.township[village_of_home]
    nearest = []
    for number, place in enumerate(seat):
        inside = np.flatnonzero(township == number)
        away = np.hypot(*((homes[inside] - place) * [0.85, 1.0]).T)
        nearest.append(inside[np.argmin(away)])
    return np.array(nearest)


def _villages_without(cells: Cells, size: IntArray, people: People) -> IntArray:
    """Villages with no center of their own: the least peopled, and a few larger ones."""
    rural = np.flatnonzero(~people.urban)
    smallest = rural[np.argsort(size[rural], kind="stable")]
    few = smallest[: VILLAGES_WITHOUT * 2 // 3]
    return np.concatenate([few, smallest[len(few) :: 15][: VILLAGES_WITHOUT - len(few)]])


def _central_home(homes: FloatArray, inside: IntArray, rng: np.random.Generator) -> int:
    """Pick a home near the middle of the village's people, not always the very nearest."""
    middle = np.median(homes[inside], axis=0)
    away = np.hypot(*((homes[inside] - middle) * [0.85, 1.0]).T)
    nearest = inside[np.argsort(away, kind="stable")]
    return int(nearest[int(rng.integers(max(1, len(nearest) // 8)))])


def _next_home(home: IntArray, cell: IntArray) -> IntArray:
    """Find the next household of the same cell, else the same."""
    following = np.minimum(home + 1, len(cell) - 1)
    return np.where(cell[following] == cell[home], following, home)


def _address(frame: CountyFrame, village: int, township: int) -> str:
    town, home = frame.townships["name"].iloc[township], frame.villages["name"].iloc[village]
    return f"{frame.name}{town}{home}"
