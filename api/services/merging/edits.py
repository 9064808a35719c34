"""The edits of a plan that do what is suggested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.schemas_merge_runs import Unit
from api.services.shapes import Json, plain


def edit_of_group(
    unit: Unit | None, members: Sequence[str], rows: Mapping[str, Json], hub: str
) -> Json | None:
    """Return the edit that makes a group; None where there is nothing to do, or no plan.

    Parameters
    ----------
    unit
        What the members are; None for units of a file.
    rows
        Unit → its row.
    hub
        Member to which the ways of all add up to least.
    """
    if unit == "grid":
        # the one with most households keeps its code: fewest people get another
        keep = min(members, key=lambda code: (-(plain(rows[code]["households"]) or 0), code))
        return {"type": "merge", "grids": list(members), "keep": keep}
    if unit == "village":
        return {"type": "join_villages", "villages": list(members)}
    if unit is None:
        return None
    grid = rows[hub]["grid"] or next((rows[c]["grid"] for c in members if rows[c]["grid"]), "")
    moved = [code for code in members if rows[code]["grid"] != grid]
    if not grid or not moved:
        return None
    return {"type": "assign", "natural_villages": moved, "to": grid}
