"""How people move: speeds and limits that turn a way into minutes, each editable by the county."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Means = Literal["walk", "drive"]

# km/h by OpenStreetMap's class of road; a class that is missing is not driven on.
DRIVE_KMH: Mapping[str, float] = {
    "motorway": 90.0,
    "motorway_link": 50.0,
    "trunk": 70.0,
    "trunk_link": 45.0,
    "primary": 60.0,
    "primary_link": 40.0,
    "secondary": 50.0,
    "secondary_link": 35.0,
    "tertiary": 40.0,
    "tertiary_link": 30.0,
    "unclassified": 30.0,
    "residential": 25.0,
    "living_street": 15.0,
    "service": 15.0,
    "track": 15.0,
    "road": 25.0,
}
# Nobody walks there.
NO_WALKING: frozenset[str] = frozenset({"motorway", "motorway_link"})


@dataclass(frozen=True)
class Travel:
    """Speeds and limits of one rule set.

    Parameters
    ----------
    walk_kmh
        On roads, and from the door to the road.
    straight_walk_kmh
        Straight line into minutes: 60 m a minute, which 15-minute life circles reckon with
        (TD/T 1062-2021, as quoted in secondary sources); the detour is in the number.
    drive_kmh
        By class of road; classes that are missing are not driven on. A road's own ``speed_kmh``
        goes before.
    snap_limit_m
        A household or center farther than this from every road is not on the network.
    off_path
        Factor on Tobler's speed away from roads (Tobler 1993: 0.6).
    steepest
        Rise over run nobody walks, either way: a cliff. 1 is 45°.
    source
        Where the numbers are from.
    """

    walk_kmh: float = 5.0
    straight_walk_kmh: float = 3.6
    drive_kmh: Mapping[str, float] = field(default_factory=lambda: DRIVE_KMH)
    snap_limit_m: float = 500.0
    off_path: float = 0.6
    steepest: float = 1.0
    source: str = "Ours, editable; off_path: Tobler 1993; straight_walk_kmh: TD/T 1062-2021"
