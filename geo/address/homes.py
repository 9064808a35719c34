"""The households of the register, to be found by place, group and number."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.address.answer import Element
from geo.address.doors import Door
from geo.address.gazetteer import LOCALITY, Gazetteer
from geo.address.names import locality_key
from geo.address.words import LEVELS

Rows = NDArray[np.int64]
_VILLAGE = LEVELS.index("village")
# Behind every digit of a code.
_LAST_SIGN = "~"
_LABELS: tuple[Literal["building", "unit", "room"], ...] = ("building", "unit", "room")


@dataclass(frozen=True)
class Homes:
    """The register as arrays, sorted by village; made by :func:`make_homes`.

    ``row`` is the position in the frame it was made from; ``village`` and ``locality`` are places
    of the gazetteer, -1 for none; numbers are -1 for none; ``labels`` are positions in
    ``label_of``, 0 for none.
    """

    gazetteer: Gazetteer
    row: Rows
    village: NDArray[np.int32]
    locality: NDArray[np.int32]
    group: NDArray[np.int32]
    number: NDArray[np.int32]
    sub: NDArray[np.int32]
    labels: dict[str, NDArray[np.int32]]
    label_of: dict[str, int]

    @cached_property
    def group_of(self) -> dict[int, int]:
        """Group of each natural village that the register knows in one group only."""
        known = (self.locality >= 0) & (self.group >= 0)
        pairs = np.unique(np.stack([self.locality[known], self.group[known]], axis=1), axis=0)
        places, first, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
        alone = count == 1
        return dict(zip(places[alone].tolist(), pairs[first[alone], 1].tolist(), strict=True))

    @cached_property
    def groups_known(self) -> dict[int, frozenset[int]]:
        """All groups the register knows of each natural village."""
        known = (self.locality >= 0) & (self.group >= 0)
        made: dict[int, set[int]] = {}
        for place, group in np.unique(
            np.stack([self.locality[known], self.group[known]], axis=1), axis=0
        ).tolist():
            made.setdefault(place, set()).add(group)
        return {place: frozenset(groups) for place, groups in made.items()}

    def prepare(self) -> None:
        """Work out what is needed by the first query that has a group, so that it does not wait."""
        for _ in (self.group_of, self.told_group, self.groups_known):
            pass

    def groups_in(self, village: int) -> frozenset[int]:
        """Return the groups the register knows of a village."""
        found = np.unique(self.told_group[self.within(village)]) if village >= 0 else ()
        return frozenset(int(group) for group in found) - {-1}

    @cached_property
    def told_group(self) -> NDArray[np.int32]:
        """Group of each household: as written, else its natural village's, else -1."""
        told = self.group.copy()
        unsaid = np.flatnonzero((told < 0) & (self.locality >= 0))
        places, back = np.unique(self.locality[unsaid], return_inverse=True)
        groups = np.asarray([self.group_of.get(at, -1) for at in places.tolist()], dtype=np.int32)
        if len(unsaid):
            told[unsaid] = groups[back]
        return told

    def within(self, place: int) -> slice:
        """Return the households of a division, as a slice of the arrays."""
        places = self.gazetteer.places
        if places[place].level > _VILLAGE:
            place = places[place].parent
        if places[place].level == _VILLAGE:
            first = last = place
        else:
            first, last = self._villages_of(places[place].code)
        # of the array's own kind, or the whole of it is copied
        limits = np.asarray([first, last + 1], dtype=self.village.dtype)
        start, stop = np.searchsorted(self.village, limits)
        return slice(int(start), int(stop))

    def _villages_of(self, code: str) -> tuple[int, int]:
        """Return a division's first and last village; places of a level are sorted by code."""
        places, codes = self._villages
        first = bisect.bisect_left(codes, code)
        last = bisect.bisect_left(codes, code + _LAST_SIGN, first)
        return (places[first], places[last - 1]) if first < last else (0, -1)

    @cached_property
    def _villages(self) -> tuple[list[int], list[str]]:
        held = [at for at, place in enumerate(self.gazetteer.places) if place.level == _VILLAGE]
        return held, [self.gazetteer.places[at].code for at in held]

    def of_unit(self, place: int, group: int | None) -> Rows:
        """Return the households of a place and group: by what is written, or by what it implies.

        Parameters
        ----------
        place
            A division or natural village.
        group
            Group, ``None`` for all.
        """
        held = self.within(place)
        base = held.start
        found = np.ones(held.stop - held.start, dtype=bool)
        if self.gazetteer.places[place].level == LOCALITY:
            implied = self.group_of.get(place, -1) if group is None else group
            here = self.locality[held] == place
            unsaid = (self.locality[held] < 0) & (self.group[held] == implied) & (implied >= 0)
            found &= here | unsaid
        if group is not None:
            told = self.told_group[held]
            found &= (told == group) | ((told < 0) & (self.locality[held] == place))
        rows: Rows = np.flatnonzero(found) + base
        return rows

    def with_door(self, rows: Rows, door: Door) -> tuple[Rows, tuple[Element, ...], bool]:
        """Return the households with a house number.

        The number must be theirs; sub-number, building, unit and room too, where any of them has
        one. Where the address does not say a sub-number, those without one come first.

        Returns
        -------
        rows, missing, exact
            Households; what of the number none of them has; whether they have it just so.
        """
        missing: list[Element] = []
        if door.number is not None:
            rows = rows[self.number[rows] == door.number]
        for name in _LABELS:
            said = getattr(door, name)
            wanted = self.label_of.get(said, -1) if said else 0
            rows, known = _prefer(rows, self.labels[name][rows], wanted, bool(said))
            if said and not known:
                missing.append(name)
        if door.number is None and {"building", "room"} & set(missing):
            return rows[:0], tuple(missing), False
        rows, known = _prefer(
            rows, self.sub[rows], -1 if door.sub is None else door.sub, door.sub is not None
        )
        if door.sub is not None and not known:
            missing.append("sub")
        said = door.sub is not None
        exact = not missing and (said or bool((self.sub[rows] < 0).any()))
        return rows, tuple(missing), exact

    def of_unknown(self, place: int, group: int | None) -> Rows:
        """Return the households that may be of a place and group as nothing says otherwise.

        Those of its village without a group, and (for a natural village) without another name.
        """
        held = self.within(place)
        at_locality = self.gazetteer.places[place].level == LOCALITY
        if not at_locality and group is None:
            return np.zeros(0, dtype=np.int64)
        unknown = self.told_group[held] < 0
        if at_locality:
            unknown &= self.locality[held] < 0
        rows: Rows = np.flatnonzero(unknown) + held.start
        return rows

    def as_written(self, rows: Rows, place: int, group: int | None) -> Rows:
        """Return those of the households whose address says just what was asked, else all."""
        at_locality = self.gazetteer.places[place].level == LOCALITY
        same = self.locality[rows] == place if at_locality else self.locality[rows] < 0
        if group is not None:
            same &= self.group[rows] == group
        elif not at_locality:
            same &= self.group[rows] < 0
        return rows[same] if same.any() else rows


