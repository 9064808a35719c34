"""How many units sizes that are being tried would leave below and above, in milliseconds."""

from __future__ import annotations

import json
from typing import NamedTuple
from uuid import UUID

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from api.schemas_merge_runs import Unit
from api.services.analyses import fetch_input_versions
from api.services.caller import Caller
from api.services.merging.counting import shape_counts
from api.services.merging.rules import make_rules
from api.services.merging.units import fetch_sizes
from api.services.plans import opening
from api.services.shapes import Json
from api.services.shelf import Shelf
from data import workspace
from geo.profiles import Profile

_LAYERS = ("divisions", "natural_villages", "grids", "households", "profiles", "plan")


class Sizes(NamedTuple):
    """What is kept of one version of the data."""

    table: pd.DataFrame
    kinds: NDArray[np.object_]
    profile: Profile


def count(
    connection: sa.Connection,
    shelf: Shelf,
    parameters: Json,
    *,
    plan: UUID | None,
    caller: Caller,
) -> Json:
    """Count the units of a scope by size (:class:`api.schemas_merging.MergeCounts`).

    Parameters
    ----------
    parameters
        Of :class:`api.schemas_merge_runs.MergeParameters`; only unit, sizes and scope count.

    Raises
    ------
    NotFound
        When there is no such plan.
    GeoError
        ``merge_without_minimum``; ``missing_rule`` of the profile.
    """
    if plan is not None:
        opening.read_plan(connection, plan, caller)
    unit, scope = parameters["unit"], parameters["scope"]
    versions = fetch_input_versions(connection, plan)
    counted = {name: versions.get(name) for name in ("epoch", *_LAYERS)}
    key = ("merge_sizes", unit, scope, plan, json.dumps(counted, sort_keys=True, default=str))
    sizes = shelf.get(key, lambda: _fetch(connection, unit, scope, plan))
    kinds = sizes.kinds
    applied = make_rules(parameters, sizes.profile, kinds, ascending=False)
    shaped = shape_counts(sizes.table, applied, kinds)
    return {**shaped, "version": workspace.etag(connection, ["grids", "natural_villages"])}


def _fetch(connection: sa.Connection, unit: Unit, scope: str | None, plan: UUID | None) -> Sizes:
    table, profile = fetch_sizes(connection, unit, scope=scope, plan=plan)
    # plain numbers, which are counted at once; NaN is what is not known
    plain = {
        name: table[name].to_numpy(np.float64, na_value=np.nan)
        for name in ("households", "residents")
    }
    return Sizes(pd.DataFrame(plain, index=table.index), table["kind"].to_numpy(object), profile)
