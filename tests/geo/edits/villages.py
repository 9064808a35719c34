"""Villages drawn by a seed: every shape the edits must survive, on the lattice of the store.

``make(kind, seed)`` is a pure function of its arguments; hypothesis draws them (:func:`cases`), so
a failure shrinks to a kind, a few grids and a small seed, and its ``repr`` can be pasted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from hypothesis import strategies as st

from geo.crs import STORE_CRS, to_lattice, to_store
from geo.edits import Partition
from tests.geo.cells import ORIGIN, canonical_edges, tiled

# lon, lat and the 3-degree zone. ``west``: near the western rim of zone 4545, where lengths are off
# most. ``north``: lon/lat lines bend most against metric ones.
SITES = {
    "chengkou": (108.66, 31.95, 4545),
    "west": (106.75, 31.95, 4545),
    "north": (122.35, 53.25, 4550),
}
WEST, EAST = "500229001001", "500229001002"
KINDS = (
    "voronoi", "strips", "island", "pinched", "holed", "exclave", "bricks", "winding", "natural",
    "pair", "nested",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One or two villages: the partition, households (EPSG:4490) and the zone to check it in."""

    partition: Partition
    households: geopandas.GeoDataFrame
    zone: pyproj.CRS = field(repr=False)
    recipe: str = ""

    def __repr__(self) -> str:
        return self.recipe


def make(
    kind: str,
    seed: int,
    *,
    count: int = 6,
    site: str = "chengkou",
    size: float = 200.0,
    locked: int = 0,
    outlines: bool = True,
    households: int = 60,
) -> Case:
    """Make the villages of a kind.

    ``count`` grids (about), ``size`` metres across a grid, ``locked`` of them locked; without
    ``outlines`` the villages' shapes are unknown.
    """
    zone = pyproj.CRS.from_epsg(SITES[site][2])
    for again in range(20):
        rng = np.random.default_rng([seed, KINDS.index(kind), again])
        cells, owners, villages = _DRAWERS[kind](rng, count, size)
        cells = _placed(rng, cells, site, zone)
        # Voronoi edges of some millimetres make needles that nobody draws
        if kind == "pinched" or shapely.coverage_is_valid(cells, gap_width=5e-3):
            break
    stored = np.asarray(to_store(geopandas.GeoDataFrame(geometry=cells, crs=zone)).geometry)

    shapes = np.array([_joined(stored[owners == o]) for o in np.unique(owners)])
    village_of = np.array([villages[owners == o][0] for o in np.unique(owners)])
    outlines_of = {v: shapely.coverage_union_all(shapes[village_of == v]) for v in (WEST, EAST)}
    if kind == "pair":
        shapes = _one_sided(rng, shapes, village_of, zone)
    parents = np.full(len(shapes), -1)
    if kind == "nested":
        shapes, parents = _with_children(rng, stored, owners, shapes)
        village_of = np.full(len(shapes), WEST)
    grids = _grid_frame(rng, shapes, village_of, parents, min(locked, len(shapes) - 1))
    present = [v for v in (WEST, EAST) if v in village_of]
    # a lake that no outline tells of is a gap
    known = [outlines_of[v] if outlines or kind == "holed" else None for v in present]
    village_frame = geopandas.GeoDataFrame(
        {"code": present, "locked": False}, geometry=known, crs=STORE_CRS
    )
    natural = _natural_frame(rng, stored, villages, outlines_of, present)
    recipe = (
        f"make({kind!r}, {seed}, count={count}, site={site!r}, size={size}, locked={locked}, "
        f"outlines={outlines}, households={households})"
    )
    partition = Partition(
        grids, village_frame, natural_villages=natural, taken=frozenset(grids["code"])
    )
    return Case(partition, _household_frame(rng, shapes, households), zone, recipe)


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    kinds: tuple[str, ...] = KINDS,
    max_count: int = 9,
    max_locked: int = 2,
    outlines: bool | None = None,
) -> Case:
    """Draw a case; small numbers first, so that it shrinks to something to look at."""
    return make(
        draw(st.sampled_from(kinds)),
        draw(st.integers(0, 9_999)),
        count=draw(st.integers(2, max_count)),
        site=draw(st.sampled_from(tuple(SITES))),
        size=draw(st.sampled_from((200.0, 50.0, 700.0, 2000.0))),
        locked=draw(st.integers(0, max_locked)),
        outlines=draw(st.booleans()) if outlines is None else outlines,
    )


