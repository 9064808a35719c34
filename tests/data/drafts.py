"""A small county with a plan in it, and edits that are tried and stored as the service does.

::

    108     108.01  108.02  108.03  108.04  108.05  108.06
    +-------+-------+-------+-------+-------+-------+ 31.01
    |  A1   |  A2   |  A3   |  B1   |  B2   |  B3   |
    +-------+-------+-------+-------+-------+-------+ 31
         village A                village B
"""

from datetime import timedelta

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

from data import divisions, grids, households, plan_lines, plans
from geo.edits import Partition, attempt, needs, parse_edit
from tests.data.frames import NOW, make_divisions, make_frame, make_households

A, B = "500229001001", "500229001002"
A1, A2, A3 = (f"{A}00{i}" for i in (1, 2, 3))
B1, B2, B3 = (f"{B}00{i}" for i in (1, 2, 3))
PLACES = [(108.002, 31.005), (108.012, 31.005), (108.018, 31.005), (108.045, 31.005)]
HOUR = timedelta(hours=1)


def make_lines(codes, village, first, **values):
    """Return grids of 0.01° side by side, the ``first`` one at 108° + first/100."""
    rows = [
        {"code": code, "village_code": village, "kind": "basic", "name": f"网格{i}"} | values
        for i, code in enumerate(codes, 1)
    ]
    spans = [(108 + i / 100, 108 + (i + 1) / 100) for i in range(first, first + len(codes))]
    return make_frame("grids", rows, [shapely.box(w, 31, e, 31.01) for w, e in spans])


def make_county(connection, *, codes=(A1, A2, A3)):
    """Store the county of the drawing; ``codes`` name the grids of village A from the west."""
    divisions.store_frame(connection, make_divisions(), now=NOW)
    lines = pd.concat([make_lines(codes, A, 0), make_lines((B1, B2, B3), B, 3)], ignore_index=True)
    grids.store_frame(connection, lines, now=NOW)
    households.store_frame(connection, make_households(PLACES), now=NOW)
    stored = grids.fetch_frame(connection)
    connection.execute(
        text("""
            INSERT INTO grid_indicator (grid_id, households, residents, registered, children,
                                        elderly, aged_80, area_m2, profile_status, content)
            SELECT id, 1, 2, 3, 0, 1, 0, 4.5, 'within', 'c' || id FROM grid
        """)
    )
    return stored


def make_plan(connection, *, name="划分", scope="500229001", now=NOW + HOUR):
    """Return the id of a new plan."""
    plan = plans.create(
        connection, name=name, scope_code=scope, network="all_purpose", author="李", now=now
    )
    return plan["id"]


def line(*places):
    return {"type": "LineString", "coordinates": [list(place) for place in places]}


def split(code, lon):
    return {"type": "split", "grid": code, "line": line((lon, 30.995), (lon, 31.015))}


def attempt_edit(connection, plan_id, value):
    """Try an edit on what the plan has; return the edit, the lines before and the outcome."""
    edit = parse_edit(value)
    wanted = needs(edit)
    villages = {
        *plan_lines.villages_of_grids(connection, plan_id, wanted.grids).values(),
        *wanted.villages,
        *plan_lines.villages_of_natural_villages(connection, wanted.natural_villages).values(),
    }
    if wanted.shape is not None:
        villages |= set(plan_lines.villages_meeting(connection, plan_id, wanted.shape))
    before = plan_lines.fetch_lines(connection, plan_id, villages)
    partition = Partition(
        before,
        plan_lines.fetch_villages(connection, plan_id, villages),
        plan_lines.fetch_natural_villages(connection, villages),
        plan_lines.fetch_taken(connection, plan_id, villages),
    )
    return edit, before, attempt(partition, edit)


def draw(connection, plan_id, value, *, author="李", now=NOW + 2 * HOUR, entry=None):
    """Store an edit that has to be accepted; return its outcome."""
    edit, before, outcome = attempt_edit(connection, plan_id, value)
    assert outcome.problem is None, outcome.problem
    plan_lines.store_edit(
        connection,
        plan_id,
        edit=edit,
        outcome=outcome,
        before=before,
        author=author,
        now=now,
        entry=entry,
    )
    return outcome


def shape_of_plan(connection, plan_id, villages=(A, B)):
    """Return code → everything the plan says of a grid, its WKB included."""
    frame = plan_lines.fetch_lines(connection, plan_id, villages)
    return told(frame)


def told(frame):
    frame = frame.assign(wkb=shapely.to_wkb(np.asarray(frame.geometry.array)))
    names = ["name", "village_code", "kind", "parent_code", "flags", "attributes", "locked", "wkb"]
    names = [name for name in names if name in frame]
    rows = frame[names].astype(object).where(frame[names].notna(), None)
    return {
        code: tuple(row) for code, row in zip(frame["code"], rows.to_numpy().tolist(), strict=True)
    }


def in_force(connection, at=None):
    """Return code → WKB of the grids in force."""
    frame = grids.fetch_frame(connection, at=at)
    return dict(zip(frame["code"], shapely.to_wkb(frame.geometry.to_numpy()), strict=True))
