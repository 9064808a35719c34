"""Bringing a file in: read, check, report; stored only when it is committed, whole or not at all.

Between report and commit the good rows wait as GeoParquet in the data folder.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import geopandas as gpd
import numpy as np
import sqlalchemy as sa

import data.imports
from api.refusals import BadBody, Conflict, Gone, NotFound
from api.services import indicators, waiting, workspace
from api.services.caller import Caller
from api.services.import_reports import make_report, rename_file, write_table
from api.services.shapes import Json
from data import audit, divisions, natural_villages, stores
from data.db import is_storable
from data.importers.aliases import LAYER as ALIASES
from data.importers.aliases import read_aliases
from data.importers.check import check_rows
from data.importers.log import ProblemLog
from data.importers.placing import PLAIN, find_crs
from data.importers.quoting import quote
from data.importers.read import ReadResult, read_file
from data.importers.terrain import check_terrain, read_terrain
from data.importers.villages import LAYER as VILLAGES
from data.importers.villages import read_villages
from data.versions import Mode
from geo.codes import level_of

# Layers whose rows are points that name their village.
_PLACED_BY_VILLAGE = ("households", "centers")
STATE_ZH = {"committed": "提交", "discarded": "作废"}


@dataclass(frozen=True)
class Options:
    """How a file is to be read and stored."""

    layer: str
    crs: str | None = None
    mapping: Mapping[str, str] | None = None
    encoding: str | None = None
    source_layer: str | None = None
    mode: Mode = "upsert"
    max_bytes: int = 1_000_000_000
    cell_m: float | None = None


def parse_mapping(text: str | None) -> dict[str, str] | None:
    """Return field → column from JSON.

    Raises
    ------
    BadBody
        If it is not an object of texts.
    """
    if not text:
        return None
    try:
        mapping = json.loads(text)
    except (ValueError, RecursionError) as error:  # nested too deep
        raise BadBody("invalid_body", place="mapping", reason=str(error)) from None
    if not isinstance(mapping, dict) or not all(isinstance(v, str) for v in mapping.values()):
        raise BadBody("invalid_body", place="mapping", reason='{"field": "column"}')
    return mapping


def report_file(
    connection: sa.Connection,
    path: Path,
    options: Options,
    *,
    folder: Path,
    caller: Caller,
    now: datetime,
) -> Json:
    """Read and check a file; keep its good rows waiting; return the report.

    Nothing of the layer is touched. A file that cannot be used at all gives a report too.

    Raises
    ------
    BadBody
        If an option holds what the store cannot.
    """
    _refuse_unstorable(options)
    waiting.sweep(folder, now=now)
    result, problems = _examine(connection, path, options, now)
    unfit = np.union1d(problems.bad_rows, problems.left_out_rows)
    good = result.frame[~result.frame["row"].isin(unfit)] if "row" in result.frame else result.frame
    identity = uuid.uuid4()
    filename = waiting.clean_name(path.name)
    report = make_report(result, problems, good, options.layer, path.name)
    report = rename_file(report, path.name, filename)
    table = write_table(problems).replace(path.name, filename)
    _keep(folder, identity, good.reset_index(drop=True), table)
    data.imports.store_batch(
        connection,
        identity,
        layer=options.layer,
        filename=filename,
        # the columns that were read, not what was asked: a header can be a person's row
        parameters={
            "layer": options.layer,
            "crs": options.crs,
            "mapping": report["mapping"],
            "encoding": options.encoding,
            "source_layer": options.source_layer,
            "mode": options.mode,
            "cell_m": options.cell_m,
        },
        report=report,
        created_by=caller.name,
        now=now,
    )
    return {"id": str(identity), "state": "reported", **report}


def _refuse_unstorable(options: Options) -> None:
    texts = {
        "crs": options.crs or "",
        "encoding": options.encoding or "",
        "source_layer": options.source_layer or "",
        "mapping": "".join(chain.from_iterable((options.mapping or {}).items())),
    }
    for place, text in texts.items():
        if not is_storable(text):
            raise BadBody("invalid_body", place=place, reason="not text", reason_zh="不是文字")


def _examine(
    connection: sa.Connection, path: Path, options: Options, now: datetime
) -> tuple[ReadResult, ProblemLog]:
    if options.layer == "terrain":
        return _examine_terrain(connection, path, options, now)
    if options.layer == ALIASES:
        return _examine_aliases(connection, path, options)
    result = _read(path, options, options.crs)
    if "crs_missing" in result.problems.totals and options.layer in _PLACED_BY_VILLAGE:
        result = _place_by_village(connection, path, options) or result
    problems = result.problems
    if not problems.fatal and len(result.frame):
        context = stores.fetch_context(connection, options.layer, now=now, mode=options.mode)
        layer = stores.STORED_AS.get(options.layer, options.layer)
        problems.merge(check_rows(layer, result.frame, context))
    return result, problems


def _read(path: Path, options: Options, crs: str | None) -> ReadResult:
    if options.layer == VILLAGES:
        return read_villages(
            path,
            crs=crs,
            mapping=options.mapping,
            encoding=options.encoding,
            source_layer=options.source_layer,
            max_bytes=options.max_bytes,
        )
    return read_file(
        path,
        options.layer,
        crs=crs,
        mapping=options.mapping,
        encoding=options.encoding,
        source_layer=options.source_layer,
        max_bytes=options.max_bytes,
    )


def _place_by_village(connection: sa.Connection, path: Path, options: Options) -> ReadResult | None:
    """Read points again in the coordinate system in which they lie in their villages, if any."""
    as_written = _read(path, options, PLAIN)
    if as_written.frame.empty:
        return None
    found = find_crs(as_written.frame, stores.fetch_areas(connection))
    if found is None:
        return None
    result = as_written if found.crs == PLAIN else _read(path, options, found.crs)
    result.problems.add(found.problem)
    return result


def _examine_aliases(
    connection: sa.Connection, path: Path, options: Options
) -> tuple[ReadResult, ProblemLog]:
    result = read_aliases(
        path, mapping=options.mapping, encoding=options.encoding, max_bytes=options.max_bytes
    )
    frame, problems = result.frame, result.problems
    known = {*divisions.fetch_codes(connection), *natural_villages.fetch_codes(connection)}
    where = np.flatnonzero(~frame["code"].isin(known).to_numpy(bool))
    problems.add_rows(
        "place_unknown",
        frame["row"].to_numpy()[where],
        lambda i: {"code": _quote_place(frame["code"].iloc[where[i]])},
        field="code",
    )
    return result, problems


def _quote_place(code: str) -> str:
    return code if level_of(code) is not None else quote(code)


def _examine_terrain(
    connection: sa.Connection, path: Path, options: Options, now: datetime
) -> tuple[ReadResult, ProblemLog]:
    units = divisions.fetch_frame(connection)
    counties = units[(units["level"] == "county") & ~units.geometry.isna()]
    result = read_terrain(
        path,
        crs=options.crs,
        cell_m=options.cell_m,
        counties=counties,
        max_bytes=options.max_bytes,
    )
    if len(result.frame):
        context = stores.fetch_context(connection, options.layer, now=now)
        result.problems.merge(check_terrain(result.frame, context))
    return result, result.problems


def _keep(folder: Path, identity: uuid.UUID, good: gpd.GeoDataFrame, table: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if len(good):
        good.to_parquet(waiting.rows_file(folder, identity))
    waiting.problems_file(folder, identity).write_text(table, encoding="utf-8")


def write_problems(connection: sa.Connection, identity: uuid.UUID, folder: Path) -> str:
    """Return the problems of an import as CSV.

    Raises
    ------
    NotFound, Gone
    """
    _fetch(connection, identity)
    try:
        return waiting.problems_file(folder, identity).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Gone("import_rows_gone") from None


def show(connection: sa.Connection, identity: uuid.UUID) -> Json:
    """Return the report as it was, with the state of now."""
    batch = _fetch(connection, identity)
    return {"id": str(identity), "state": batch["state"], **batch["report"]}


def _fetch(connection: sa.Connection, identity: uuid.UUID | str, *, lock: bool = False) -> Json:
    batch = data.imports.fetch_batch(connection, identity, lock=lock)
    if batch is None:
        raise NotFound("not_found", what="import", id=str(identity))
    return dict(batch)


def commit(
    connection: sa.Connection,
    identity: uuid.UUID | str,
    *,
    folder: Path,
    skip_bad_rows: bool,
    caller: Caller,
    now: datetime,
    measure: bool = True,
) -> Json:
    """Store the waiting rows and measure the grids again, in the caller's transaction.

    Raises
    ------
    Conflict
        Already committed or discarded; rows with errors and not ``skip_bad_rows``; no rows;
        rows with errors in a replacing import, which would close what they stand for.
    Gone
        The waiting rows are no longer there.
    """
    batch = _fetch(connection, identity, lock=True)
    report = batch["report"]
    if batch["state"] != "reported":
        raise Conflict("import_closed", state=batch["state"])
    if not report["good_rows"]:
        raise Conflict("import_empty")
    bad_rows = report["rows"] - report["good_rows"] - report.get("left_out", 0)
    if not (report["can_commit"] or skip_bad_rows):
        raise Conflict("import_has_errors", count=bad_rows)
    layer, mode = batch["layer"], batch["parameters"]["mode"]
    if mode == "replace" and not report["can_commit"]:
        raise Conflict("replace_needs_all_rows", count=bad_rows)
    try:
        frame = gpd.read_parquet(waiting.rows_file(folder, identity))
    except FileNotFoundError:
        raise Gone("import_rows_gone") from None
    # before the first write: the numbers of the grids are counted from every layer
    data.imports.wait_turn(connection)
    counts = stores.store_frame(connection, layer, frame, mode=mode, now=now)
    changed = asdict(counts)
    stored = stores.STORED_AS.get(layer, layer)
    if stored == "divisions":
        counties = frame.loc[frame["level"] == "county", "name"].dropna()
        workspace.title_from_county(connection, counties.tolist())
    if (
        measure
        and stored in workspace.MEASURED
        and any(changed[name] for name in ("added", "changed", "closed"))
    ):
        indicators.refresh(connection)
    data.imports.close_batch(connection, identity, state="committed", now=now)
    audit.store_act(
        connection,
        account=caller.name,
        action="import",
        object=layer,
        details={"id": str(identity), "filename": batch["filename"], **changed},
        now=now,
    )
    return {"state": "committed", **changed}


def discard(connection: sa.Connection, identity: uuid.UUID | str, *, now: datetime) -> None:
    """Forget an import that was not committed.

    Raises
    ------
    Conflict
        If it was committed.
    """
    batch = _fetch(connection, identity, lock=True)
    if batch["state"] == "committed":
        raise Conflict("import_closed", state="committed")
    data.imports.close_batch(connection, identity, state="discarded", now=now)
