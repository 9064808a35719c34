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


class ImportFileError(DataError):
    """A file cannot be read as a layer at all; nothing of it was taken."""


class NotFoundError(DataError):
    """Something asked for by its code or id is not in the store."""


class ParameterError(DataError):
    """A value a query was asked with is outside what it can mean."""


class ConflictError(DataError):
    """What is to be written stands on something that has changed in the meantime."""
