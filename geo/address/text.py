"""An address in one spelling: width, script, invisible signs, private numbers."""

from __future__ import annotations

import functools
import importlib.resources
import re
import unicodedata
from dataclasses import dataclass

from geo.address.numerals import HAN
from geo.address.words import names_a_place

# Nobody's address is longer; what is longer is a pasted document.
MAX_LENGTH = 200

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")
_SEPARATORS = re.compile(r"[^\w#+\-&]+|_+")
# (原葛城镇), (现为社区): remarks on what a place was or is called
_FORMER = re.compile(
    r"[(\[【〔<《](?:原|旧|曾|又名|又称|俗称|小地名|即|现)[^)\]】〕>》]*[)\]】〕>》]"
)
_BRACKETS = re.compile(r"[(\[【〔<《]([^)\]】〕>》]*)[)\]】〕>》]")
_NUMBER = re.compile(rf"[0-9]|[{HAN}]+[组社队排号户栋幢]")
_DASHES = re.compile(r"[‐‑‒–—―−~～]+")
_LONE_DASH = re.compile(r"(?<![0-9])-|-(?![0-9])")
# Telephones and identity cards: never needed to find a house, never kept.
_PRIVATE = re.compile(
    rf"(?<![0-9a-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}(?!\d)"
    rf"|(?<!\d)0\d{{2,3}}[- ]?\d{{7,8}}(?!\d)|\d{{7,}}x?|[{HAN}]{{7,}}"
)


@dataclass(frozen=True)
class Spelling:
    """An address in one spelling.

    ``text`` holds Han characters, small Latin letters without accents, digits, ``-`` and ``#``,
    and single spaces where anything else stood; ``private`` tells that telephone or identity
    numbers were dropped, ``cut`` that it was too long to be an address (then ``text`` is empty).
    ``bare`` is the text without remarks in brackets that name no place and hold no number,
    ``remark`` what they say; both ``""`` if there are none.
    """

    text: str
    private: bool = False
    cut: bool = False
    bare: str = ""
    remark: str = ""


def spell(text: str) -> Spelling:
    """Return an address in one spelling.

    Examples
    --------
    >>> spell("城口縣　修齊鎮４組１號").text, spell("Píngbà Zhèn, No. 3").text
    ('城口县修齐镇4组1号', 'pingba zhen no 3')
    >>> spell("葛城街道 13800000000")
    Spelling(text='葛城街道', private=True, cut=False, bare='', remark='')
    """
    if len(text) > MAX_LENGTH:
        return Spelling("", cut=True)
    plain = _INVISIBLE.sub("", _one_width(text)).translate(simplified()).lower()
    plain = _LONE_DASH.sub(" ", _DASHES.sub("-", _without_accents(plain)))
    spaced = re.sub(r"\s+", " ", _FORMER.sub(" ", plain))
    known = _PRIVATE.sub(" ", spaced)
    kept = _one_space(known)
    remarks = [said for said in _BRACKETS.findall(known) if not _tells(said)]
    bare = _BRACKETS.sub(lambda found: found[0] if _tells(found[1]) else " ", known)
    return Spelling(
        kept,
        private=known != spaced,
        bare=_one_space(bare) if remarks else "",
        remark=" ".join(remarks),
    )


def _one_space(text: str) -> str:
    """Return a text with one space for each run of separators, none behind a Han sign."""
    return re.sub(r"(?<=[^\x00-\x7f]) ", "", _SEPARATORS.sub(" ", text)).strip()


def _tells(remark: str) -> bool:
    """Whether what stands in brackets may say where an address is."""
    return bool(_NUMBER.search(remark)) or names_a_place("□" + remark) is not None


def spell_name(name: str) -> str:
    """Return the name of a place in the spelling of :func:`spell`, without spaces.

    Examples
    --------
    >>> spell_name("土城 社區"), spell_name("No.3 Village")
    ('土城社区', 'no3village')
    """
    return spell(name[:MAX_LENGTH]).text.replace(" ", "")


def _one_width(text: str) -> str:
    """NFKC; numbers in a circle, in brackets or Roman become digits first (③, ㈢, Ⅲ)."""
    made = []
    for sign in text:
        value = unicodedata.numeric(sign, None) if _is_dressed(sign) else None
        made.append(sign if value is None or value != int(value) else f"{int(value)}")
    return unicodedata.normalize("NFKC", "".join(made))


def _is_dressed(sign: str) -> bool:
    return "\u2160" <= sign <= "\u2188" or "\u2460" <= sign <= "\u24ff" or "㈠" <= sign <= "㊉"


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.replace("ü", "v"))
    return unicodedata.normalize(
        "NFC", "".join(sign for sign in apart if not "\u0300" <= sign <= "\u036f")
    )


@functools.cache
def simplified() -> dict[int, str]:
    """Return traditional character → simplified, for ``str.translate``.

    Source: character table of OpenCC (Apache 2.0); of several simplified forms the first, which
    is the commonest. Phrases are not looked at: names of places are compared, not read.
    """
    table = importlib.resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text("utf-8").splitlines() if "\t" in line)
    made = {ord(old): new.split(" ")[0] for old, new in pairs if len(old) == 1}
    return made | {ord("號"): "号", ord("乡"): "乡"}
