"""A mesh of small land elements that fits the county outline exactly.

Points stand close together where people live and far apart in the mountains. Each is the middle
of one *element*; elements meet three at a time in *corners*. Regions made of elements therefore
never touch themselves in a point, and share every vertex of every border by number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Delaunay, cKDTree
from shapely.geometry import Polygon

from data.sample.frame import FloatArray, IntArray
from data.sample.terrain import Terrain

_LEVELS_M = 34.0 * np.sqrt(2.0) ** np.arange(7)  # 34 m in the county seat … 272 m on crests
_JITTER = 0.27
_TOWN_BELOW_M, _TOWN_REACH_M = 140.0, 2700.0  # only towns ask for elements closer than this


@dataclass(frozen=True)
class Mesh:
    """Elements, and the corners between them.

    Attributes
    ----------
    points
        (n, 2) middle of each element, metric CRS. The first ``outline_count`` lie on the
        outline, counter-clockwise.
    spacing_m
        (n,) distance to neighbours that was aimed at.
    original
        (outline_count,) position in the county's outline, -1 for a point put in between.
    corners
        (t, 2) one corner per triangle of elements.
    triangles
        (t, 3) the elements that meet in a corner, counter-clockwise.
    sides
        (s, 4) one row per pair of neighbours inside the county: element on the left, element on
        the right, corner where their common side starts, corner where it ends. For a pair
        that follows each other on the outline the side ends at corner ``t + i``: the middle of
        the outline's edge from element i to the next.
    """

    points: FloatArray
    spacing_m: FloatArray
    original: IntArray
    corners: FloatArray
    triangles: IntArray
    sides: IntArray

    @property
    def outline_count(self) -> int:
        """Number of elements on the outline."""
        return len(self.original)

    @property
    def edge_middles(self) -> FloatArray:
        """(outline_count, 2) middles of the outline's edges: corners t, t + 1, …."""
        ring = self.points[: self.outline_count]
        return (ring + np.roll(ring, -1, axis=0)) / 2


def make_mesh(
    outline: FloatArray,
    terrain: Terrain,
    seats: FloatArray,
    county_seat: FloatArray,
    rng: np.random.Generator,
) -> Mesh:
    """Scatter elements over the county.

    Parameters
    ----------
    outline
        (n, 2) open ring, counter-clockwise, metric CRS; each vertex becomes an element.
    seats
        Township seats: elements stand close around them.
    county_seat
        The one seat around which they stand closest.
    """
    inner = _scatter(outline, terrain, seats, county_seat, rng)
    ring, original, inner = _fit_outline(outline, inner)
    for _ in range(6):
        mesh = _assemble(np.vstack([ring, inner]), original, terrain, seats, county_seat)
        folded = folded_sides(mesh.points, np.vstack([mesh.corners, mesh.edge_middles]), mesh.sides)
        if not len(folded):
            return mesh
        # A point hemmed in by two wide triangles: rare, and the mesh is better without it.
        drop = np.unique(mesh.sides[folded, :2]) - len(ring)
        inner = np.delete(inner, drop[drop >= 0], axis=0)
    raise AssertionError("the mesh cannot be made without folds")


def folded_sides(
    points: FloatArray, corners: FloatArray, sides: IntArray, least_m2: float = 1.0
) -> IntArray:
    """Sides that, with the point of the element on either hand, do not span a proper triangle."""
    left, right, start, end = sides.T
    a, b = corners[start], corners[end]
    return np.flatnonzero(
        (_doubled_area(points[left], a, b) <= 2 * least_m2)
        | (_doubled_area(points[right], b, a) <= 2 * least_m2)
    )


def _doubled_area(p: FloatArray, q: FloatArray, r: FloatArray) -> FloatArray:
    u, v = q - p, r - p
    doubled: FloatArray = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return doubled


def _assemble(
    points: FloatArray,
    original: IntArray,
    terrain: Terrain,
    seats: FloatArray,
    county_seat: FloatArray,
) -> Mesh:
    triangles = _triangulate(points, len(original))
    return Mesh(
        points=points,
        spacing_m=wanted_spacing_m(points, terrain, seats, county_seat),
        original=original,
        corners=points[triangles].mean(axis=1),
        triangles=triangles,
        sides=_sides(triangles, len(original)),
    )


def wanted_spacing_m(
    points: FloatArray, terrain: Terrain, seats: FloatArray, county_seat: FloatArray
) -> FloatArray:
    """Distance between elements: small in towns and on valley floors."""
    ridge = terrain.ridge(points[:, 0], points[:, 1])
    land = 248.0 + 72.0 * ridge
    to_seat, _ = cKDTree(seats).query(points)
    to_county = np.hypot(*(points - county_seat).T)
    town = 72.0 + np.clip(to_seat - 520.0, 0.0, None) * 0.24
    city = 38.0 + np.clip(to_county - 1100.0, 0.0, None) * 0.14
    wanted: FloatArray = np.minimum(np.minimum(land, town), city)
    return wanted


