"""Names as numbers, for the alignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.address.sounds import near, sound

# Signs that tell one name from its neighbour's: none of a set is a slip for another. 新马家庄 is
# not meant by 老马家庄, and no more by 东马家庄 or 小马家庄.
OPPOSITES = {
    sign: at
    for at, signs in enumerate(
        (
            "0123456789一二三四五六七八九十百",
            "东西南北中前后上下大小新老旧左右里外内",
        ),
        start=1,
    )
    for sign in signs
}


@dataclass(frozen=True)
class Signs:
    """Texts as rows of :func:`sign_row`, and where each sign occurs.

    ``starts`` has one more item than there are texts; ``places_of`` maps a syllable (a sign, where
    it has none) to the texts that hold it.
    """

    rows: NDArray[np.int32]
    starts: NDArray[np.int32]
    lengths: NDArray[np.int32]
    places_of: dict[str, NDArray[np.int32]]

    @classmethod
    def of(cls, texts: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Signs:
        """Return texts, each given as its signs and their syllables, as numbers."""
        rows: list[tuple[int, int, int, int]] = []
        starts = [0]
        occurs: dict[str, list[int]] = {}
        for at, (text, syllables) in enumerate(texts):
            read = syllables if len(syllables) == len(text) else [sound(sign) for sign in text]
            rows += [sign_row(sign, said) for sign, said in zip(text, read, strict=True)]
            starts.append(len(rows))
            for key in {said or sign for sign, said in zip(text, read, strict=True)}:
                occurs.setdefault(near(key), []).append(at)
        limits = np.asarray(starts, dtype=np.int32)
        return cls(
            np.asarray(rows, dtype=np.int32).reshape(-1, 4),
            limits,
            np.diff(limits).astype(np.int32),
            {key: np.asarray(at, dtype=np.int32) for key, at in occurs.items()},
        )

    def sharing(self, keys: Iterable[str], share: float) -> NDArray[np.int32]:
        """Return the texts that hold at least a share of their signs (by sound) among ``keys``."""
        hits = np.zeros(len(self.lengths), dtype=np.int32)
        for key in set(keys):
            found = self.places_of.get(key)
            if found is not None:
                hits[found] += 1
        return np.flatnonzero((hits > 0) & (hits >= share * self.lengths)).astype(np.int32)


def sign_row(sign: str, said: str) -> tuple[int, int, int, int]:
    """Return a sign as (sign, syllable, near syllable, set of opposites) in numbers.

    A syllable is its letters in base 27.
    """
    return ord(sign), _number(said), _number(near(said)), OPPOSITES.get(sign, 0)


def _number(syllable: str) -> int:
    made = 0
    for letter in syllable[:6]:
        made = made * 27 + (ord(letter) - 96 if "a" <= letter <= "z" else 0)
    return made
