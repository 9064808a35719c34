"""What a problem says: severity, and a sentence with its remedy in zh and en."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]


class Sentence(NamedTuple):
    """What a key means and what to do: ``error`` refuses, ``warning`` flags."""

    severity: Severity
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


def error(zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Sentence:
    """Make the sentence of a refusal."""
    return Sentence("error", zh, en, remedy_zh, remedy_en)


def warning(zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Sentence:
    """Make the sentence of a flag: the data is kept."""
    return Sentence("warning", zh, en, remedy_zh, remedy_en)
