"""What a worker keeps between runs: networks and frames, by what they were made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from api.services.held import Held

Value = TypeVar("Value")
KEPT = 12


class Shelf:
    """A few things that are dear to make, each kept for the versions of the layers it is made of.

    Examples
    --------
    >>> shelf = Shelf()
    >>> shelf.get(("roads", 3), lambda: "network"), shelf.get(("roads", 3), lambda: "another")
    ('network', 'network')
    """

    def __init__(self, size: int = KEPT) -> None:
        self._held = Held[Hashable, Any](size)

    def get(self, key: Hashable, build: Callable[[], Value]) -> Value:
        """Return what lies under ``key``, made now if nothing does."""
        return cast("Value", self._held.get(key, build))
