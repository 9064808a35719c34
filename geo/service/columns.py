"""Columns of households as categories: village, grid, and what is known by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.locate import GridIndex
from geo.reach.matrix import Places

if TYPE_CHECKING:
    from geo.service.land import Land


def categories(names: Sequence[str], codes: NDArray[Any]) -> pd.Categorical:
    """Return the name of each code, -1 for none."""
    dtype: Any = pd.CategoricalDtype(list(names))
    return pd.Categorical.from_codes(codes, dtype=dtype)


def texts(column: pd.Series) -> pd.Categorical:
    """Return texts, missing ones as ``""``, with the texts that occur in order."""
    codes, found = pd.factorize(column, use_na_sentinel=True)
    named = np.array([*map(str, found), ""], dtype=np.str_)
    # two values may have one text, and -1, the missing one, is the last
    names, of_text = np.unique(named, return_inverse=True)
    return _categories(names, of_text[codes])


def _categories(names: NDArray[np.str_], codes: NDArray[np.int64]) -> pd.Categorical:
    """Return only those that occur, ``names`` being in order."""
    occurring = np.bincount(codes, minlength=len(names)) > 0
    position = np.cumsum(occurring) - 1
    return categories(names[occurring].tolist(), position[codes])


def recode(column: pd.Categorical, name: Callable[[str], str]) -> pd.Categorical:
    """Return another text for each text, ``name`` being asked once for each that occurs."""
    renamed = np.array([name(text) for text in column.categories], dtype=np.str_)
    names, of_text = np.unique(renamed, return_inverse=True)
    return _categories(names, of_text[column.codes] if len(renamed) else column.codes)


def villages_of(households: geopandas.GeoDataFrame, homes: Places, land: Land) -> pd.Categorical:
    """Return each household's village: as registered, else of the land it is on, else ``""``."""
    if "village_code" in households:
        known = texts(households["village_code"])
    else:
        known = texts(pd.Series(np.full(len(households), None, dtype=object)))
    unknown = np.asarray(known == "")
    if not (unknown.any() and len(land.shapes)):
        return known
    villages = np.asarray(known, dtype=object)
    position = GridIndex(land.villages.tolist(), land.shapes).locate(*homes[unknown].T)
    villages[unknown] = np.where(position >= 0, land.villages[position], "")
    return texts(pd.Series(villages))


def grids_of(
    households: geopandas.GeoDataFrame,
    homes: Places,
    grids: geopandas.GeoDataFrame | pd.Categorical | None,
    zone: int,
) -> pd.Categorical:
    """Return each household's grid: as its column says, else the one it lies in, else ``""``."""
    if isinstance(grids, pd.Categorical):
        return grids
    if "grid_code" in households:
        return texts(households["grid_code"])
    if grids is None or grids.empty:
        return texts(pd.Series(np.full(len(households), None, dtype=object)))
    codes = grids["code"].astype(str).to_numpy(dtype=object)
    index = GridIndex(codes.tolist(), np.asarray(grids.geometry.to_crs(zone).array))
    position = index.locate(*homes.T)
    names, of_grid = np.unique(np.append(codes, "").astype(np.str_), return_inverse=True)
    return _categories(names, of_grid[position])  # -1, in no grid, is the last
