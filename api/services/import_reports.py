"""What is told of a file before it is stored: the report, and its problems as a table."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd

from api.services.shapes import Json, plain, shape_problem
from data.importers.log import ProblemLog
from data.importers.read import ReadResult
from data.spreadsheet import guard_cell
from geo.problems import Problem

SHOWN_PROBLEMS = 500
PREVIEW_ROWS = 10


def make_report(
    result: ReadResult,
    problems: ProblemLog,
    good: gpd.GeoDataFrame,
    layer: str,
    filename: str,
) -> Json:
    """Return what the page and the command show of a file that was read and checked.

    Parameters
    ----------
    good
        The rows without an error, as they would be stored; column ``row``.
    """
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
        "layer": layer,
        "filename": filename,
        "rows": result.row_count,
        # a row of the file may be several lines of the layer
        # or none of it: a county that a list of villages names
        "good_rows": int(good.loc[good["row"] > 0, "row"].nunique()) if len(good) else 0,
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


def rename_file(report: Json, name: str, filename: str) -> Json:
    """Return a report that speaks of ``filename``, as it is stored, wherever it said ``name``."""
    if name == filename:
        return report
    old, new = (json.dumps(n, ensure_ascii=False)[1:-1] for n in (name, filename))
    renamed: Json = json.loads(json.dumps(report, ensure_ascii=False).replace(old, new))
    return renamed


def write_table(problems: ProblemLog) -> str:
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
        table.writerow(["" if cell is None else guard_cell(cell) for cell in cells])
    return "\ufeff" + text.getvalue()
