"""Whether the grids tile their villages: checked once for each version of the layers."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from api.services.held import Held
from api.services.lookup import PLANNED
from api.services.shapes import Json, shape_problem
from data import divisions, grids, households, workspace
from geo.partition import check_partitions
from geo.problems import Problem

LAYERS = ("divisions", "grids", "households")
HELD = 8


class PartitionCache:
    """Answers of the last versions; one never answers for another version or scope."""

    def __init__(self) -> None:
        self._held = Held[tuple[str, str | None], tuple[int, list[Problem]]](HELD)

    def find(self, connection: sa.Connection, scope: str | None) -> tuple[str, int, list[Problem]]:
        """Return version, number of villages checked, problems (places in the store's CRS)."""
        key = (workspace.etag(connection, LAYERS), scope)
        villages, problems = self._held.get(key, lambda: _check(connection, scope))
        return key[0], villages, problems

    def check(self, connection: sa.Connection, scope: str | None) -> Json:
        """Return the same as JSON."""
        version, villages, problems = self.find(connection, scope)
        return {
            "version": version,
            "checked_villages": villages,
            "problems": shape_problems(problems),
        }

    def of_unit(self, connection: sa.Connection, scope: str | None, code: str) -> list[Json]:
        """Return the problems that name the unit ``code``."""
        _, _, problems = self.find(connection, scope)
        return shape_problems([problem for problem in problems if code in problem.grids])


def shape_problems(problems: Iterable[Problem]) -> list[Json]:
    """Return problems as JSON."""
    return [shape_problem(problem) for problem in problems]


def _check(connection: sa.Connection, scope: str | None) -> tuple[int, list[Problem]]:
    lines = grids.fetch_frame(connection, scope=scope)
    lines = lines[lines["network"] == PLANNED]
    units = divisions.fetch_frame(connection, scope=scope)
    villages = units[(units["level"] == "village") & units.geometry.notna()]
    people = households.fetch_frame(connection, scope=scope)
    problems = check_partitions(lines, villages, people)
    checked = int(lines["village_code"].dropna().nunique())
    return checked, list(problems)
