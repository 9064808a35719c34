"""Joint villages 联村 as answers show them: members and township by name."""

from __future__ import annotations

import sqlalchemy as sa

from api.services.shapes import Json
from data import divisions, joint_villages
from data.lines import Lines


def show_all(connection: sa.Connection, lines: Lines, *, scope: str | None, geometry: bool) -> Json:
    """Return the joint villages with a member in a scope (the beginning of a division code)."""
    rows = joint_villages.fetch_all(connection, lines, scope=scope, geometry=geometry)
    codes = {code for row in rows for code in (*row["members"], row["township_code"])}
    names = divisions.fetch_names(connection, sorted(codes), lines.at)

    def named(code: str) -> Json:
        return {"code": code, "name": names[code]["name"] if code in names else ""}

    return {
        "joint_villages": [
            {
                "code": row["code"],
                "name": row["name"],
                "township": named(row["township_code"]),
                "members": [named(code) for code in row["members"]],
                **{name: row[name] for name in ("households", "residents", "grids")},
                **{name: row[name] for name in ("valid_from", "valid_to", "geometry")},
            }
            for row in rows
        ]
    }