def _scatter(
    outline: FloatArray,
    terrain: Terrain,
    seats: FloatArray,
    county_seat: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Jittered triangular lattices, one for each step of spacing; the finer wins at the seam."""
    polygon = Polygon(outline)
    shapely.prepare(polygon)
    kept = np.empty((0, 2))
    low, high = outline.min(axis=0), outline.max(axis=0)
    for level, spacing in enumerate(_LEVELS_M):
        nodes = _lattice(low, high, spacing, seats if spacing < _TOWN_BELOW_M else None)
        wanted = wanted_spacing_m(nodes, terrain, seats, county_seat)
        at = np.clip(np.rint(2.0 * np.log2(wanted / _LEVELS_M[0])), 0, len(_LEVELS_M) - 1)
        nodes = nodes[at == level]
        nodes += rng.uniform(-_JITTER, _JITTER, nodes.shape) * spacing
        if len(kept):
            near, _ = cKDTree(kept).query(nodes)
            nodes = nodes[near > 0.7 * spacing]
        kept = np.vstack([kept, nodes[shapely.contains_xy(polygon, nodes)]])
    return kept


def _lattice(
    low: FloatArray, high: FloatArray, spacing: float, seats: FloatArray | None
) -> FloatArray:
    """Nodes of a triangular lattice; a fine one only around the seats, where it is wanted."""
    step = np.array([spacing, spacing * np.sqrt(0.75)])
    columns, rows = (np.ceil((high - low) / step) + 1).astype(np.int64)
    if seats is None:
        index = np.arange(columns * rows)
    else:
        windows = []
        for first, last in zip(seats - _TOWN_REACH_M, seats + _TOWN_REACH_M, strict=True):
            c0, r0 = np.clip(np.floor((first - low) / step), 0, [columns, rows]).astype(int)
            c1, r1 = np.clip(np.ceil((last - low) / step), 0, [columns, rows]).astype(int)
            windows.append((np.arange(r0, r1)[:, None] * columns + np.arange(c0, c1)).ravel())
        index = np.unique(np.concatenate(windows))
    row, column = np.divmod(index, columns)
    nodes: FloatArray = low + step * np.column_stack([column + 0.5 * (row % 2), row])
    return nodes


def _fit_outline(outline: FloatArray, inner: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    """Split the outline's edges, and drop inner points too near, until all are sure to stay.

    An edge stays in the triangulation when no other point lies in the circle drawn over it.
    """
    ring, original = outline, np.arange(len(outline))
    for _ in range(14):
        edges = np.roll(ring, -1, axis=0) - ring
        length = np.hypot(*edges.T)
        middle = ring + edges / 2
        held = cKDTree(inner).query_ball_point(middle, np.minimum(0.62 * length, 190.0))
        crowded = cKDTree(ring).query_ball_point(middle, 0.499 * length, return_length=True) > 0
        inner = np.delete(inner, np.unique(np.concatenate([[], *held]).astype(np.int64)), axis=0)
        split = np.flatnonzero(crowded | (length > 210.0))
        if not len(split):
            return ring, original, inner
        ring = np.insert(ring, split + 1, middle[split], axis=0)
        original = np.insert(original, split + 1, -1)
    raise AssertionError("the outline has an angle too sharp to mesh")


def _triangulate(points: FloatArray, outline_count: int) -> IntArray:
    """Delaunay triangles inside the outline, counter-clockwise, in an order of their own."""
    triangles = Delaunay(points).simplices.astype(np.int64)
    polygon = Polygon(points[:outline_count])
    shapely.prepare(polygon)
    triangles = triangles[shapely.contains_xy(polygon, points[triangles].mean(axis=1))]
    a, b, c = points[triangles].transpose(1, 0, 2)
    doubled = _doubled_area(a, b, c)
    # a point put into a straight edge of the hull leaves a triangle of no area outside
    flat = (np.abs(doubled) < 1e-3) & (triangles < outline_count).all(axis=1)
    triangles, flipped = triangles[~flat], doubled[~flat] < 0
    triangles[flipped] = triangles[flipped][:, ::-1]
    first = np.argmin(triangles, axis=1)[:, None]
    triangles = np.take_along_axis(triangles, (first + np.arange(3)) % 3, axis=1)
    ordered: IntArray = triangles[np.lexsort(triangles.T[::-1])]
    return ordered


def _sides(triangles: IntArray, outline_count: int) -> IntArray:
    """Rows of :attr:`Mesh.sides`, from the half-edges of the triangles."""
    start = triangles.ravel()
    end = np.roll(triangles, -1, axis=1).ravel()
    corner = np.repeat(np.arange(len(triangles)), 3)
    size = int(triangles.max()) + 1
    key, twin = start * size + end, end * size + start
    order = np.argsort(key, kind="stable")
    at = np.minimum(np.searchsorted(key[order], twin), len(key) - 1)
    paired = key[order][at] == twin
    # A half-edge a→b has its triangle on the left. Around a, that triangle comes after the one
    # on the right, so the common side of a and b, with a on its left, runs right → left.
    once = paired & (start < end)
    inside = np.column_stack([start[once], end[once], corner[order][at][once], corner[once]])
    rim = ~paired
    if not np.array_equal(np.sort(start[rim]), np.arange(outline_count)) or np.any(
        end[rim] != (start[rim] + 1) % outline_count
    ):
        raise AssertionError("the triangulation does not follow the outline")
    # start lies left of the way from the triangle's corner … to the outline? start → end has the
    # county on its left, so looking outwards start is on the right: the side runs inwards.
    outer = np.column_stack([start[rim], end[rim], len(triangles) + start[rim], corner[rim]])
    return np.vstack([inside, outer])
