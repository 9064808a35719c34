"""Bringing a file in: read, check, report; stored only when it is committed, whole or not at all.

Between report and commit the good rows wait as GeoParquet in the data folder.
"""

from __future__ import annotations

import csv
import io
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
from api.services.shapes import Json, plain, shape_problem
from data import audit, divisions, stores
from data.db import is_storable
from data.importers.check import check_rows
from data.importers.log import ProblemLog
from data.importers.read import ReadResult, read_file
from data.importers.terrain import check_terrain, read_terrain
from data.versions import Mode
from geo.problems import Problem

SHOWN_PROBLEMS = 500
PREVIEW_ROWS = 10
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
    report = _renamed(_report(result, problems, good, options, path.name), path.name, filename)
    table = _problems_table(problems).replace(path.name, filename)
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


def _renamed(report: Json, name: str, filename: str) -> Json:
    """Return a report that speaks of ``filename``, as it is stored, wherever it said ``name``."""
    if name == filename:
        return report
    old, new = (json.dumps(n, ensure_ascii=False)[1:-1] for n in (name, filename))
    renamed: Json = json.loads(json.dumps(report, ensure_ascii=False).replace(old, new))
    return renamed


def _examine(
    connection: sa.Connection, path: Path, options: Options, now: datetime
) -> tuple[ReadResult, ProblemLog]:
    if options.layer == "terrain":
        return _examine_terrain(connection, path, options, now)
    result = read_file(
        path,
        options.layer,
        crs=options.crs,
        mapping=options.mapping,
        encoding=options.encoding,
        source_layer=options.source_layer,
        max_bytes=options.max_bytes,
    )
    problems = result.problems
    if not problems.fatal and len(result.frame):
        context = stores.fetch_context(connection, options.layer, now=now, mode=options.mode)
        problems.merge(check_rows(options.layer, result.frame, context))
    return result, problems


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


def _report(
    result: ReadResult,
    problems: ProblemLog,
    good: gpd.GeoDataFrame,
    options: Options,
    filename: str,
) -> Json:
    counts = {"error": 0, "warning": 0}
    by_key: list[Json] = []
    firsts = {p.key: p for p in reversed(problems)}
    for key, count in problems.totals.items():
        first = firsts.get(key) or Problem(key)
        severity = first.severity  # of the case at hand: a remark only warns
        counts[severity] += count
        by_key.append(
            {
                "key": key,
                "severity": severity,
                "count": count,
                "message": first.sentence("en"),
                "message_zh": first.sentence("zh"),
            }
        )
    by_key.sort(key=lambda line: (line["severity"], -line["count"], line["key"]))
    return {
        "layer": options.layer,
        "filename": filename,
        "rows": result.row_count,
        # a row of the file may be several lines of the layer
        "good_rows": int(good["row"].nunique()) if len(good) else 0,
        "left_out": len(problems.left_out_rows),
        "crs": result.crs,
        "mapping": dict(result.mapping),
        "columns": list(result.columns),
        "unused_columns": list(result.unused_columns),
        "dropped_columns": list(result.dropped_columns),
        "counts": counts,
        "by_key": by_key,
        "problems": [shape_problem(p) for p in _errors_first(problems)[:SHOWN_PROBLEMS]],
        "preview": _preview(good),
        "can_commit": bool(not problems.fatal and len(problems.bad_rows) == 0 and len(good) > 0),
    }


def _errors_first(problems: ProblemLog) -> list[Problem]:
    return sorted(problems, key=lambda p: (p.severity, p.row is not None, p.row or 0))


def _preview(good: gpd.GeoDataFrame) -> list[Json]:
    kept_back = [good.geometry.name, "row", "content"]
    rows = good.head(PREVIEW_ROWS).drop(columns=kept_back, errors="ignore")
    return [
        {str(name): value for name, value in plain(row).items() if value not in (None, "")}
        for row in rows.to_dict("records")
    ]


def _keep(folder: Path, identity: uuid.UUID, good: gpd.GeoDataFrame, table: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if len(good):
        good.to_parquet(waiting.rows_file(folder, identity))
    waiting.problems_file(folder, identity).write_text(table, encoding="utf-8")


def _problems_table(problems: ProblemLog) -> str:
    """Return the told problems as CSV; the mark at the start makes spreadsheets read UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["row", "severity", "key", "field", "message_zh", "message", "units"])
    for problem in _errors_first(problems):
        cells = (
            problem.row,
            problem.severity,
            problem.key,
            problem.field,
            problem.sentence("zh"),
            problem.sentence("en"),
            " ".join(problem.grids),
        )
        table.writerow(["" if cell is None else _harmless(str(cell)) for cell in cells])
    return "\ufeff" + text.getvalue()


def _harmless(cell: str) -> str:
    """Keep a cell out of a stranger's file from becoming a formula in a spreadsheet."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


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
    if layer == "divisions":
        counties = frame.loc[frame["level"] == "county", "name"].dropna()
        workspace.title_from_county(connection, counties.tolist())
    if (
        measure
        and layer in workspace.MEASURED
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
