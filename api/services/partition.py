"""Whether the grids tile their villages: checked once for each version of the layers."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from api.services.held import Held
from api.services.shapes import Json, shape_problem
from data import divisions, grids, households
from data.lines import IN_FORCE, Lines, fetch_version
from geo.partition import check_partitions
from geo.problems import Problem

OTHERS = ("divisions", "households")
HELD = 8
_CODES_SHOWN = 5


class PartitionCache:
    """Answers of the last versions; one never answers for another version or scope."""

    def __init__(self) -> None:
        self._held = Held[tuple[str, str | None], tuple[int, list[Problem]]](HELD)
        self._drafts = Held[tuple[str, str | None], tuple[int, list[Problem]]](HELD)

    def find(
        self, connection: sa.Connection, scope: str | None, lines: Lines = IN_FORCE
    ) -> tuple[str, int, list[Problem]]:
        """Return version, number of villages checked, problems (places in the store's CRS)."""
        key = (fetch_version(connection, lines, *OTHERS), scope)
        held = self._held if lines.plan is None else self._drafts
        villages, problems = held.get(key, lambda: _check(connection, scope, lines))
        return key[0], villages, problems

    def check(self, connection: sa.Connection, scope: str | None) -> Json:
        """Return the same as JSON."""
        version, villages, problems = self.find(connection, scope)
        return {
            "version": version,
            "checked_villages": villages,
            "problems": shape_problems(problems),
        }

    def of_unit(
        self, connection: sa.Connection, scope: str | None, code: str, lines: Lines = IN_FORCE
    ) -> list[Json]:
        """Return the problems that name the unit ``code``."""
        _, _, problems = self.find(connection, scope, lines)
        return shape_problems([problem for problem in problems if code in problem.grids])


def shape_problems(problems: Iterable[Problem]) -> list[Json]:
    """Return problems as JSON."""
    return [shape_problem(problem) for problem in problems]


def _check(connection: sa.Connection, scope: str | None, lines: Lines) -> tuple[int, list[Problem]]:
    frame = grids.fetch_lines(connection, lines, scope=scope)
    units = divisions.fetch_frame(connection, scope=scope, at=lines.at)
    villages = units[(units["level"] == "village") & units.geometry.notna()]
    # households have no history: those of now say nothing about the lines of a day
    people = households.fetch_frame(connection, scope=scope) if lines.at is None else None
    problems = check_partitions(frame, villages, people)
    drawn = set(frame["village_code"].dropna())
    bare = sorted(drawn - set(villages["code"]))
    if bare:
        listed = [*bare[:_CODES_SHOWN], "…"] if len(bare) > _CODES_SHOWN else bare
        problems.append(Problem("village_without_outline", {"count": len(bare), "codes": listed}))
    return len(drawn), problems