def _prefer(rows: Rows, values: NDArray[np.int32], wanted: int, said: bool) -> tuple[Rows, bool]:
    """Return the rows of a value if there are any, else all of them."""
    same = values == wanted
    if same.any():
        return rows[same], True
    return rows, not said


def make_homes(register: pd.DataFrame, gazetteer: Gazetteer) -> Homes:
    """Return the households of a register as arrays.

    Parameters
    ----------
    register
        ``village_code``, ``locality``, ``group_no``, ``number``, ``sub_number``, ``building``,
        ``unit``, ``room`` (:func:`geo.address.register.read_addresses`);
        ``natural_village_code``, if given, where the address names no natural village.
    gazetteer
        Its places hold the villages and localities.
    """
    village = _codes(register["village_code"], lambda code: gazetteer.by_code.get(code, -1))
    order = np.argsort(village, kind="stable")
    order = order[village[order] >= 0]
    village = village[order]
    locality = _localities(register["locality"].iloc[order], village, gazetteer)
    if "natural_village_code" in register:
        settled = _codes(
            register["natural_village_code"].iloc[order],
            lambda code: gazetteer.by_code.get(code, -1),
        )
        locality = np.where(locality < 0, settled, locality)
    label_of: dict[str, int] = {"": 0}
    labels: dict[str, NDArray[np.int32]] = {
        name: _codes(register[name].iloc[order], lambda s: label_of.setdefault(s, len(label_of)))
        for name in _LABELS
    }
    numbers = {
        name: register[name].iloc[order].fillna(-1).to_numpy(dtype=np.int32)
        for name in ("group_no", "number", "sub_number")
    }
    return Homes(
        gazetteer,
        order.astype(np.int64),
        village,
        locality,
        numbers["group_no"],
        numbers["number"],
        numbers["sub_number"],
        labels,
        label_of,
    )


def _codes(column: pd.Series[str], find: Callable[[str], int]) -> NDArray[np.int32]:
    held = column.astype("category")
    values = np.asarray([find(str(v)) for v in held.cat.categories], dtype=np.int32)
    codes = held.cat.codes.to_numpy()
    empty = find("")
    made = np.full(len(codes), empty, dtype=np.int32)
    known = codes >= 0
    if len(values):
        made[known] = values[codes[known]]
    return made


def _localities(
    names: pd.Series[str], village: NDArray[np.int32], gazetteer: Gazetteer
) -> NDArray[np.int32]:
    held = names.astype("category")
    spelled = [locality_key(str(name)) for name in held.cat.categories]
    codes = held.cat.codes.to_numpy()
    size = len(spelled) + 1
    pairs, back = np.unique(village.astype(np.int64) * size + codes + 1, return_inverse=True)
    found = np.asarray(
        [
            gazetteer.localities.get((pair // size, spelled[pair % size - 1]), -1)
            if pair % size
            else -1
            for pair in pairs.tolist()
        ],
        dtype=np.int32,
    )
    return found[back] if len(found) else np.zeros(0, dtype=np.int32)


def localities_of(register: pd.DataFrame) -> pd.DataFrame:
    """Return the localities a register names, once a village.

    Returns
    -------
    DataFrame
        ``village_code``, ``name``, ``code`` (empty), for
        :func:`geo.address.gazetteer.make_gazetteer`.
    """
    named = register.loc[register["locality"].fillna("") != "", ["village_code", "locality"]]
    once = named.drop_duplicates().rename(columns={"locality": "name"})
    return once.assign(code="").reset_index(drop=True)