def damaged(case: Case, seed: int) -> Case:
    """Return the case with a fault or two: land in no grid, in two, or outside the village."""
    rng = np.random.default_rng([seed, 1])
    grids = case.partition.grids.copy()
    shapes = np.asarray(grids.geometry).copy()
    outline = shapely.union_all(shapes)
    gone = []
    for _ in range(int(rng.integers(1, 3))):
        row = int(rng.integers(len(shapes)))
        if shapely.is_empty(shapes[row]):
            continue
        step = np.sqrt(shapely.area(shapes[row])) * rng.uniform(0.02, 0.2)
        how = rng.choice(["drop", "grow", "shrink", "drag", "node", "noise"])
        if how == "drop" and len(shapes) - len(gone) > 2:
            gone.append(row)
        elif how == "grow":
            grown = shapely.buffer(shapes[row], step, quad_segs=2)
            clip = rng.random() < 0.5
            shapes[row] = shapely.intersection(grown, outline) if clip else grown
        elif how == "noise":  # as drawn by hand: no node is quite where its neighbour has it
            shapes = np.array([_blurred(rng, shape, 4) for shape in shapes])
        elif how == "shrink":
            shapes[row] = shapely.buffer(shapes[row], -step / 4, quad_segs=2)
        else:
            node = rng.choice(shapely.get_coordinates(shapes[row]))
            off = rng.normal(0, step if how == "drag" else 2e-9, 2)
            shapes[row] = _dragged(shapes[row], node, off)
    stored = to_lattice(shapes)
    fit = shapely.is_valid(stored) & ~shapely.is_empty(stored)
    fit &= np.isin(shapely.get_type_id(stored), (3, 6))
    grids = grids.set_geometry(
        geopandas.GeoSeries(
            np.where(fit, stored, np.asarray(grids.geometry)), index=grids.index, crs=STORE_CRS
        )
    )
    grids = grids.drop(index=grids.index[sorted(set(gone))]).reset_index(drop=True)
    partition = replace(case.partition, grids=grids)
    return replace(case, partition=partition, recipe=f"damaged({case.recipe}, {seed})")


def blurred(case: Case, seed: int, steps: int) -> Case:
    """Return the case with every node of every grid moved by up to ``steps`` of the lattice."""
    rng = np.random.default_rng([seed, 2])
    grids = case.partition.grids
    shapes = to_lattice(np.array([_blurred(rng, shape, steps) for shape in grids.geometry]))
    grids = grids.set_geometry(geopandas.GeoSeries(shapes, index=grids.index, crs=STORE_CRS))
    partition = replace(case.partition, grids=grids)
    return replace(case, partition=partition, recipe=f"blurred({case.recipe}, {seed}, {steps})")


def _blurred(rng, shape, steps):
    def blur(xy):
        nodes, which = np.unique(xy, axis=0, return_inverse=True)
        return (nodes + rng.integers(-steps, steps + 1, nodes.shape) * 1e-9)[which]

    return shapely.transform(shape, blur)


def _dragged(shape, node, off):
    """Move a node of one grid only."""
    return shapely.transform(shape, lambda xy: xy + off * (xy == node).all(axis=1)[:, None])


# --- the kinds: (cells, owner of each cell, village of each cell), metres about (0, 0) -------


def _voronoi(rng, count, size):
    faces = _scattered(rng, max(count, 2), size, nodes=int(rng.integers(0, 4)))
    return faces, np.arange(len(faces)), np.full(len(faces), WEST)


#   ╔═╤═╤═╤═╤════╗   strips 5 m wide and 2 km long beside a wide grid, and one across their ends
#   ╟─┴─┴─┴─┴────╢
def _strips(rng, count, size):
    xs = [*(5.0 * np.arange(max(count - 1, 1))), 5.0 * max(count - 2, 0) + 200.0]
    lines = [shapely.LineString([(x, 0), (x, 2000)]) for x in xs]
    lines += [shapely.LineString([(xs[0], y), (xs[-1], y)]) for y in (0, 2000, -100)]
    lines += [shapely.LineString([(x, -100), (x, 0)]) for x in (xs[0], xs[-1])]
    faces = _faces(lines)
    if rng.random() < 0.5:
        faces = canonical_edges(faces, int(rng.integers(1, 30)))
    return faces, np.arange(len(faces)), np.full(len(faces), WEST)


