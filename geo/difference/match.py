"""Which grid after is which grid before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

NONE = -1


def match_versions(
    before: geopandas.GeoDataFrame,
    after: geopandas.GeoDataFrame,
    outlines: Sequence[bytes],
    new_outlines: Sequence[bytes],
) -> NDArray[np.int64]:
    """Pair grids that come from the same version of the lines, or have the same shape.

    Parameters
    ----------
    before, after
        One CRS; ``code``; ``base_id`` if there is one tells the version a row comes from, and
        ``id`` its own number where there is no ``base_id``.
    outlines, new_outlines
        :func:`outlines_of` their shapes.

    Returns
    -------
    ndarray of int64
        Position in ``after`` of each row of ``before``, -1 for none.
    """
    partner = np.full(len(before), NONE, dtype=np.int64)
    codes, new_codes = before["code"].astype(str).tolist(), after["code"].astype(str).tolist()
    origins, new_origins = _origins(before), _origins(after)
    # one origin on several rows says nothing by itself, but with the code it does
    pair_up(
        partner,
        [None if o is None else (o, code) for o, code in zip(origins, codes, strict=True)],
        [None if o is None else (o, code) for o, code in zip(new_origins, new_codes, strict=True)],
    )
    pair_up(partner, origins, new_origins)
    pair_up(partner, outlines, new_outlines)
    return partner


def pair_up(
    partner: NDArray[np.int64], keys: Sequence[Hashable | None], others: Sequence[Hashable | None]
) -> None:
    """Pair what is still alone by keys that occur once on either side; None is no key."""
    taken = set(partner.tolist())
    lone = [row for row in range(len(partner)) if partner[row] == NONE]
    free = [row for row in range(len(others)) if row not in taken]
    counts, new_counts = Counter(keys[row] for row in lone), Counter(others[row] for row in free)
    place = {others[row]: row for row in free if new_counts[others[row]] == 1}
    for row in lone:
        key = keys[row]
        if key is not None and counts[key] == 1 and key in place:
            partner[row] = place[key]


def outlines_of(shapes: NDArray[np.object_]) -> list[bytes]:
    """Return what is equal for equal shapes, wherever their rings begin."""
    return list(shapely.to_wkb(shapely.normalize(shapes), byte_order=1, output_dimension=2))


def _origins(frame: geopandas.GeoDataFrame) -> list[int | None]:
    name = "base_id" if "base_id" in frame else "id"
    if name not in frame:
        return [None] * len(frame)
    return [None if pd.isna(number) else int(number) for number in frame[name]]
