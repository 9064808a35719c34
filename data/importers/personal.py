"""Personal data has no place in the store: found by column name and by what values look like."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.importers.texts import fold_width

_NAMES_ZH = re.compile(
    "姓名|户主|联系人|身份证|证件号|电话|手机|联系方式|微信|邮箱|出生日期|生日|银行卡|车牌"
)
_NAMES = frozenset(
    (
        "XM",
        "XINGMING",
        "HZXM",
        "HZ",
        "HUZHU",
        "SFZ",
        "SFZH",
        "SFZHM",
        "ZJHM",
        "GMSFHM",
        "LXDH",
        "LXR",
        "LXFS",
        "DH",
        "SJ",
        "SJH",
        "SJHM",
        "YX",
        "PHONE",
        "PHONENUMBER",
        "PHONENO",
        "TEL",
        "TELEPHONE",
        "MOBILE",
        "MOBILEPHONE",
        "CELLPHONE",
        "CONTACT",
        "CONTACTNAME",
        "IDCARD",
        "IDCARDNO",
        "IDNUMBER",
        "IDNO",
        "IDENTITY",
        "IDENTITYNUMBER",
        "NATIONALID",
        "PASSPORT",
        "PERSONNAME",
        "PERSON",
        "FIRSTNAME",
        "LASTNAME",
        "SURNAME",
        "HEADNAME",
        "HOUSEHOLDHEAD",
        "HEADOFHOUSEHOLD",
        "HEAD",
        "OWNER",
        "OWNERNAME",
        "EMAIL",
        "WECHAT",
        "BIRTHDAY",
        "BIRTHDATE",
        "DATEOFBIRTH",
        "DOB",
    )
)
# In a register of households a plain name is the name of a person.
_NAMES_OF_HOUSEHOLDS = frozenset(("NAME", "FULLNAME", "名称", "名字"))

# Citizen number (GB 11643): region, birth date, order, check digit. RE2 has no look-around, so
# the neighbours are groups of their own.
_IDENTITY = (
    r"(?P<before>^|[^0-9])(?P<number>[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx])(?P<after>$|[^0-9A-Za-z])"
)
_MOBILE = (
    r"(?P<before>^|[^0-9])(?P<number>(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})"
    r"(?P<after>$|[^0-9])"
)
_PLAIN = r"^[+-]?[0-9]{1,9}(\.[0-9]*)?$"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_DIGITS = np.array(list("10X98765432"))
_SHORTEST_NUMBER = 11
_LONGEST_NAME = 4
# From this share of a column's values on, the column itself is personal.
_SHARE_OF_COLUMN = 0.2
# A column of numbers is stored as numbers only: there a few in the wrong column stay mere faults.
_SHARE_OF_NUMBERS = 0.5


def is_personal_name(column: str, layer: str) -> bool:
    """Return whether a column of ``layer`` is personal by its name.

    Examples
    --------
    >>> is_personal_name("户主姓名", "grids"), is_personal_name("Id_Card", "households")
    (True, True)
    >>> is_personal_name("name", "grids"), is_personal_name("name", "households")
    (False, True)
    """
    plain = re.sub(r"[\s_.\-]", "", column).upper()
    if plain in _NAMES or _NAMES_ZH.search(plain):
        return True
    return layer == "households" and plain in _NAMES_OF_HOUSEHOLDS


def holds_short_numbers(values: pa.Array) -> bool:
    """Return whether ``values`` are floats all shorter than a phone number."""
    if not pa.types.is_floating(values.type):
        return False
    largest = pc.max(pc.abs(values)).as_py()
    return largest is None or not largest >= 10 ** (_SHORTEST_NUMBER - 1)


def find_personal_values(values: pa.Array) -> NDArray[np.bool_]:
    """Return for each text whether it holds a citizen number or a mobile phone number.

    Numbers built like a citizen number count only if their check digits are right; where most
    of a column's are wrong they are codes (12 digits of a village, six of a household) and none
    counts.
    """
    longest = pc.max(pc.utf8_length(values)).as_py() or 0
    if longest < _SHORTEST_NUMBER:
        return np.zeros(len(values), dtype=bool)
    plain = fold_width(values)
    mobile = _mask(pc.match_substring_regex(plain, _MOBILE))
    candidates = np.flatnonzero(_mask(pc.match_substring_regex(plain, _IDENTITY)))
    if len(candidates):
        right = _checks(plain.take(pa.array(candidates)))
        if right.mean() > 0.5 or len(candidates) < 20:
            mobile[candidates[right]] = True
    return mobile


def is_personal_column(values: pa.Array, found: NDArray[np.bool_]) -> bool:
    """Return whether a column is personal by what its values consist of.

    An address with a phone number in it stays an address; a cell that is a number, or a name
    and a number, is personal, and so is a column with many of them. One cell alone may have
    slipped from the next column.
    """
    present = len(values) - values.null_count
    if found.sum() < min(2, present) or found.sum() < _SHARE_OF_COLUMN * present:
        return False
    others = values.filter(pa.array(~found)).drop_null()
    numbers = len(others) and pc.mean(pc.match_substring_regex(others, _PLAIN)).as_py() > 0.5
    share = _SHARE_OF_NUMBERS if numbers else _SHARE_OF_COLUMN
    rest = pc.utf8_length(remove_personal(values.filter(pa.array(found)))).to_numpy()
    return bool((rest <= _LONGEST_NAME).sum() >= max(share * present, 1))


def remove_personal(values: pa.Array) -> pa.Array:
    """Return the texts without the citizen and phone numbers in them, trimmed."""
    plain = fold_width(values)
    for pattern in (_IDENTITY, _MOBILE) * 2:  # twice: neighbours may share one separator
        plain = pc.replace_substring_regex(plain, pattern, r"\1\3")
    return pc.utf8_trim_whitespace(plain)


def _checks(texts: pa.Array) -> NDArray[np.bool_]:
    found = pc.extract_regex(texts, _IDENTITY)
    numbers = [item["number"].upper() for item in found.to_pylist()]
    digits = np.array([[int(c) for c in number[:17]] for number in numbers])
    return np.asarray(
        _CHECK_DIGITS[(digits * _WEIGHTS).sum(axis=1) % 11] == [number[17] for number in numbers]
    )


def _mask(values: pa.BooleanArray) -> NDArray[np.bool_]:
    # a copy: arrow's own memory is read-only
    return np.array(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)
