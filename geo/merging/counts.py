"""How many units are too small or too large, for sliders."""

from __future__ import annotations

import geopandas
import numpy as np
from numpy.typing import NDArray

from geo.errors import FrameError
from geo.merging.rules import MergeRules
from geo.merging.units import is_above, is_below, whole_numbers
from geo.problems import Problem

STATES = ("below", "within", "above", "unknown")


def rate_sizes(units: geopandas.GeoDataFrame, rules: MergeRules) -> NDArray[np.str_]:
    """Return the state of each unit: one of :data:`STATES`.

    Parameters
    ----------
    units
        Any CRS, also without shapes; columns of people that the rules name.
    rules
        Only the sizes count.

    Returns
    -------
    numpy.ndarray
        Below one number and above another is ``above``.

    Raises
    ------
    FrameError
        ``column_missing``.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.merging import Size
    >>> rate_sizes(pd.DataFrame({"households": [3, 30, 300]}),
    ...            MergeRules(Size(30), maximum=Size(100))).tolist()
    ['below', 'within', 'above']
    """
    missing = [name for name in rules.measures if name not in units]
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    people, unknown = {}, np.zeros(len(units), bool)
    for measure in rules.measures:
        people[measure], bad = whole_numbers(units[measure])
        unknown |= bad
    above = is_above(people, rules.maximum, len(units))
    below = is_below(people, rules.minimum, len(units))
    return np.select([unknown, above, below], ["unknown", "above", "below"], "within")


def count_sizes(units: geopandas.GeoDataFrame, rules: MergeRules) -> dict[str, int]:
    """Count units below the minimum, within, above the maximum, and of unknown size.

    Parameters
    ----------
    units, rules
        As in :func:`rate_sizes`.

    Returns
    -------
    dict
        Each of :data:`STATES` with its number.

    Raises
    ------
    FrameError
        ``column_missing``.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.merging import Size
    >>> count_sizes(pd.DataFrame({"households": [3, 30, 300]}),
    ...             MergeRules(Size(30), maximum=Size(100)))
    {'below': 1, 'within': 1, 'above': 1, 'unknown': 0}
    """
    states = rate_sizes(units, rules)
    return {state: int((states == state).sum()) for state in STATES}
