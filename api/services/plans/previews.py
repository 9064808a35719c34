"""The edits that were tried last, kept for the moment they are made."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import Generic, TypeVar

import sqlalchemy as sa

from api.services.plans.opening import Row
from data import workspace
from geo.edits import Edit, edit_to_json

Tried = TypeVar("Tried")

# Plan, revision, version of the layers, the edit as it is written.
PreviewKey = tuple[str, int, str, str]

_LAYERS = (
    *("divisions", "natural_villages", "grids", "households", "centers", "profiles"),
    "joint_villages",
)


class Previews(Generic[Tried]):
    """The last edits that were tried and not made yet: mostly the next thing is to make them.

    What was tried counts for one revision of one plan and one version of every layer; made of the
    same, it would come out the same.
    """

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._tried: OrderedDict[PreviewKey, Tried] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: PreviewKey, tried: Tried) -> None:
        """Keep what came of a preview."""
        with self._lock:
            self._tried[key] = tried
            while len(self._tried) > self._size:
                self._tried.popitem(last=False)

    def take(self, key: PreviewKey) -> Tried | None:
        """Return what came of a preview and forget it; None if there was none."""
        with self._lock:
            return self._tried.pop(key, None)


def preview_key(connection: sa.Connection, plan: Row, edit: Edit) -> PreviewKey:
    """Return what the outcome of an edit depends on."""
    said = json.dumps(edit_to_json(edit), sort_keys=True)
    return (str(plan["id"]), int(plan["revision"]), workspace.etag(connection, _LAYERS), said)