def _island(rng, count, size):
    """A grid (or two halves) in the hole of another."""
    faces = _scattered(rng, max(count - 1, 2), size, nodes=1)
    host = int(np.argmax(shapely.area(faces)))
    ring = _ring_inside(rng, faces[host], int(rng.integers(4, 9)))
    faces[host] = shapely.Polygon(faces[host].exterior, [ring])
    half = len(ring) // 2
    islands = [shapely.Polygon(ring)]
    if rng.random() < 0.5:
        islands = [shapely.Polygon(ring[: half + 1]), shapely.Polygon([*ring[half:], ring[0]])]
    faces = np.array([*faces, *islands])
    return faces, np.arange(len(faces)), np.full(len(faces), WEST)


def _pinched(rng, count, size):
    """An island that touches the outline of its host in one node."""
    faces = _scattered(rng, max(count - 1, 2), size, nodes=1)
    host = int(np.argmax(shapely.area(faces)))
    ring = _ring_inside(rng, faces[host], 5)
    corners = shapely.get_coordinates(faces[host].exterior)[:-1]
    tip = corners[int(np.argmin(np.hypot(*(corners - ring[0]).T)))]
    spiked = np.array([tip, *ring[np.argsort(np.hypot(*(ring - tip).T))[1:][:2]]])
    pinched = shapely.Polygon(faces[host].exterior, [spiked])
    if pinched.is_valid:
        faces[host] = pinched
        faces = np.array([*faces, shapely.Polygon(spiked)])
    return faces, np.arange(len(faces)), np.full(len(faces), WEST)


def _holed(rng, count, size):
    """A village with a lake, or with a whole other village, inside."""
    faces, owners, villages = _island(rng, count, size)
    if rng.random() < 0.5:
        villages[-1] = EAST
        return faces, owners, villages
    return faces[:-1], owners[:-1], villages[:-1]


def _exclave(rng, count, size):
    """A second patch apart from the first, a grid by itself or part of one, or both."""
    main = _scattered(rng, max(count - 1, 2), size, nodes=1)
    east = shapely.bounds(main)[:, 2].max()
    boxes = shapely.box([east + 300, east + 300 + size], 0, [east + 300 + size] * 2, size)
    boxes[1] = shapely.box(east + 300 + size, 0, east + 300 + 2 * size, size)
    owners = np.arange(len(main) + 2)
    owners[-1] = rng.choice([0, len(main) - 1, len(main) + 1])
    if rng.random() < 0.3:
        owners[-2] = owners[-1]
    return np.array([*main, *boxes]), owners, np.full(len(owners), WEST)


