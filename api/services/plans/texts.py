"""Names, notes and comments: short, storable, and without anybody's numbers."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import category

import pyarrow as pa

from api.refusals import BadBody
from data.db import is_storable
from data.importers.personal import find_personal_values

NAME_LIMIT = 200
TEXT_LIMIT = 2_000
_FIELDS_ZH = {"name": "名称", "note": "说明", "text": "评论"}
# Controls, formats (joiners, marks of direction), private and unassigned code points, separators.
_UNSEEN = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
# With these a text shows in another order than it is stored.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORDS = re.compile(r"[^0-9A-Za-z]+")


def clean_name(value: str) -> str:
    """Return a plan's name on one line, trimmed (1 to 200 characters)."""
    name = clean_text(" ".join(value.split()), "name", NAME_LIMIT)
    check_name(name)
    return name


def check_name(name: str) -> None:
    """Refuse a name with signs that cannot be seen: two names must not look the same.

    Raises
    ------
    BadBody
        ``text_unreadable``.
    """
    if any(category(sign) in _UNSEEN for sign in name):
        raise BadBody("text_unreadable", field="name", field_zh=_FIELDS_ZH["name"])


def clean_note(value: str | None) -> str:
    """Return the note of a publication, trimmed; "" where there is none."""
    if value is None or not value.strip():
        return ""
    return clean_text(value, "note", TEXT_LIMIT)


def clean_comment(value: str) -> str:
    """Return the text of a comment, trimmed (1 to 2,000 characters)."""
    return clean_text(value, "text", TEXT_LIMIT)


def clean_text(value: str, field: str, limit: int) -> str:
    """Return a text as it is stored.

    Raises
    ------
    BadBody
        ``text_length``; ``text_unreadable`` for control characters, also those that turn the
        direction of writing; ``personal_text`` for a text with a phone or citizen number.
    """
    text = value.strip()
    named: dict[str, Any] = {"field": field, "field_zh": _FIELDS_ZH.get(field, field)}
    if not 0 < len(text) <= limit:
        raise BadBody("text_length", limit=limit, length=len(text), **named)
    if not is_storable(text) or any(map(_is_control, text)):
        raise BadBody("text_unreadable", **named)
    refuse_personal(text, field)
    return text


def _is_control(sign: str) -> bool:
    return sign in _TURNING or (category(sign) == "Cc" and sign not in "\n\r\t")


def refuse_personal(text: str, field: str) -> None:
    """Refuse a text that holds a phone or citizen number, as a whole or in one of its words."""
    pieces = pa.array([text, *_WORDS.split(text)], pa.string())
    if find_personal_values(pieces).any():
        raise BadBody("personal_text", field=field, field_zh=_FIELDS_ZH.get(field, field))
