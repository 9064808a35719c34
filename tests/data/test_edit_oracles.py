"""The same small cases against PostGIS: ST_Split, ST_Difference, ST_Union, ST_Intersection.

An older GEOS by another way (Debian 12: PostGIS 3.3, GEOS 3.11), and the planar lon/lat membership
of the store: households by ST_Covers, lowest code first.
"""

import json

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from tests.geo.edits import strokes
from tests.geo.edits.attempts import after, tried
from tests.geo.edits.checker import metric, owners_of
from tests.geo.edits.villages import make

CASES = [
    ("voronoi", "chengkou", 200.0), ("island", "north", 200.0), ("bricks", "west", 50.0),
    ("natural", "chengkou", 700.0), ("strips", "chengkou", 200.0), ("exclave", "west", 200.0),
]  # fmt: skip

SPLIT = text("""
    SELECT ST_Area(piece.geom), ST_X(place), ST_Y(place)
      FROM ST_Dump(ST_Split(ST_GeomFromWKB(:shape), ST_GeomFromWKB(:drawn))) AS piece,
           ST_PointOnSurface(piece.geom) AS place
     ORDER BY 1 DESC
""")
AREAS = text("""
    SELECT ST_Area(ST_Union(ST_GeomFromWKB(:taker),
                            ST_Intersection(ST_GeomFromWKB(:giver), ST_GeomFromWKB(:drawn)))),
           ST_Area(ST_Difference(ST_GeomFromWKB(:giver), ST_GeomFromWKB(:drawn)))
""")
UNION = text("""
    SELECT ST_Area(whole.geom), ST_NumGeometries(whole.geom), ST_NumInteriorRings(whole.geom),
           ST_Area(ST_SymDifference(whole.geom, ST_GeomFromWKB(:ours)))
      FROM (SELECT ST_Union(ST_GeomFromWKB(shape)) AS geom
              FROM unnest(CAST(:shapes AS bytea[])) AS shape) AS whole
""")
OWNERS = text("""
    SELECT point.row, (
        SELECT grid.code
          FROM unnest(CAST(:codes AS text[]), CAST(:shapes AS bytea[])) AS grid (code, shape)
         WHERE ST_Covers(ST_GeomFromWKB(grid.shape), ST_Point(point.x, point.y))
         ORDER BY grid.code COLLATE "C" LIMIT 1)
      FROM unnest(CAST(:x AS double precision[]), CAST(:y AS double precision[]))
           WITH ORDINALITY AS point (x, y, row)
     ORDER BY point.row
""")


def accepted(kind, edit_type, site, size, wanted):
    """Yield accepted edits of a type: case, edit, the case after, and the outcome."""
    found = 0
    for seed in range(40):
        case = make(kind, seed, count=6, site=site, size=size)
        for number in range(4):
            rng = np.random.default_rng([seed, number])
            edit = strokes.draw(rng, edit_type, case.partition)
            outcome, faults = tried(case, edit)
            assert faults == []
            if outcome and outcome.problem is None and not edit.get("tidy"):
                yield case, edit, after(case, outcome), outcome
                found += 1
        if found >= wanted:
            return


def flat(case):
    grids = case.partition.grids
    return dict(zip(grids["code"], metric(grids.geometry, case.zone), strict=True))


def drawn(case, value):
    return metric([shapely.from_geojson(json.dumps(value))], case.zone)[0]


def spare(*shapes):
    """What 1 cm of snapping may move, and 1 mm for the lattice."""
    return 0.011 * sum(shape.length for shape in shapes)


@pytest.mark.parametrize(("kind", "site", "size"), CASES)
def test_split_as_st_split_does(connection, kind, site, size):
    checked = 0
    for case, edit, now, outcome in accepted(kind, "split", site, size, 6):
        codes = edit.get("grids") or [edit["grid"]]
        cut = drawn(case, edit["line"])
        before, made = flat(case), flat(now)
        if len(codes) > 1 or before[codes[0]].geom_type != "Polygon" or not cut.is_simple:
            continue
        [code] = codes
        values = {"shape": shapely.to_wkb(before[code]), "drawn": shapely.to_wkb(cut)}
        rows = connection.execute(SPLIT, values).all()
        # slivers along a border are no pieces of ours
        rows = [row for row in rows if row[0] > spare(before[code], cut)]
        ours = sorted((made[c].area for c in (code, *outcome.created)), reverse=True)
        assert len(ours) == len(rows)
        allowed = spare(before[code], cut)
        assert ours == pytest.approx([row[0] for row in rows], abs=allowed)
        for (area, x, y), mine in zip(rows, ours, strict=True):
            if min(abs(area - other[0]) for other in rows if other[1:] != (x, y)) > 2 * allowed:
                [holder] = [c for c in made if made[c].covers(shapely.Point(x, y))]
                assert made[holder].area == pytest.approx(mine, abs=allowed)
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize(("kind", "site", "size"), CASES)
def test_transfer_as_st_difference_and_st_union_do(connection, kind, site, size):
    checked = 0
    for case, edit, now, outcome in accepted(kind, "transfer", site, size, 6):
        before, made = flat(case), flat(now)
        area = drawn(case, edit["area"])
        taker = edit["to"]
        givers = [c for c in outcome.changed if c != taker and made[c].area < before[c].area - 1]
        if len(givers) != 1:
            continue
        [giver] = givers
        values = {
            "taker": shapely.to_wkb(before[taker]),
            "giver": shapely.to_wkb(before[giver]),
            "drawn": shapely.to_wkb(area),
        }
        taken, left = connection.execute(AREAS, values).one()
        allowed = spare(before[taker], before[giver], area)
        assert made[taker].area == pytest.approx(taken, abs=allowed)
        assert made[giver].area == pytest.approx(left, abs=allowed)
        checked += 1
    assert checked >= (1 if kind in ("island", "strips") else 3)


@pytest.mark.parametrize(("kind", "site", "size"), CASES)
def test_merge_as_st_union_does(connection, kind, site, size):
    checked = 0
    for case, edit, now, _ in accepted(kind, "merge", site, size, 6):
        before, made = flat(case), flat(now)
        keep = edit.get("keep") or min(edit["grids"])
        values = {
            "shapes": [shapely.to_wkb(before[c]) for c in edit["grids"]],
            "ours": shapely.to_wkb(made[keep]),
        }
        area, parts, holes, differs = connection.execute(UNION, values).one()
        assert made[keep].area == pytest.approx(area, abs=1e-6)
        assert shapely.get_num_geometries(made[keep]) == parts
        if parts == 1:
            assert len(getattr(made[keep], "interiors", ())) == (holes or 0)
        assert differs == pytest.approx(0, abs=1e-6)
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize(("kind", "site", "size"), CASES)
@pytest.mark.parametrize("edit_type", ["split", "transfer", "merge", "reshape"])
def test_households_as_st_covers_counts_them(connection, kind, site, size, edit_type):
    for case, _, now, _ in list(accepted(kind, edit_type, site, size, 2))[:3]:
        grids, homes = now.partition.grids, case.households
        values = {
            "codes": grids["code"].tolist(),
            "shapes": shapely.to_wkb(np.asarray(grids.geometry)).tolist(),
            "x": homes.geometry.x.tolist(),
            "y": homes.geometry.y.tolist(),
        }
        theirs = [row[1] for row in connection.execute(OWNERS, values)]
        ours = owners_of(grids["code"], grids.geometry, homes).tolist()
        assert ours == theirs
        covered = [owner is not None for owner in ours]
        old = case.partition.grids
        had = owners_of(old["code"], old.geometry, homes)
        assert covered == [owner is not None for owner in had]
