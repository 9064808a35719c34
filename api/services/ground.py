"""What an analysis works on: a snapshot of the store, and what a worker keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from api.services.county import County, fetch_county
from api.services.shapes import Json
from api.services.shelf import Shelf

# Called with how far an analysis is (0–1) and what it is at.
Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Ground:
    """A snapshot with the versions of its layers.

    Parameters
    ----------
    connection
        Open snapshot.
    versions
        As of :func:`api.services.analyses.fetch_input_versions`, read in the same snapshot.
    shelf
        What is kept between runs; every key holds the versions it was made of.
    plan
        The plan whose draft is asked about; None for the lines in force.
    """

    connection: sa.Connection
    versions: Json
    shelf: Shelf
    plan: UUID | None

    def county(self, scope: str | None) -> County:
        """Return the households, centers and land of a scope."""
        key = ("county", scope, self.plan, *sorted(self.versions.items()))
        return self.shelf.get(key, lambda: fetch_county(self.connection, scope))
