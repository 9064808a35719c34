"""Class breaks that the service hands to the web map, and the colours of the reports."""

from __future__ import annotations

# Households per grid; a count on a break opens the upper class.
HOUSEHOLD_BREAKS: tuple[int, ...] = (25, 50, 75, 100)

VILLAGE_LINE = "#35544a"
TOWNSHIP_LINE = "#1d2f2a"
GAP_FILL = "#f0a03c"
GAP_LINE = "#b4540a"
CENTER = "#b91c1c"
