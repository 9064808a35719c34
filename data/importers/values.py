"""From what a cell holds to what the field means: text, codes, counts, choices, dates.

Every function takes an Arrow array of any plain type and returns an array of the same length;
values that cannot be are reported by row and become missing. Nothing loops over rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.importers.log import ProblemLog
from data.importers.quoting import printable, quote
from data.importers.texts import as_text, fold_width, strip_marks, strip_zero_decimals
from geo.frames import Field
from geo.road_words import ZONE_KMH

_WHOLE = r"^[+-]?\d+(\.0*)?$"
_PLAIN_COUNT = r"^\d{1,9}$"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_SCIENTIFIC = r"^[+-]?\d(\.\d+)?[eE]\+?\d+$"
_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?|月)?|年)?"
    r"(?P<time>[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_SPEED = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d+)?)\s*"
    r"(?P<unit>mph|km/?h|kph|kmph|公里/小时|公里/时|公里每小时|千米/时)?",
    re.ASCII | re.IGNORECASE,
)
_MILE_KM = 1.609344
_FASTEST_KMH = 200.0
_CONTROL = r"[\x00-\x1f\x7f]"
_FIRST_YEAR = 1900
_LARGEST_COUNT = 2**31 - 1
# beyond it a double no longer holds every whole number
_LARGEST_EXACT = 2**53


def read_values(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    """Return ``values`` as the kind of ``field``, its faults reported.

    Returns
    -------
    pyarrow.Array
        text, code, choice, codes, counts: large_string (``codes`` joined by ``;``, ``counts`` as
        canonical JSON); count: int64; number, speed: float64; instant: timestamp in UTC; flag:
        bool.
    """
    return _READERS[field.kind](field, values, rows, problems)


def _read_text(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    texts = as_text(values)
    wrong = _mask(pc.match_substring(texts, "\x00"))  # no database takes it
    return _drop(field, "text_not_valid", wrong, texts, rows, problems)


def _read_code(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    lost = np.zeros(len(values), dtype=bool)
    if pa.types.is_floating(values.type):
        numbers = values.to_numpy(zero_copy_only=False).astype(np.float64)
        lost = np.abs(np.nan_to_num(numbers)) > _LARGEST_EXACT
    texts = strip_zero_decimals(strip_marks(fold_width(as_text(values))))
    control = _mask(pc.match_substring_regex(texts, _CONTROL))
    texts = _drop(field, "text_not_valid", control, texts, rows, problems)
    lost |= _mask(pc.match_substring_regex(texts, _SCIENTIFIC))
    return _drop(field, "code_digits_lost", lost, texts, rows, problems)


def _read_count(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    texts = strip_marks(fold_width(as_text(values)))
    if pc.all(pc.match_substring_regex(texts, _PLAIN_COUNT)).as_py() is not False:
        return texts.cast(pa.int64())
    whole = _mask(pc.match_substring_regex(texts, _WHOLE))
    number = _mask(pc.match_substring_regex(texts, _NUMBER))
    present = _mask(pc.is_valid(texts))
    texts = _drop(field, "count_not_number", present & ~number, texts, rows, problems)
    texts = _drop(field, "count_not_whole", number & ~whole, texts, rows, problems)
    digits = strip_zero_decimals(pc.replace_substring_regex(texts, r"^\+", ""))
    long = _mask(pc.greater(pc.utf8_length(digits), 11))
    negative = _mask(pc.match_substring_regex(digits, r"^-0*[1-9]"))
    digits = _drop(field, "count_negative", negative, digits, rows, problems)
    digits = _drop(field, "count_too_large", long & ~negative, digits, rows, problems)
    counts = digits.cast(pa.int64())
    big = _mask(pc.greater(counts, _LARGEST_COUNT))
    _drop(field, "count_too_large", big, digits, rows, problems)
    return pc.if_else(pa.array(big), None, counts)


def _read_number(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    texts = as_text(values)
    wrong = _mask(pc.is_valid(texts)) & ~_mask(pc.match_substring_regex(texts, _NUMBER))
    wrong |= _mask(pc.match_substring_regex(texts, r"^-0*\.?0*[1-9]"))
    texts = _drop(field, "number_not_valid", wrong, texts, rows, problems)
    numbers = texts.cast(pa.float64())
    infinite = _mask(pc.is_inf(numbers))  # 1e999
    _drop(field, "number_not_valid", infinite, texts, rows, problems)
    return pc.if_else(pa.array(infinite), None, numbers)


def _read_choice(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    values = _leave_out(field, values, rows, problems)
    words = {
        word.upper(): choice
        for choice, others in field.choices.items()
        for word in (choice, *others)
    }
    listed = ", ".join(f"{c} ({others[0]})" for c, others in field.choices.items())
    return _by_distinct(
        field, values, rows, problems, "choice_unknown", lambda v: words[v.upper()], listed
    )


def _leave_out(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    """Leave out the rows that name what does not belong into the layer."""
    if not field.left_out:
        return values
    texts = as_text(values)
    outside = pa.array([word.upper() for word in sorted(field.left_out)], pa.large_string())
    where = np.flatnonzero(_mask(pc.is_in(pc.utf8_upper(texts), outside)))
    problems.leave_out(
        "row_left_out",
        rows[where],
        lambda i: {
            "field_zh": field.zh,
            "field_en": field.en,
            "value": texts[int(where[i])].as_py(),
        },
        field=field.name,
    )
    told = np.zeros(len(texts), dtype=bool)
    told[where] = True
    return pc.if_else(pa.array(told), None, texts)


def _read_flag(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    """Read yes and no; any other word says of which kind it is, so it is a yes."""
    texts = pc.utf8_upper(as_text(values))
    no = pa.array(["NO", "FALSE", "0", "F", "N", "否", "无", "不是"], pa.large_string())
    return pc.if_else(pc.is_null(texts), None, pc.invert(pc.is_in(texts, no)))


def _read_speed(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    """Read km/h; a road whose speed says nothing goes by its class, and that is told."""
    texts = fold_width(as_text(values))
    encoded = pc.dictionary_encode(texts)
    speeds = pa.array([_speed_of(text) for text in encoded.dictionary.to_pylist()], pa.float64())
    speed = speeds.take(encoded.indices)
    where = np.flatnonzero(_mask(pc.is_valid(texts)) & ~_mask(pc.is_valid(speed)))
    problems.add_rows(
        "speed_unknown",
        rows[where],
        lambda i: {
            "field_zh": field.zh,
            "field_en": field.en,
            "value": quote(texts[int(where[i])].as_py()),
        },
        field=field.name,
    )
    return speed


def _speed_of(text: str) -> float | None:
    """Return km/h; of several, as by lane or by hour, the least.

    Examples
    --------
    >>> [_speed_of(t) for t in ("60", "60公里/小时", "30 mph", "80;60", "CN:urban", "none")]
    [60.0, 60.0, 48.3, 60.0, 50.0, None]
    """
    speeds = []
    for part in re.split(r"[;|,；，]", text):
        found = _SPEED.fullmatch(part.strip())
        if found:
            factor = _MILE_KM if (found["unit"] or "").lower() == "mph" else 1.0
            speeds.append(round(float(found["number"]) * factor, 1))
        elif part.strip().upper() in ZONE_KMH:
            speeds.append(ZONE_KMH[part.strip().upper()])
    slowest = min(speeds, default=0.0)
    return slowest if 0 < slowest <= _FASTEST_KMH else None


def _read_codes(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    def join(value: str) -> str:
        if value.startswith("["):
            return ";".join(str(item).strip() for item in json.loads(value))
        return ";".join(w.strip() for w in re.split(r"[;；,，、|]", value) if w.strip())

    return _by_distinct(field, values, rows, problems, "choice_unknown", join, "")


def _read_counts(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    def canonical(value: str) -> str:
        if value.startswith("{"):
            pairs = list(json.loads(value).items())
        else:
            parts = [p for p in re.split(r"[;；,，、|]", value) if p.strip()]
            pairs = [tuple(re.split(r"[:：=]", part, maxsplit=1)) for part in parts]
        counts = {str(name).strip(): int(str(count)) for name, count in pairs}
        if any(not name or count < 0 or count > _LARGEST_COUNT for name, count in counts.items()):
            raise ValueError(value)
        if any(printable(name) != name for name in counts):
            raise ValueError(value)
        return json.dumps(counts, ensure_ascii=False, sort_keys=True)

    return _by_distinct(field, values, rows, problems, "counts_not_valid", canonical, "")


def _read_instant(
    field: Field, values: pa.Array, rows: NDArray[np.int64], problems: ProblemLog
) -> pa.Array:
    def instant(value: str) -> str:
        found = _DATE.fullmatch(re.sub(r"^(\d{4})(\d{2})(\d{2})\b", r"\1-\2-\3", value))
        if found is None:  # pandas also reads now, today and -1
            raise ValueError(value)
        day = "-".join(part for part in found.group("year", "month", "day") if part)
        when = pd.Timestamp(day + (found["time"] or ""))
        if when.year < _FIRST_YEAR:
            raise ValueError(value)
        if when.tzinfo is None:  # a plain date is a day in China
            when = when.tz_localize("Asia/Shanghai")
        return str(when.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%S.%f"))

    texts = _by_distinct(field, values, rows, problems, "date_not_valid", instant, "")
    return texts.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))


def _by_distinct(
    field: Field,
    values: pa.Array,
    rows: NDArray[np.int64],
    problems: ProblemLog,
    key: str,
    read: Callable[[str], str],
    listed: str,
) -> pa.Array:
    """Read each distinct value once; ``read`` raises for one that cannot be."""
    texts = as_text(values)
    encoded = pc.dictionary_encode(texts)
    results: list[str | None] = []
    for value in encoded.dictionary.to_pylist():
        try:
            meaning = read(value)
        except (KeyError, ValueError, AttributeError, TypeError, RecursionError):
            results.append(None)
        else:
            # escapes of JSON may spell what no database takes
            results.append(meaning if meaning == printable(meaning) else None)
    meant = pa.array(results, pa.large_string()).take(encoded.indices)
    wrong = _mask(pc.is_valid(texts)) & ~_mask(pc.is_valid(meant))
    _drop(field, key, wrong, texts, rows, problems, choices=listed)
    return meant


def _drop(
    field: Field,
    key: str,
    wrong: NDArray[np.bool_],
    texts: pa.Array,
    rows: NDArray[np.int64],
    problems: ProblemLog,
    **more: str,
) -> pa.Array:
    """Report the rows where ``wrong`` and return ``texts`` without their values."""
    if not wrong.any():
        return texts
    where = np.flatnonzero(wrong)
    problems.add_rows(
        key,
        rows[where],
        lambda i: {
            "field_zh": field.zh,
            "field_en": field.en,
            "value": quote(texts[int(where[i])].as_py()),
            **more,
        },
        field=field.name,
    )
    return pc.if_else(pa.array(wrong), None, texts)


def _mask(values: pa.Array) -> NDArray[np.bool_]:
    return np.array(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)


_READERS: dict[str, Callable[[Field, pa.Array, NDArray[np.int64], ProblemLog], pa.Array]] = {
    "text": _read_text,
    "code": _read_code,
    "count": _read_count,
    "number": _read_number,
    "choice": _read_choice,
    "codes": _read_codes,
    "counts": _read_counts,
    "instant": _read_instant,
    "flag": _read_flag,
    "speed": _read_speed,
}
