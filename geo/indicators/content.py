"""What the numbers of a grid were measured from, as one digest.

Equal digest, equal numbers: whatever the numbers depend on is in it, and nothing else. It holds
the people themselves and not a version of their layer, so that an import touches only the grids
whose people it touched, and a household on a border that goes to another grid because a
*neighbour* has another code or shape is seen too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.indicators.people import People
from geo.indicators.registry import REGISTRY_VERSION
from geo.profiles import AreaType, Profile
from geo.reach.straight import CenterIndex


def content_key(
    geometry_wkb: bytes, *, households: str, centers: str, profile: str, area_type: str
) -> str:
    """Return the digest of one grid's content, with that of the registry.

    Parameters
    ----------
    geometry_wkb
        The outline in the store's coordinates.
    households, centers, profile, area_type
        What stands for each: equal texts, equal numbers.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    texts = (REGISTRY_VERSION, households, centers, profile, area_type)
    for part in (*(text.encode() for text in texts), geometry_wkb):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def content_keys(
    grids: geopandas.GeoDataFrame,
    people: People,
    member: NDArray[np.int64],
    centers: CenterIndex,
    profile: Profile,
    area_types: Mapping[str, AreaType],
) -> pd.Series:
    """Return the digest of each grid's content.

    Parameters
    ----------
    grids
        EPSG:4490, column ``village_code``.
    people, member
        Households, and the position of each one's grid (:func:`geo.indicators.members_of`); in any
        order.
    centers, profile, area_types
        As for :func:`geo.indicators.measure_grids`.

    Returns
    -------
    Series of str
        Index of ``grids``, name ``content``.
    """
    shapes = shapely.to_wkb(
        np.asarray(grids.geometry.array), byte_order=1, output_dimension=2, include_srid=False
    )
    homes = _digest_people(people, member, len(grids))
    keys = []
    for shape, home, village in zip(shapes, homes, grids["village_code"], strict=True):
        area_type = area_types.get(str(village), profile.rural_default)
        rule = profile.size_rule(area_type)
        keys.append(
            content_key(
                shape or b"",
                households=home,
                centers=centers.digest,
                profile=f"{rule.minimum} {rule.target} {rule.maximum}" if rule else "",
                area_type=area_type,
            )
        )
    return pd.Series(keys, index=grids.index, name="content", dtype=object)


def _digest_people(people: People, member: NDArray[np.int64], count: int) -> list[str]:
    """Return a digest of each grid's people: their places and counts, whatever their order."""
    inside = np.flatnonzero(member >= 0)
    table = np.column_stack([people.xy[inside], people.counts[inside]]).astype("<f8")
    home = member[inside]
    order = np.lexsort([*table.T, home])
    rows = table[order]
    ends = np.searchsorted(home[order], np.arange(count), side="right")
    starts = np.concatenate([[0], ends[:-1]]) if count else ends
    return [
        hashlib.sha256(rows[start:end].tobytes()).hexdigest()
        for start, end in zip(starts, ends, strict=True)
    ]