#   ┌──┬──┬──┐
#   ├─┬┴─┬┴─┬┤   every border meets the next row in a T
#   └─┴──┴──┴┘
def _bricks(rng, count, size):
    rows, columns = 3, max(count // 3, 1)
    lines = []
    for row in range(rows):
        shift = size * (0.5 if row % 2 else 0.0)
        inner = [x + shift for x in size * np.arange(columns + 1)]
        inner = [x for x in inner if 0 < x < size * columns]
        lines += [
            shapely.LineString([(x, row * size), (x, (row + 1) * size)])
            for x in [0.0, *inner, size * columns]
        ]
    lines += [
        shapely.LineString([(0, row * size), (size * columns, row * size)])
        for row in range(rows + 1)
    ]
    faces = _faces(lines)
    return faces, np.arange(len(faces)), np.full(len(faces), WEST)


def _winding(rng, count, size):
    """Borders of up to 10,000 nodes that wind."""
    boxes = shapely.box(
        [0, size, 0], [0, 0, size], [size, 2 * size, 2 * size], [size, size, 2 * size]
    )
    faces = _faces(list(shapely.boundary(boxes)))
    nodes = int(rng.choice([200, 2_000, 10_000], p=[0.7, 0.25, 0.05]))
    faces = canonical_edges(faces, nodes)
    wave = size / 20

    def wind(xy):
        x, y = xy.T / wave * 2 * np.pi
        return xy + 0.05 * wave * np.column_stack([np.sin(y) + np.cos(3 * x), np.sin(2 * x + y)])

    faces = shapely.transform(faces, wind)
    return faces, np.arange(len(faces)), np.full(len(faces), WEST)


def _natural(rng, count, size):
    """Grids made of natural villages."""
    faces = _scattered(rng, 4 * max(count, 2), size / 2, nodes=2)
    owners = _grown(rng, faces, max(count, 2))
    return faces, owners, np.full(len(faces), WEST)


def _with_children(rng, cells, owners, shapes):
    """Cut two grids of several cells into smaller ones that tile them; return rows and parents."""
    rows, parents = list(shapes), [-1] * len(shapes)
    several = [o for o in range(len(shapes)) if (owners == o).sum() > 1]
    for owner in several[:2]:
        own = cells[owners == owner]
        for part in np.array_split(own, int(rng.integers(2, min(len(own), 4) + 1))):
            rows.append(_joined(part))
            parents.append(owner)
    return np.array(rows), np.array(parents)


def _pair(rng, count, size):
    """Two villages; on the straight line between them only one of the two has nodes."""
    faces = _scattered(rng, 4 * max(count, 2), size / 2, nodes=0)
    owners = _grown(rng, faces, max(count, 2))
    middle = np.array([shapely.centroid(shapely.union_all(faces[owners == o])).x for o in owners])
    return faces, owners, np.where(middle <= np.median(middle), WEST, EAST)


_DRAWERS = {
    "voronoi": _voronoi, "strips": _strips, "island": _island, "pinched": _pinched,
    "holed": _holed, "exclave": _exclave, "bricks": _bricks, "winding": _winding,
    "natural": _natural, "pair": _pair, "nested": _natural,
}  # fmt: skip


# --- their parts ---------------------------------------------------------------------------


def _placed(rng, cells, site, zone):
    """Turn cells about the origin by any angle (or none) and move them to a site."""
    lon, lat, _ = SITES[site]
    turn = rng.uniform(0, 2 * np.pi) * (rng.random() < 0.7)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    place = pyproj.Transformer.from_crs(STORE_CRS, zone, always_xy=True).transform(lon, lat)
    return shapely.transform(cells, lambda xy: xy @ spin + np.rint(place))


def _scattered(rng, count, size, *, nodes):
    width = size * np.sqrt(count)
    frame, _ = tiled(rng, count, width=width, nodes=nodes)
    stretch = np.array([rng.choice([1.0, 3.0]), 1.0])
    faces = shapely.transform(frame.geometry.array, lambda xy: (xy - ORIGIN) * stretch)
    return np.asarray(faces)


def _faces(lines):
    return np.array(
        shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    )


def _joined(cells):
    whole = shapely.coverage_union_all(cells)
    parts = shapely.get_parts(whole)
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))


def _ring_inside(rng, face, corners):
    center = shapely.get_coordinates(shapely.maximum_inscribed_circle(face))
    radius = np.hypot(*(center[1] - center[0])) * rng.uniform(0.3, 0.8)
    angles = np.sort(
        rng.uniform(0, 2 * np.pi / corners, corners) + np.arange(corners) * 2 * np.pi / corners
    )
    return center[0] + radius * np.column_stack([np.cos(angles), np.sin(angles)])


def _grown(rng, faces, count):
    """Group cells into ``count`` connected owners by random growth."""
    one, other = shapely.STRtree(faces).query(faces, predicate="touches")
    beside = shapely.relate_pattern(faces[one], faces[other], "F***1****")
    one, other = one[beside], other[beside]
    owners = np.full(len(faces), -1)
    owners[rng.choice(len(faces), size=min(count, len(faces)), replace=False)] = np.arange(
        min(count, len(faces))
    )
    while (owners < 0).any():
        rim = np.flatnonzero((owners[one] >= 0) & (owners[other] < 0))
        if not len(rim):
            owners[owners < 0] = 0
            break
        step = int(rng.choice(rim))
        owners[other[step]] = owners[one[step]]
    return owners


