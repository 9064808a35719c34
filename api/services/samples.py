"""The sample county: written as files, brought in like a user's own."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

import data.sample
import data.workspace
from api.services import imports, indicators, waiting, workspace
from api.services.caller import LOCAL_PLANNER
from api.services.shapes import Json
from api.settings import Settings
from geo.crs import STORE_CRS

LAYERS = (
    *("divisions", "natural_villages", "grids", "households", "centers"),
    *("roads", "barriers", "terrain"),
)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext('wangge demo'))")


def wait_for_turn(connection: sa.Connection) -> None:
    """Let one program at a time load the sample, until its transaction ends."""
    connection.execute(_LOCK)


def is_empty(connection: sa.Connection) -> bool:
    """Return whether no layer holds anything."""
    return not any(data.workspace.fetch_counts(connection).values())


def write_files(folder: Path, seed: int = 500229) -> dict[str, Path]:
    """Write the sample's files into ``folder``; return them in the order they come in."""
    folder.mkdir(parents=True, exist_ok=True)
    files = data.sample.write_files(folder, seed)
    return {layer: files[layer] for layer in LAYERS}


def bring_in(
    connection: sa.Connection, layer: str, path: Path, *, settings: Settings, now: datetime
) -> Json:
    """Import one file as ``wangge import --yes`` does; grids are measured at the end."""
    folder = settings.home / "imports"
    # a table says nothing of its coordinate system
    options = imports.Options(layer=layer, crs=STORE_CRS if path.suffix == ".csv" else None)
    report = imports.report_file(
        connection, path, options, folder=folder, caller=LOCAL_PLANNER, now=now
    )
    counts = imports.commit(
        connection,
        report["id"],
        folder=folder,
        skip_bad_rows=False,
        caller=LOCAL_PLANNER,
        now=now,
        measure=False,
    )
    waiting.forget(folder, report["id"])
    return counts


def finish(connection: sa.Connection, folder: Path) -> None:
    """Measure the grids and give the workspace the sample's title and its synthetic mark."""
    indicators.refresh(connection)
    about = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    workspace.store_title(
        connection,
        title=about["title"],
        title_en=about["title_en"],
        synthetic=bool(about["synthetic"]),
    )
