"""The one vocabulary of problems: key, severity, and a sentence in zh and en.

The API's errors, an import's report, the map's tooltips and the docs all speak it.
Sentences are ``str.format`` templates over :attr:`Problem.details`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from shapely.geometry.base import BaseGeometry

Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]


class Sentence(NamedTuple):
    """What a key means: ``error`` refuses, ``warning`` flags."""

    severity: Severity
    zh: str
    en: str


@dataclass(frozen=True)
class Problem:
    """One reason why something is refused or flagged.

    Parameters
    ----------
    key
        A key of :data:`VOCABULARY`.
    details
        Values for the sentence, also handed to machines.
    row
        1-based number of the data row in the file it came from, if any.
    field
        Column the problem is about, if any.
    grids
        Codes of the grids (or other units) concerned.
    geometry
        The place to highlight, in the CRS of the frame that was checked.
    """

    key: str
    details: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    field: str | None = None
    grids: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None

    def __post_init__(self) -> None:
        if self.key not in VOCABULARY:
            raise KeyError(f"no such problem key: {self.key}")

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``."""
        return VOCABULARY[self.key].severity

    def sentence(self, language: Language) -> str:
        """Return the sentence for people.

        Examples
        --------
        >>> Problem("duplicate_code", {"code": "500229001001001"}).sentence("en")
        'Code 500229001001001 is used more than once.'
        """
        template: str = getattr(VOCABULARY[self.key], language)
        return template.format_map(_Missing(self.details))


class _Missing(dict[str, Any]):
    """A value nobody gave shows as a dash, never as a crash while reporting an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def _error(zh: str, en: str) -> Sentence:
    return Sentence("error", zh, en)


def _warning(zh: str, en: str) -> Sentence:
    return Sentence("warning", zh, en)


# Kept in groups; within a group in the order a file is read. Every key stands in docs/problems.md.
VOCABULARY: dict[str, Sentence] = {
    # --- files and rows -------------------------------------------------------------------
    "duplicate_code": _error("编码 {code} 重复。", "Code {code} is used more than once."),
}