def _one_sided(rng, shapes, village_of, zone):
    """Put nodes on the border with the other village into the grids of the western one only."""
    foreign = {
        frozenset(map(tuple, pair))
        for shape in shapes[village_of == EAST]
        for ring in shapely.get_rings(shapely.get_parts(shape))
        for pair in _segments(ring)
    }
    there = pyproj.Transformer.from_crs(STORE_CRS, zone, always_xy=True).transform
    back = pyproj.Transformer.from_crs(zone, STORE_CRS, always_xy=True).transform

    def noded(ring):
        xy = shapely.get_coordinates(ring)
        out = []
        for a, b in _segments(ring):
            out.append(a)
            if frozenset((tuple(a), tuple(b))) in foreign and rng.random() < 0.7:
                (x0, x1), (y0, y1) = there(*np.array([a, b]).T)
                at = rng.uniform(0.1, 0.9)
                lon, lat = back(x0 + at * (x1 - x0), y0 + at * (y1 - y0))
                out.append(np.rint(np.array([lon, lat]) * 1e9) / 1e9)
        return np.array([*out, xy[-1]])

    result = shapes.copy()
    for row in np.flatnonzero(village_of == WEST):
        parts = [
            shapely.Polygon(noded(part.exterior), [noded(hole) for hole in part.interiors])
            for part in shapely.get_parts(shapes[row])
        ]
        result[row] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return result


def _segments(ring):
    xy = shapely.get_coordinates(ring)
    return np.stack([xy[:-1], xy[1:]], axis=1)


# --- frames --------------------------------------------------------------------------------


def _grid_frame(rng, shapes, village_of, parents, locked):
    """Codes are dealt at random: neither place nor row order follows them."""
    numbers = rng.permutation(len(shapes)) + 1
    codes = [f"{v}{n:03d}" for v, n in zip(village_of, numbers, strict=True)]
    above = [codes[p] if p >= 0 else None for p in parents]
    held = np.zeros(len(shapes), dtype=bool)
    held[rng.permutation(len(shapes))[: max(locked, 0)]] = True
    return geopandas.GeoDataFrame(
        {
            "code": codes,
            "name": [f"网格{n}" for n in numbers],
            "village_code": village_of.astype(object),
            "kind": rng.choice(["basic", "dedicated"], len(shapes), p=[0.9, 0.1]).astype(object),
            "parent_code": pd.Series(above, dtype=object),
            "locked": held,
            "base_id": pd.array(np.arange(len(shapes)) + 1000, dtype="Int64"),
        },
        geometry=shapes,
        crs=STORE_CRS,
    )


def _natural_frame(rng, cells, villages, outlines, present):
    """Natural villages: the cells, or (one time in three) cells that ignore the grids' borders."""
    if len(cells) < 200 and rng.random() < 0.33:
        drawn, owner = [], []
        for village in present:
            whole = outlines[village]
            box = shapely.box(*whole.bounds)
            sites = shapely.multipoints(_within(rng, box, 8))
            pieces = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=box))
            pieces = shapely.intersection(
                shapely.set_precision(pieces, 1e-9), whole, grid_size=1e-9
            )
            kept = [
                p for p in pieces if p.geom_type in ("Polygon", "MultiPolygon") and not p.is_empty
            ]
            drawn += kept
            owner += [village] * len(kept)
        cells, villages = np.array(drawn), np.array(owner)
    return geopandas.GeoDataFrame(
        {
            "id": np.arange(len(cells)) + 1,
            "code": [f"nv{i + 1}" for i in range(len(cells))],
            "village_code": villages.astype(object),
        },
        geometry=cells,
        crs=STORE_CRS,
    )


def _household_frame(rng, shapes, count):
    """Households anywhere, and a tenth of them on nodes of borders."""
    bounds = shapely.total_bounds(shapes)
    xy = _within(rng, shapely.box(*bounds), count - count // 10)
    nodes = shapely.get_coordinates(shapes)
    xy = np.vstack([xy, nodes[rng.integers(0, len(nodes), count // 10)]])
    xy = np.rint(xy * 1e9) / 1e9
    codes = [f"h{i:05d}" for i in range(len(xy))]
    return geopandas.GeoDataFrame({"code": codes}, geometry=shapely.points(xy), crs=STORE_CRS)


def _within(rng, box, count):
    west, south, east, north = box.bounds
    return np.column_stack([rng.uniform(west, east, count), rng.uniform(south, north, count)])
