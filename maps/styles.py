"""Class breaks that the service hands to the web map, and the colours of the reports."""

from __future__ import annotations

# Households per grid; a count on a break opens the upper class.
HOUSEHOLD_BREAKS: tuple[int, ...] = (25, 50, 75, 100)

VILLAGE_LINE = "#35544a"
TOWNSHIP_LINE = "#1d2f2a"
GAP_FILL = "#f0a03c"
GAP_LINE = "#b4540a"
CENTER = "#b91c1c"
REACH = "#4c8c74"
# Load of a center against its capacity: colour-blind-safe, and dark to light in grey.
LOADS = {"low": "#2f7f6b", "high": "#d9a21b", "over": "#b91c1c", "unknown": "#8b979c"}
# Five classes from little to much (ColorBrewer YlGnBu, colour-blind-safe), and nobody.
SCORES = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
NO_SCORE = "#d9dedc"
# What becomes of a unit: colour-blind-safe; what is not as it should be stands out.
MERGES = {
    "within": "#dfe7e3",
    "below": "#f0a03c",
    "merged": "#4c8c74",
    "left": "#b91c1c",
    "above": "#7a5aa6",
    "locked": "#8b979c",
}
GROUP_LINE = "#0f3d2e"
