"""Answers kept in memory for the version they belong to, and for no other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Held(Generic[Key, Value]):
    """The last few answers, each built once.

    A key holds the version of everything the answer was made from, read in the same snapshot.
    Only snapshots of committed data may be asked with: a version counted up in a transaction
    that is rolled back will mean something else later.

    Examples
    --------
    >>> held = Held[str, int](size=2)
    >>> [held.get(key, lambda key=key: len(key)) for key in ("a", "bb", "a")]
    [1, 2, 1]
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.RLock()  # what is built may need something else that is held

    def get(self, key: Key, build: Callable[[], Value]) -> Value:
        """Return the answer for ``key``, building it if it is not there."""
        # Held while building, so that a burst after an edit builds once and not sixteen times.
        with self._lock:
            if key not in self._values:
                self._values[key] = build()
                while len(self._values) > self._size:
                    self._values.popitem(last=False)
            self._values.move_to_end(key)
            return self._values[key]

    def lacking(self, keys: Iterable[Key]) -> list[Key]:
        """Return the keys there is no answer for, to build several of them at one go."""
        with self._lock:
            return [key for key in keys if key not in self._values]


class Recent(Generic[Key, Value]):
    """Many small answers by what they were made from; those not asked for longest go first.

    Examples
    --------
    >>> recent = Recent[str, int](size=2)
    >>> recent.keep({"a": 1, "b": 2})
    >>> recent.find(["a", "c"])
    [1, None]
    >>> recent.keep({"c": 3})
    >>> recent.find(["a", "b", "c"])
    [1, None, 3]
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, keys: Sequence[Key]) -> list[Value | None]:
        """Return the answer for each key, None for one that is not known."""
        with self._lock:
            found = [self._values.get(key) for key in keys]
            for key, value in zip(keys, found, strict=True):
                if value is not None:
                    self._values.move_to_end(key)
        return found

    def keep(self, values: Mapping[Key, Value]) -> None:
        """Keep answers by their keys."""
        with self._lock:
            self._values.update(values)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
