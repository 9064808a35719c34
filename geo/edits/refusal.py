"""How the steps of an edit say no; outside this package refusing is an answer, not an exception."""

from __future__ import annotations

from typing import Any

import shapely

from geo.edits.ground import Ground
from geo.edits.values import Edit
from geo.problems import Problem


class Refusal(Exception):  # noqa: N818  (an answer, not a fault)
    """Carries the problem, and an edit that would do what was wanted."""

    def __init__(self, problem: Problem, fix: Edit | None = None) -> None:
        super().__init__(problem.key)
        self.problem = problem
        self.fix = fix


def refuse(
    key: str,
    *grids: str,
    ground: Ground | None = None,
    at: shapely.Geometry | None = None,
    fix: Edit | None = None,
    **details: Any,  # noqa: ANN401
) -> Refusal:
    """Make a refusal.

    Parameters
    ----------
    grids
        Codes concerned; the sentence has them as ``grids``, the first as ``code``.
    ground, at
        The place to highlight, metric, and the ground it is in.
    """
    named: dict[str, Any] = {}
    if grids:
        named = {"grids": ", ".join(grids), "code": grids[0]}
    place = None if at is None or ground is None else ground.to_lonlat(at)
    return Refusal(Problem(key, named | details, grids=tuple(grids), geometry=place), fix)
