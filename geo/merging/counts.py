"""How many units are too small or too large, for sliders."""

from __future__ import annotations

import geopandas
import numpy as np

from geo.errors import FrameError
from geo.merging.rules import MergeRules
from geo.merging.units import is_above, is_below, whole_numbers
from geo.problems import Problem


def count_sizes(units: geopandas.GeoDataFrame, rules: MergeRules) -> dict[str, int]:
    """Count units below the minimum, within, above the maximum, and of unknown size.

    Parameters
    ----------
    units
        Any CRS, also without shapes; columns of people that the rules name.
    rules
        Only the sizes count.

    Returns
    -------
    dict
        ``below``, ``within``, ``above``, ``unknown``; below one number and above another counts as
        ``above``.

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
    missing = [name for name in rules.measures if name not in units]
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    people, unknown = {}, np.zeros(len(units), bool)
    for measure in rules.measures:
        people[measure], bad = whole_numbers(units[measure])
        unknown |= bad
    above = is_above(people, rules.maximum, len(units)) & ~unknown
    below = is_below(people, rules.minimum, len(units)) & ~unknown & ~above
    return {
        "below": int(below.sum()),
        "within": int((~below & ~above & ~unknown).sum()),
        "above": int(above.sum()),
        "unknown": int(unknown.sum()),
    }
