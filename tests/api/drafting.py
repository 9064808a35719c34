"""Planning on the tiny county: a plan over HTTP that remembers its revision.

::

    31.02 ┌────┬────┬────┬────┐      01 and 02 of village 1, 01 and 02 of village 2;
          │ 01 │ 02 │ 01 │ 02 │      4 households of 3 people in each, in the middle of
    31.00 └────┴────┴────┴────┘      its quarters
        108.00     .02       .04
"""

import json

from sqlalchemy import text

from tests.api import tiny

FIRST, SECOND = tiny.VILLAGES
A1, A2 = f"{FIRST}001", f"{FIRST}002"
B1, B2 = f"{SECOND}001", f"{SECOND}002"
WEST, SOUTH, NORTH = 108.0, 31.0, 31.02


def line(*points):
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [[list(p) for p in ring] for ring in rings]}


def box(west, south, east, north):
    return tiny.box(west, south, east, north)


def bent(west, east, *, by_west=0.0, by_east=0.0):
    """Return a grid whose sides are bent in the middle; its corners stay on the outline."""
    ring = [(west, SOUTH), (east, SOUTH), (east + by_east, 31.01), (east, NORTH), (west, NORTH)]
    return polygon([*ring, (west + by_west, 31.01), (west, SOUTH)])


def redraw(engine, **shapes):
    """Change lines in force behind everybody's back: ``g<code>`` = GeoJSON."""
    statement = text(
        "UPDATE grid SET geom = ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490) WHERE code = :code"
    )
    with engine.begin() as connection:
        for name, shape in shapes.items():
            connection.execute(statement, {"shape": json.dumps(shape), "code": name[1:]})


# A1 in two halves of two households each, north and south
SPLIT = {"type": "split", "grid": A1, "line": line((107.999, 31.01), (108.011, 31.01))}
MERGE = {"type": "merge", "grids": [A1, A2]}
MERGE_B = {"type": "merge", "grids": [B1, B2]}
# the western quarter of A2, with nobody in it
TRANSFER = {"type": "transfer", "to": A1, "area": box(108.01, 31.0, 108.011, 31.02)}
LOCK = {"type": "lock", "grids": [A2]}


class Draft:
    """A plan and the revision it had in the last answer."""

    def __init__(self, client, plan):
        self.client = client
        self.id = plan["id"]
        self.revision = plan["revision"]

    @classmethod
    def make(cls, client, scope=tiny.COUNTY, name="试划"):
        answer = client.post("/api/plans", json={"name": name, "scope": scope})
        assert answer.status_code == 201, answer.text
        return cls(client, answer.json())

    @property
    def path(self):
        return f"/api/plans/{self.id}"

    def get(self, what="", **params):
        answer = self.client.get(f"{self.path}{what}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, what, json=None, *, seen=None, method="POST", **params):
        """Send a write for the revision seen last; return the answer as it is."""
        headers = {"If-Match": str(self.revision if seen is None else seen)}
        return self.client.request(
            method, f"{self.path}{what}", json=json, headers=headers, params=params
        )

    def do(self, what, json=None, **more):
        """Send a write that succeeds; remember the revision."""
        answer = self.send(what, json, **more)
        assert answer.status_code in (200, 201), answer.text
        done = answer.json()
        self.revision = done["revision"]
        return done

    def edit(self, *edits):
        """Make edits; return the last answer."""
        done = None
        for edit in edits:
            done = self.do("/edits", edit)
        return done

    def preview(self, edit):
        answer = self.client.post(f"{self.path}/edits", json=edit, params={"preview": "true"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, edit, status=422):
        answer = self.send("/edits", edit)
        assert answer.status_code == status, answer.text
        return answer.json()["error"]

    def grids(self, **params):
        """Return code → feature of the draft's grids."""
        features = self.get("/grids", **params)["features"]
        return {feature["properties"]["code"]: feature for feature in features}


def households_of(grids):
    return {grid["code"]: grid["households"] for grid in grids}
