"""A finished run of merges as what is written into files."""

from __future__ import annotations

import json
import uuid

import geopandas as gpd
import sqlalchemy as sa

from api.services import reports, runs
from api.services.caller import Caller
from api.services.files.merging import Merged
from api.services.merging.tables import TABLES
from api.services.tables import Language, flatten
from api.settings import Settings
from geo.crs import STORE_CRS


def fetch_merged(
    connection: sa.Connection, run: uuid.UUID, *, settings: Settings, caller: Caller
) -> Merged:
    """Return a finished run with its layers and tables; its page is written while connected.

    Raises
    ------
    NotFound, Conflict
        From :mod:`api.services.runs`.
    """
    result = runs.fetch_result(connection, run, caller)

    def layer(name: str) -> gpd.GeoDataFrame:
        features = json.loads(runs.fetch_layer(connection, run, name, caller))["features"]
        if not features:
            return gpd.GeoDataFrame({"id": []}, geometry=[], crs=STORE_CRS)
        return gpd.GeoDataFrame.from_features(features, crs=STORE_CRS)

    tables = {name: make(result, layer) for name, make in TABLES.items()}

    def write_page(language: Language) -> bytes:
        return reports.write_run(connection, run, settings, language, caller).encode()

    groups = gpd.GeoDataFrame(flatten(tables.pop("groups")), crs=STORE_CRS)
    units = layer("units")
    tables.pop("units")
    assigned = dict(zip(units["code"], units["group"], strict=True))
    return Merged({**result, "assignment": assigned}, units, groups, tables, False, write_page)
