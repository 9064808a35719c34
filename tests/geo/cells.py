"""Fixtures for partitions: cells drawn by letters, seeded counties, random partitions."""

import itertools

import geopandas
import numpy as np
import shapely

CRS = "EPSG:4545"
ORIGIN = (480_000.0, 3_530_000.0)  # in Chengkou


def drawn(picture, *, size=100.0, crs=CRS, origin=ORIGIN):
    """Return the cells of a drawing: one letter, one polygon; ``.`` and spaces are no cell.

    >>> drawn('''
    ...     aab
    ...     aab
    ... ''').code.tolist()
    ['a', 'b']
    """
    rows = [line.strip() for line in picture.strip().splitlines()]
    boxes = {}
    for up, row in enumerate(reversed(rows)):
        for right, letter in enumerate(row):
            if letter != ".":
                box = shapely.box(right, up, right + 1, up + 1)
                boxes.setdefault(letter, []).append(box)
    codes = sorted(boxes)
    # coverage_union keeps a node at every corner of the drawing, so neighbours match
    shapes = shapely.transform(
        np.array([shapely.coverage_union_all(boxes[c]) for c in codes]),
        lambda xy: xy * size + origin,
    )
    return geopandas.GeoDataFrame({"code": codes}, geometry=shapes, crs=crs)


def outline(frame):
    return shapely.union_all(frame.geometry.array)


def points(*places, size=100.0, crs=CRS, origin=ORIGIN, **columns):
    """Return points at places of a drawing."""
    xy = np.asarray(places, dtype=float).reshape(-1, 2) * size + origin
    return geopandas.GeoDataFrame(columns, geometry=shapely.points(xy), crs=crs)


def tiled(rng, count, *, width=3000.0, nodes=3):
    """Return a random edge-matched partition of a square: (frame, boundary).

    Voronoi cells; every edge gets extra nodes moved by a function of place alone, so both sides
    of a border move alike.
    """
    sites = shapely.multipoints(rng.uniform(0, width, (count, 2)))
    square = shapely.box(0, 0, width, width)
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=square))
    # clip by noding, so that neighbours share the nodes on the square's edge
    lines = shapely.union_all([*shapely.boundary(cells), square.boundary])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    faces = faces[shapely.contains(square.buffer(1e-6), faces)]
    faces = shapely.transform(canonical_edges(faces, nodes), bend)
    faces = faces[np.argsort([f.representative_point().x for f in faces])]
    moved = shapely.transform(faces, lambda xy: xy + ORIGIN)
    codes = [f"{i + 1:03d}" for i in range(len(moved))]
    frame = geopandas.GeoDataFrame({"code": codes}, geometry=moved, crs=CRS)
    return frame, shapely.coverage_union_all(moved)


def canonical_edges(faces, nodes):
    """Node each face at fixed fractions of every edge, computed from its lower end."""
    rings = (shapely.get_coordinates(face) for face in faces)
    return np.array([shapely.Polygon(_noded(ring, nodes)) for ring in rings])


def _noded(ring, nodes):
    out = []
    for a, b in itertools.pairwise(ring):
        low, high = (a, b) if tuple(a) < tuple(b) else (b, a)
        steps = [low + (high - low) * t for t in np.linspace(0, 1, nodes + 2)[1:-1]]
        out += [a, *(steps if tuple(a) < tuple(b) else steps[::-1])]
    return out


def bend(xy):
    x, y = xy.T / 500.0
    return xy + np.column_stack([8 * np.sin(3 * x + y), 8 * np.cos(2 * x - y)])
