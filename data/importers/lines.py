"""Rows of lines: one a line, each with a code of its own."""

from __future__ import annotations

import hashlib

import geopandas
import numpy as np
import shapely

from data.importers.log import ProblemLog
from geo.problems import Problem

_DIGITS = 12


def take_apart(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return one row for each part of a shape: code ``A`` in two parts becomes ``A-1``, ``A-2``.

    All parts keep the row number of the file.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    multiple = shapely.get_type_id(shapes) > 3
    if not multiple.any():
        return frame
    counts = np.where(multiple, shapely.get_num_geometries(shapes), 1)
    of_row = np.repeat(np.arange(len(frame)), counts)
    number = np.arange(len(of_row)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    parts = frame.iloc[of_row].reset_index(drop=True)
    taken = multiple[of_row]
    whole = shapes[of_row]
    whole[taken] = shapely.get_geometry(whole[taken], number[taken] - 1)
    parts = parts.set_geometry(whole, crs=frame.crs)
    suffix = np.array([f"-{n}" if part else "" for n, part in zip(number, taken, strict=True)])
    parts["code"] = (parts["code"] + suffix).astype("str")
    return parts


def name_lines(frame: geopandas.GeoDataFrame, problems: ProblemLog) -> geopandas.GeoDataFrame:
    """Give lines without a code one made from their shape, the same in every file.

    Of lines without a code that are drawn alike the first stays.
    """
    nameless = (frame["code"].isna() & ~frame.geometry.isna()).to_numpy()
    if not nameless.any():
        return frame
    codes = frame["code"].to_numpy(dtype=object, copy=True)
    written = shapely.to_wkb(frame.geometry.to_numpy()[nameless])
    codes[nameless] = [f"L{hashlib.sha256(wkb).hexdigest()[:_DIGITS]}" for wkb in written]
    frame["code"] = codes
    frame["code"] = frame["code"].astype("str")
    problems.add(Problem("code_from_shape", {"count": int(nameless.sum())}))
    again = nameless & frame["code"].duplicated().to_numpy()
    problems.add_rows("line_repeated", frame["row"].to_numpy()[again])
    return frame[~again].reset_index(drop=True)
