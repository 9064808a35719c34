"""What an edit does to the rows of a plan: which end, and which begin in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo.codes import check_code
from geo.edits import Outcome

IRREGULAR = "irregular_code"
# columns of a version, and what stands for a missing value
_TEXTS = {
    "code": None,
    "name": "",
    "village_code": None,
    "kind": "basic",
    "parent_code": None,
    "flags": "",
    "attributes": "{}",
}


@dataclass(frozen=True)
class Change:
    """The rows of a plan that an edit ends and begins.

    Parameters
    ----------
    ended
        ``id`` and ``drafted`` of the rows that end.
    begun
        The new versions: column → values; ``follows`` is the place in ``ended`` of the row each
        continues, None for a new grid.
    recoded
        Old → new code of grids that stay.
    villages
        Those of all these rows, sorted; ``fresh`` are the ones the plan has not touched yet, and
        ``fresh_ids`` the versions in force that were seen there.
    seen
        Every village the edit was tried on.
    """

    ended: Sequence[tuple[int, bool]]
    begun: dict[str, list[Any]]
    recoded: dict[str, str]
    villages: list[str]
    fresh: list[str]
    fresh_ids: list[int]
    seen: list[str]

    @classmethod
    def of(cls, before: geopandas.GeoDataFrame, outcome: Outcome) -> Change:
        """Tell rows apart by their index, whatever became of their codes.

        Lists: there are few rows, and taking them out of frames costs more than all of this.
        """
        old, new = _columns(before), _columns(outcome.grids)
        places = {index: place for place, index in enumerate(before.index)}
        kept = outcome.grids.index.tolist()
        gone = {places[index] for index in places.keys() - set(kept)}
        wanted = set(outcome.changed)
        written = [place for place, code in enumerate(new["code"]) if code in wanted]
        continued = [places.get(kept[place]) for place in written]
        ends = sorted(gone.union(place for place in continued if place is not None))
        codes = [None if place is None else old["code"][place] for place in continued]
        begun: dict[str, list[Any]] = {
            name: [new[name][place] for place in written] for name in (*_TEXTS, "locked")
        }
        for name, missing in _TEXTS.items():
            begun[name] = [missing if pd.isna(value) else value for value in begun[name]]
        begun["flags"] = [
            flags if code == was else _reflagged(flags, code)
            for flags, code, was in zip(begun["flags"], begun["code"], codes, strict=True)
        ]
        shapes = np.asarray(outcome.grids.geometry.array)[written]
        begun["shape"] = shapely.to_wkb(shapes).tolist()
        begun["follows"] = [None if place is None else ends.index(place) for place in continued]
        villages = sorted({*begun["village_code"], *(old["village_code"][i] for i in ends)})
        touched = {
            village
            for village, drafted in zip(old["village_code"], old["drafted"], strict=True)
            if drafted
        }
        fresh = [village for village in villages if village not in touched]
        return cls(
            ended=[(old["id"][place], old["drafted"][place]) for place in ends],
            begun=begun,
            recoded={
                was: code
                for was, code in zip(codes, begun["code"], strict=True)
                if was is not None and was != code
            },
            villages=villages,
            fresh=fresh,
            fresh_ids=[
                id
                for id, village in zip(old["id"], old["village_code"], strict=True)
                if village in fresh
            ],
            seen=sorted({*villages, *old["village_code"]}),
        )


def _columns(grids: geopandas.GeoDataFrame) -> dict[str, list[Any]]:
    plain = pd.DataFrame(grids)
    names = [name for name in ("id", "drafted", "locked", *_TEXTS) if name in plain]
    return {name: plain[name].tolist() for name in names}


def _reflagged(flags: str, code: str) -> str:
    """Return the flags of a grid that has got another code."""
    words = [word for word in flags.split(";") if word and word != IRREGULAR]
    return ";".join([*words, *([IRREGULAR] if check_code(code, "grid") else [])])
