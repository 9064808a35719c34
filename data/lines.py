"""Whose lines: those in force, those of a day, or those of a draft.

Everything that reads grids takes a :class:`Lines`: what to read FROM, and under which condition.
The lines in force keep the plain statement on ``grid``, with its partial indexes; a draft is read
through the function ``plan_lines``, which PostgreSQL inlines, so that conditions on place, code
and village reach the indexes of ``grid`` and of ``plan_grid`` alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg2 import sql
from sqlalchemy import Connection, text

from data import workspace
from data.errors import ParameterError
from geo.problems import Problem

LAYER = "grids"
# What plans change.
DRAFTED = (LAYER, "joint_villages")
PLANNED = "all_purpose"

_PLAN_LINES = "plan_lines(CAST(:plan AS uuid))"
# The planner folds the branches that are not asked away, so that the partial indexes on
# `valid_to IS NULL` are used.
_MOMENT = """
    (CAST(:at AS timestamptz) IS NULL AND {.}valid_to IS NULL
     OR CAST(:at AS timestamptz) IS NOT NULL AND {.}valid_from <= :at
        AND ({.}valid_to IS NULL OR {.}valid_to > :at))"""
_NETWORK = "(CAST(:network AS text) IS NULL OR {.}network = :network)"
_DRAFT = text("SELECT scope_code, network, revision FROM plan WHERE id = CAST(:plan AS uuid)")


class Draft(NamedTuple):
    """What reading a draft depends on: its scope (a division code), its network, its revision."""

    scope: str
    network: str
    revision: int


@dataclass(frozen=True)
class Lines:
    """Lines of grids as something to read FROM.

    Parameters
    ----------
    at
        Instant whose lines are asked; None for those in force.
    plan
        Id of the plan whose draft is asked. A draft has one network, its own.
    network
        Network of the grids; None for every one.

    Raises
    ------
    ParameterError
        ``plan_with_date`` for a draft at an instant: a draft has no history.

    Examples
    --------
    >>> Lines().table, Lines(plan=UUID(int=1)).table
    ('grid', 'plan_lines(CAST(:plan AS uuid))')
    """

    at: datetime | None = None
    plan: UUID | None = None
    network: str | None = PLANNED

    def __post_init__(self) -> None:
        if self.at is not None and self.plan is not None:
            raise ParameterError(Problem("plan_with_date"))

    @property
    def table(self) -> str:
        """What stands behind FROM: columns of ``grid``; a draft's rows carry their numbers too."""
        return "grid" if self.plan is None else _PLAN_LINES

    def condition(self, alias: str = "") -> str:
        """Return which rows of :attr:`table` are meant, as text for WHERE."""
        if self.plan is not None:
            return "true"
        return _qualified(f"({_MOMENT} AND {_NETWORK})", alias)

    def moment(self, alias: str = "") -> str:
        """Return which versions of other things (divisions, say) belong to these lines."""
        return _qualified(_MOMENT, alias)

    @property
    def parameters(self) -> dict[str, Any]:
        """Values for the texts above."""
        plan = None if self.plan is None else str(self.plan)
        return {"at": self.at, "plan": plan, "network": self.network}

    def of(self, network: str | None) -> Lines:
        """Return the same lines of another network."""
        return replace(self, network=network)


IN_FORCE = Lines()


def _qualified(condition: str, alias: str) -> str:
    return condition.replace("{.}", f"{alias}." if alias else "")


def for_driver(condition: str) -> sql.SQL:
    """Return a text of :class:`Lines` for a statement the driver runs (:func:`data.bulk.run`)."""
    for name in IN_FORCE.parameters:
        condition = condition.replace(f":{name}", f"%({name})s")
    return sql.SQL(condition)


def check_layer(layer: str, lines: Lines) -> None:
    """Refuse a draft of what plans do not change.

    Raises
    ------
    ParameterError
        ``plan_without_lines``.
    """
    if lines.plan is not None and layer not in DRAFTED:
        raise ParameterError(Problem("plan_without_lines", {"layer": layer}))


def fetch_draft(connection: Connection, plan: UUID) -> Draft | None:
    """Return scope, network and revision of a plan, None where there is none."""
    row = connection.execute(_DRAFT, {"plan": str(plan)}).one_or_none()
    return None if row is None else Draft(row.scope_code, row.network, int(row.revision))


def fetch_version(connection: Connection, lines: Lines, *others: str) -> str:
    """Return what changes with every change of the lines, for ETags and for what is kept by it.

    An edit of a plan changes the version of its own draft and no other.

    Parameters
    ----------
    others
        Layers the answer is made of besides the grids.

    Raises
    ------
    LookupError
        For a plan there is none of.
    """
    return qualify_version(connection, workspace.etag(connection, [LAYER, *others]), lines)


def qualify_version(connection: Connection, version: str, lines: Lines) -> str:
    """Return the version of the grids as that of these lines: of a day, or of a draft.

    Raises
    ------
    LookupError
        For a plan there is none of.
    """
    if lines.at is not None:
        return f"{version}@{lines.at.timestamp()}"
    if lines.plan is None:
        return version
    draft = fetch_draft(connection, lines.plan)
    if draft is None:
        raise LookupError(f"no plan {lines.plan}")
    return f"{version}+{lines.plan}.{draft.revision}"
