"""Whether an edit that is replayed means what it meant: whether its grids are the same land."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import sqlalchemy as sa

from api.services.plans.opening import Row
from data import plan_versions, plan_views
from geo.edits import JointVillage
from geo.shares import measure_shares

# The members of an edit that name grids, or the joint village it is about.
NAMING = ("grid", "grids", "to", "from", "keep", "winner", "code")


def grids_named(edit: Mapping[str, Any]) -> list[str]:
    """Return the codes of grids an edit names.

    Examples
    --------
    >>> grids_named({"type": "transfer", "to": "v001", "from": ["v002"], "area": {}})
    ['v001', 'v002']
    >>> grids_named({"type": "move_vertex", "from": [108.0, 31.0], "to": [108.1, 31.0]})
    []
    """
    if isinstance(edit.get("edit"), Mapping):  # of a suggestion
        return grids_named(edit["edit"])
    values = [edit.get(name) for name in NAMING]
    listed = [value if isinstance(value, list) else [value] for value in values]
    return list(dict.fromkeys(code for codes in listed for code in codes if isinstance(code, str)))


@dataclass(frozen=True)
class Met:
    """What the grids that edits name were like when the edits were made.

    Parameters
    ----------
    versions
        By position and code, the version of the grid the edit met.
    shapes
        Version → shape, EPSG:4490.
    """

    versions: Mapping[tuple[int, str], int] = field(default_factory=dict)
    shapes: Mapping[int, shapely.Geometry] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: sa.Connection, plan: Row, entries: Iterable[Row]) -> Met:
        """Read it from the versions the plan keeps; after a reset they are gone."""
        named = [
            (entry["position"], code) for entry in entries for code in grids_named(entry["edit"])
        ]
        versions = plan_versions.fetch_met(connection, plan["id"], named)
        shapes = plan_views.fetch_grid_shapes(connection, sorted(set(versions.values())))
        return cls(versions, shapes)

    def find_changed(
        self, entry: Row, codes: Mapping[str, str], lines: gpd.GeoDataFrame
    ) -> list[str]:
        """Return the grids whose land is not what the edit met, by the codes they have now.

        Parameters
        ----------
        entry
            The edit in the log.
        codes
            Code then → code now, where it is another one.
        lines
            What the edit is replayed on.
        """
        present = dict(zip(lines["code"].tolist(), np.asarray(lines.geometry.array), strict=True))
        changed = []
        for code in grids_named(entry["edit"]):
            version = self.versions.get((entry["position"], code))
            now = present.get(codes.get(code, code))
            if version is not None and now is not None and not _same(self.shapes[version], now):
                changed.append(codes.get(code, code))
        return changed


def find_changed_joint(entry: Row, before: Iterable[JointVillage]) -> list[str]:
    """Return the joint villages an edit meets that have other members than those it met.

    Parameters
    ----------
    entry
        The edit in the log.
    before
        Those it is replayed on.
    """
    met = (entry["outcome"].get("joint") or {}).get("before", [])
    then = {tuple(joint["members"]): joint["code"] for joint in met}
    now = {joint.members: joint.code for joint in before}
    return [] if then.keys() == now.keys() else sorted((now or then).values())


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Return whether two shapes are the same land; a neighbour may have left a node on a border."""
    if shapely.equals_exact(one, other, 0.0):
        return True
    both = np.array([one, other], dtype=object)
    pairs = (np.array([0, 1]), np.array([1, 0]))
    return bool(measure_shares(both, both.copy(), pairs).whole.all())
