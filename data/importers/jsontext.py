"""A JSON text taken value by value: never whole in memory, and where it breaks is known."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from data.errors import ImportFileError
from geo.problems import Problem

_WINDOW_BYTES = 4_000_000
# an error this near to the end of what was read may only mean that more must be read
_NEAR = 16


class JsonText:
    """A cursor in a JSON text.

    Parameters
    ----------
    file
        Open for reading bytes, in UTF-8.
    name
        Name of the file for the report.

    Raises
    ------
    ImportFileError
        ``truncated_json`` or ``broken_json`` with the byte, from every method.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._bytes = codecs.getincrementaldecoder("utf-8")()
        # whole numbers of thousands of digits are refused by Python; here none is computed with
        self._json = json.JSONDecoder(parse_int=str)
        self._text = ""
        self._at = 0
        self._before = 0  # bytes of the file before the text that is held
        self._ended = False
        self._more()
        if self._text.startswith("\ufeff"):
            self._at = 1

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    def value(self) -> object:
        """Return the next value; whole numbers are left as text."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise self._broken(self._at) from error
            except json.JSONDecodeError as error:
                unfinished = error.pos >= len(self._text.rstrip()) - _NEAR
                unfinished = unfinished or error.msg.startswith("Unterminated")
                if self._ended or not unfinished:
                    raise self._broken(error.pos, error.msg) from error
            else:
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._more()

    def members(self) -> Iterator[str]:
        """Go through an object: for each key the caller takes the value before the next."""
        for _ in self._parts("}"):
            key = self.value()
            if not isinstance(key, str) or self.peek() != ":":
                raise self._broken(self._at)
            self._at += 1
            yield key

    def elements(self) -> Iterator[object]:
        """Go through an array, one value at a time."""
        for _ in self._parts("]"):
            yield self.value()

    def end(self) -> None:
        """Check that nothing follows."""
        if self.peek():
            raise self._broken(self._at)

    def _parts(self, closing: str) -> Iterator[None]:
        self._at += 1  # the opening bracket
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            yield
            found = self.peek()
            if found not in (",", closing) or not found:
                raise self._broken(self._at)
            self._at += 1
            if found == closing:
                return

    def _more(self) -> None:
        """Read on; what was taken is let go, and what was not is read by doubling."""
        self._before += len(self._text[: self._at].encode())
        self._text = self._text[self._at :]
        self._at = 0
        piece = self._file.read(max(_WINDOW_BYTES, len(self._text)))
        self._text += self._bytes.decode(piece, final=not piece)
        self._ended = not piece

    def _broken(self, position: int, message: str = "") -> ImportFileError:
        # an unterminated string is reported at its beginning, yet it is the end that is missing
        at_end = self._ended and (
            position >= len(self._text.rstrip()) - 1 or message.startswith("Unterminated")
        )
        upto = self._text if at_end else self._text[:position]
        byte = self._before + len(upto.encode())
        key = "truncated_json" if at_end else "broken_json"
        return ImportFileError(Problem(key, {"file": self._name, "byte": byte}))


def not_geojson(name: str, kind: object) -> Problem:
    """Return the refusal of a JSON text whose ``type`` is ``kind``."""
    known = {"Topology": "TopoJSON", "list": "JSON array", "None": "JSON object"}
    return Problem("not_geojson", {"file": name, "found": known.get(str(kind), str(kind)[:50])})
