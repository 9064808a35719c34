"""What ``data`` raises: classes that carry problems of the one vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

from geo.problems import Problem


class DataError(Exception):
    """Base of every error of ``data``; ``problems`` says why, in zh and en."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("; ".join(p.sentence("en") for p in self.problems))


class ServerError(DataError):
    """The database server is missing, will not start, cannot be reached, or is too old."""
