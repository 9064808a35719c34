"""Which encoding a text is in: told, or tried strictly; a text is never read as gibberish."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from data.errors import ImportFileError
from geo.problems import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# codecs of escapes and host names: what they give is not what is written
_ESCAPES = frozenset({"unicode-escape", "raw-unicode-escape", "idna", "punycode", "utf-7"})
# What UTF-8 Chinese looks like when read as GBK (the bytes of 的 是 村 县 镇 社 区 and so on);
# no village name holds two of them.
_MOJIBAKE = frozenset("锟斤拷鐨勬槸鏉戝幙闀囩ぞ鍖轰埂琛楅亾甯傜渷")


def looks_like_mojibake(text: str) -> bool:
    """Return whether ``text`` is UTF-8 that was read as GBK.

    Examples
    --------
    >>> looks_like_mojibake("城口县")
    False
    >>> looks_like_mojibake("城口县".encode().decode("gbk", "replace"))
    True
    """
    if "锟斤拷" in text or "\ufffd" in text:
        return True
    chinese = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    return sum(c in _MOJIBAKE for c in chinese) > max(1, len(chinese) // 5)


def find_encoding(content: bytes, file: str, *, asked: str | None) -> str:
    """Return the encoding of the text file ``content``.

    Parameters
    ----------
    content
        The whole file.
    file
        Name for the report.
    asked
        The user's word: used, or refused if the text cannot be read so.

    Raises
    ------
    ImportFileError
        ``encoding_wrong`` or ``encoding_unknown``.
    """
    if asked is not None:
        return _asked(content, file, asked)
    for mark, encoding in _MARKS:
        if content.startswith(mark) and reads_as(content, encoding):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if reads_as(content, encoding):
            return encoding
    half = content[: len(content) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        if half.count(b"\x00") * 8 > len(half) and reads_as(half, encoding):
            return encoding
    raise ImportFileError(Problem("encoding_unknown", {"file": file}))


def find_field_encoding(
    values: Sequence[bytes], file: str, *, asked: str | None, label: str | None
) -> str:
    """Return the encoding of text fields that may be cut in the middle of a character (DBF).

    Parameters
    ----------
    values
        Distinct field values and column names as bytes.
    label
        What the file says of itself (``.cpg``). Strict UTF-8 goes before it: Chinese text in GBK
        is practically never valid UTF-8, while wrong labels are common.

    Raises
    ------
    ImportFileError
        ``encoding_wrong`` or ``encoding_unknown``.
    """
    if asked is not None:
        return _asked(b"\n".join(trim_cut(v, asked) for v in values), file, asked)
    for encoding in filter(None, ("utf-8", label, "gb18030")):
        text = b"\n".join(trim_cut(v, encoding) for v in values)
        if reads_as(text, encoding):
            return encoding
    raise ImportFileError(Problem("encoding_unknown", {"file": file}))


def trim_cut(value: bytes, encoding: str) -> bytes:
    """Drop an incomplete character from the end of ``value``: DBF fields are cut by bytes."""
    if not _is_text(encoding):
        return value
    try:
        value.decode(encoding)
    except UnicodeDecodeError as error:
        if error.end >= len(value) and len(value) - error.start < 4:
            return value[: error.start]
    except UnicodeError:  # UTF-16 without its mark, for one
        return value
    return value


def reads_as(content: bytes, encoding: str) -> bool:
    """Return whether ``content`` is text in ``encoding`` and not gibberish."""
    text = _decode(content, encoding)
    if text is None or "\x00" in text:  # with NUL: UTF-16 text taken for something else
        return False
    # strictly valid UTF-8 is what it is; broken UTF-8 is often valid, odd GBK
    return encoding == "utf-8" or not looks_like_mojibake(text[:200_000])


def _asked(content: bytes, file: str, asked: str) -> str:
    text = _decode(content, asked)
    if text is None or "\x00" in text:  # no table has NUL, and the store cannot hold it
        details = {"file": file, "encoding": asked[:50]}
        raise ImportFileError(Problem("encoding_wrong", details))
    return asked


def _decode(content: bytes, encoding: str) -> str | None:
    if not _is_text(encoding):
        return None
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _is_text(encoding: str) -> bool:
    """Return whether ``encoding`` is one of texts: Python also has zlib, hex and the like."""
    try:
        known = codecs.lookup(encoding).name
        "".encode(encoding)
    except (LookupError, ValueError):  # also a name with NUL, and the codec "undefined"
        return False
    return known not in _ESCAPES
