"""What is kept of an answer so that a later question solves again only what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.merging.contacts import Contacts
from geo.merging.result import Left, Suggestion
from geo.problems import Problem
from geo.reach.matrix import Ways


@dataclass(frozen=True)
class ZoneMemory:
    """A zone's answer, by codes, under the digest of all that it depends on.

    ``ways`` are those between the members of each group, if they had to be searched.
    """

    digest: str
    groups: tuple[tuple[str, ...], ...]
    gaps: Mapping[int, int | None]
    limited: int
    candidates: int
    suggestions: tuple[Suggestion, ...]
    left: tuple[Left, ...]
    ways: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Memory:
    """What a later question may start from."""

    ground: str
    contacts: Contacts
    contact_problems: tuple[Problem, ...]
    ways: Ways | None
    zones: Mapping[str, ZoneMemory]
