"""What ``geo`` raises: a few classes, each carrying problems of the one vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

from geo.problems import Problem


class GeoError(ValueError):
    """Base of every error of ``geo``; ``problems`` says why, in zh and en."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("; ".join(p.sentence("en") for p in self.problems))


class FrameError(GeoError):
    """A frame does not have the columns, types or shapes its layer asks for."""


class CrsError(GeoError):
    """A coordinate system is missing, unknown, or not the one the function works in."""


class ProfileError(GeoError):
    """A rule set contradicts itself or lacks a rule that is asked of it."""


class EditError(GeoError):
    """An edit cannot be read, or is refused."""
