"""Addresses of a register that cannot be read: told by row, kept as they are."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd

from data.importers.log import ProblemLog
from geo.address.register import read_addresses

# Fault of an address (geo.address.register) → problem.
_KEYS = {
    "no_address": "address_missing",
    "too_long": "address_too_long",
    "no_number": "address_without_number",
    "two_numbers": "address_two_numbers",
    "other_place": "address_other_place",
    "no_village": "address_without_village",
}


def key_of_fault(fault: str) -> str:
    """Return the problem that a fault of an address is.

    Examples
    --------
    >>> key_of_fault("no_number"), key_of_fault("something new")
    ('address_without_number', 'address_unread')
    """
    return _KEYS.get(fault, "address_unread")


def check_addresses(frame: geopandas.GeoDataFrame, places: pd.DataFrame) -> ProblemLog:
    """Tell which addresses of households cannot be read.

    Parameters
    ----------
    frame
        Layer frame of households, with ``row``.
    places
        ``code``, ``name``, ``level`` of the divisions.

    Returns
    -------
    ProblemLog
        Warnings only: a household stays where it is, whatever is written on its door. Nothing,
        for a register without any address.
    """
    problems = ProblemLog()
    if not frame["address"].notna().any():
        return problems
    addresses, villages = texts_of(frame["address"]), texts_of(frame["village_code"])
    faults = read_addresses(addresses, villages, places)["fault"]
    rows = frame["row"].to_numpy()
    for fault in sorted(set(faults) - {""}):
        where = np.flatnonzero((faults == fault).to_numpy(bool))
        problems.add_rows(key_of_fault(fault), rows[where], field="address")
    return problems


def texts_of(column: pd.Series) -> list[str | None]:
    """Return a column as a list, None for what is missing."""
    return [value if isinstance(value, str) else None for value in column]
