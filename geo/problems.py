"""The one vocabulary of problems: key, severity, and a sentence in zh and en.

The API's errors, an import's report, the map's tooltips and the docs all speak it.
Sentences are ``str.format`` templates over :attr:`Problem.details`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.sentences import (
    addresses,
    edits,
    files,
    geometry,
    ground,
    joint,
    merging,
    plans,
    reach,
    service,
)
from geo.sentences.sentence import Language, Sentence, Severity

__all__ = ["VOCABULARY", "Language", "Problem", "Sentence", "Severity", "document"]


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
        >>> Problem("plan_conflict", {"villages": ["A", "B"], "codes": ["A01"]}).sentence("en")
        'What is in force in A, B has changed since this plan touched it: A01.'
        """
        template: str = getattr(VOCABULARY[self.key], language)
        return _Formatter("、" if language == "zh" else ", ").vformat(template, (), self.details)


class _Formatter(string.Formatter):
    """A value nobody gave shows as a dash: reporting an error must never fail itself.

    A value without a Chinese version (``…_zh``) is shown as it is; a list with ``comma`` between;
    ``{count:row has/rows have}`` says the first when there is one, the second otherwise.
    """

    def __init__(self, comma: str) -> None:
        self._comma = comma

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401
        name = str(key)
        return kwargs.get(name, kwargs.get(name.removesuffix("_zh"), "—"))

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401
        one, slash, many = format_spec.partition("/")
        if slash:
            return one if value == 1 else many
        if isinstance(value, (list, tuple)):
            return self._comma.join(map(str, value))
        if format_spec and not isinstance(value, (int, float)):
            return str(value)
        return str(super().format_field(value, format_spec))


# Files, geometry, edits, plans, then service and merges. Every key stands in docs/problems.md:
# `python -m geo.problems > docs/problems.md`.
VOCABULARY: dict[str, Sentence] = {
    **addresses.SENTENCES,
    **files.SENTENCES,
    **ground.SENTENCES,
    **geometry.SENTENCES,
    **edits.SENTENCES,
    **plans.SENTENCES,
    **joint.SENTENCES,
    **reach.SENTENCES,
    **service.SENTENCES,
    **merging.SENTENCES,
}


# "{count:row has/rows have}", of which the list of problems shows the latter.
_WORDS = re.compile(r"\{\w+:[^/{}]+/([^{}]+)\}")


def _cell(text: str) -> str:
    return _WORDS.sub(r"\1", text).replace("|", "\\|").replace("\n", " ") or "—"


def _table(severity: Severity, language: Language) -> list[str]:
    """Return the rows of one table of :func:`document`, in the order of the vocabulary."""
    rows = []
    for key, entry in VOCABULARY.items():
        if entry.severity == severity:
            texts = (entry.zh, entry.remedy_zh) if language == "zh" else (entry.en, entry.remedy_en)
            cells = [_cell(text) for text in texts]
            rows.append(f"| `{key}` | {cells[0]} | {cells[1]} |")
    return rows


def document() -> str:
    """Return ``docs/problems.md``: every key with its meaning and what to do, zh and en."""
    lines = [
        "# Problems 问题一览",
        "",
        "Everything Wangge refuses or flags, by key. Written by "
        "`python -m geo.problems > docs/problems.md`; do not edit by hand.",
        "`{…}` stands for the values of the case at hand.",
        "",
        "Wangge 拒绝或提示的每一种情况；`{…}` 处填入具体数值。",
    ]
    severities: tuple[tuple[Severity, str], ...] = (
        ("error", "Errors 错误: refused 拒绝"),
        ("warning", "Warnings 提示: flagged, data is kept 提示，数据保留"),
    )
    for severity, title in severities:
        lines += ["", f"## {title}"]
        lines += ["", "| key 键 | 含义 | 处理办法 |", "|---|---|---|", *_table(severity, "zh")]
        lines += ["", "| key | meaning | what to do |", "|---|---|---|", *_table(severity, "en")]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(document())
