"""The ground of an edit: which villages it is about, and their lines as the plan has them."""

from __future__ import annotations

import sqlalchemy as sa

from api.refusals import EditRefused
from api.services.plans.opening import Row
from data import plan_lines
from geo.edits import Edit, Needs, Partition, needs
from geo.problems import Problem


def fetch_ground(connection: sa.Connection, plan: Row, edit: Edit) -> Partition:
    """Read what an edit may touch; the cost depends on the villages it is about.

    Raises
    ------
    EditRefused
        ``outside_plan_scope`` for units outside the plan, ``edit_misses`` for a drawing that meets
        no village.
    """
    wanted = needs(edit)
    codes = find_villages(connection, plan, wanted)
    identity = plan["id"]
    cells = None
    if wanted.natural_villages:
        cells = plan_lines.fetch_natural_villages(connection, codes)
    return Partition(
        plan_lines.fetch_lines(connection, identity, codes),
        plan_lines.fetch_villages(connection, identity, codes),
        cells,
        plan_lines.fetch_taken(connection, identity, codes),
    )


def find_villages(connection: sa.Connection, plan: Row, wanted: Needs) -> list[str]:
    """Return the villages an edit is about, sorted; units nobody knows are left to the edit."""
    scope, identity = plan["scope_code"], plan["id"]
    found: dict[str, str] = {code: code for code in wanted.villages}
    if wanted.grids:
        found |= plan_lines.villages_of_grids(connection, identity, wanted.grids)
    if wanted.natural_villages:
        cells = plan_lines.villages_of_natural_villages(connection, wanted.natural_villages)
        found |= {str(name): village for name, village in cells.items()}
    foreign = [unit for unit, village in found.items() if not village.startswith(scope)]
    met: list[str] = []
    if wanted.shape is not None:
        met = plan_lines.villages_meeting(connection, identity, wanted.shape)
        if not met and not found:
            raise EditRefused(Problem("edit_misses", geometry=wanted.shape))
        # a drawing may reach over the edge; only where it lies as a whole beyond is it refused
        if not any(village.startswith(scope) for village in met) and not found:
            foreign += met
    if foreign:
        details = {"units": sorted(foreign)[:10], "scope": scope}
        raise EditRefused(Problem("outside_plan_scope", details, grids=tuple(sorted(foreign))))
    inside = [village for village in met if village.startswith(scope)]
    return sorted({*found.values(), *inside})
