"""The county as a whole: its title, its layers, the rules in force, what maps have to say."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api import VERSION
from api.services.basemaps import describe_basemap
from api.services.held import Held
from api.services.shapes import Json, plain, shape_box
from api.settings import Settings
from data import profiles, workspace
from geo.profiles import Profile
from maps.styles import HOUSEHOLD_BREAKS

INTERNAL = {"zh": "内部工作用图，不得公开", "en": "Internal working map, not for publication"}
UNTITLED = {"title": "未命名", "title_en": "Untitled"}
# Layers the numbers of grids are measured from.
MEASURED = ("divisions", "natural_villages", "grids", "households", "centers")
STORE_LAYERS = (*MEASURED, "roads", "barriers", "terrain")
_SERVER = sa.text("SELECT version() AS server, postgis_lib_version() AS postgis")


class LayerSummaries:
    """Counts and extents of the layers, measured once for each version."""

    def __init__(self) -> None:
        self._held = Held[str, dict[str, Json]](size=2)

    def find(self, connection: sa.Connection) -> dict[str, Json]:
        """Return what :func:`describe_layers` says of what ``connection`` sees."""
        return self._held.get(version_of(connection), lambda: describe_layers(connection))


def describe(connection: sa.Connection, settings: Settings, summaries: LayerSummaries) -> Json:
    """Return what the map needs to know first."""
    layers = summaries.find(connection)
    boxes = [layer["extent"] for layer in layers.values() if layer["extent"]]
    title = fetch_title(connection)
    return {
        **title,
        "review_number": settings.map_review_number,
        "map_mark": map_mark(settings),
        # The county where there is one: a stray layer elsewhere must not send the map to sea.
        "extent": layers["counties"]["extent"] or _around(boxes),
        "layers": layers,
        "basemap": describe_basemap(settings),
        "profile": describe_profile(profiles.fetch_default(connection)),
        "household_classes": list(HOUSEHOLD_BREAKS),
        "language": settings.language,
        "version": VERSION,
    }


def describe_layers(connection: sa.Connection) -> dict[str, Json]:
    """Return count, version and extent of every layer of the map."""
    counts = workspace.fetch_counts(connection)
    extents = workspace.fetch_extents(connection)
    return {
        layer: {
            "count": counts[layer],
            "version": workspace.etag(connection, [layer]),
            "extent": shape_box(extents[layer]),
        }
        for layer in workspace.MAP_LAYERS
    }


def _around(boxes: list[list[float]]) -> list[float] | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


def describe_profile(profile: Profile) -> Json:
    """Return a rule set as the legend and the inspector read it."""
    rules: Json = plain(profile.as_rules())
    return rules


def map_mark(settings: Settings) -> dict[str, str]:
    """Return what stands on every map: the review number, or that it is internal."""
    number = settings.map_review_number
    return {"zh": f"审图号：{number}", "en": f"Map review no. {number}"} if number else INTERNAL


def fetch_title(connection: sa.Connection) -> Json:
    """Return ``title``, ``title_en`` and ``synthetic``."""
    values = workspace.fetch_values(connection)
    return {
        "title": values.get("title") or UNTITLED["title"],
        "title_en": values.get("title_en") or values.get("title") or UNTITLED["title_en"],
        "synthetic": bool(values.get("synthetic")),
    }


def store_title(connection: sa.Connection, *, title: str, title_en: str, synthetic: bool) -> None:
    """Give the workspace its title and say whether its data is a sample."""
    for key, value in {"title": title, "title_en": title_en, "synthetic": synthetic}.items():
        workspace.store_value(connection, key, value)


def title_from_county(connection: sa.Connection, names: list[str]) -> None:
    """Call an untitled workspace by the name of its only county."""
    if len(names) == 1 and not workspace.fetch_value(connection, "title"):
        workspace.store_value(connection, "title", names[0])


def version_of(connection: sa.Connection) -> str:
    """Return the version of all layers together."""
    return workspace.etag(connection, STORE_LAYERS)


def seed(connection: sa.Connection) -> None:
    """Put in what every database needs."""
    profiles.seed_profiles(connection)


def describe_database(connection: sa.Connection) -> str:
    """Return the versions of PostgreSQL and PostGIS; asks the database for a word."""
    row: Any = connection.execute(_SERVER).one()
    return f"{' '.join(row.server.split()[:2])}, PostGIS {row.postgis}"
