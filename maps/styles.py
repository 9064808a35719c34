"""Colours and class breaks that the web map and the reports share the meaning of.

The web map keeps its own copy in TypeScript; ``tests/maps/test_styles.py`` holds the two equal.
"""

from __future__ import annotations

from bisect import bisect_right

# ColorBrewer "Greens", 5 classes (Brewer, Harrower & Hatchard 2003): readable in grey and by
# colour-blind people because lightness alone orders the classes.
HOUSEHOLD_COLOURS: tuple[str, ...] = ("#edf8e9", "#bae4b3", "#74c476", "#31a354", "#006d2c")
HOUSEHOLD_BREAKS: tuple[int, ...] = (25, 50, 75, 100)

VILLAGE_LINE = "#35544a"
TOWNSHIP_LINE = "#1d2f2a"
GAP_FILL = "#f0a03c"
GAP_LINE = "#b4540a"
CENTER = "#b91c1c"


def colour_of(count: float) -> str:
    """Return the class colour of a household count; a count on a break opens the upper class.

    Examples
    --------
    >>> colour_of(24), colour_of(25)
    ('#edf8e9', '#bae4b3')
    """
    return HOUSEHOLD_COLOURS[bisect_right(HOUSEHOLD_BREAKS, count)]
