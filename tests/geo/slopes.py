"""Small terrains for tests, and walking over them computed the long way round."""

import math

import geopandas
import networkx as nx
import numpy as np
import shapely

from geo.reach.ground import NUDGE
from geo.reach.heights import Heights
from geo.reach.terrain import Terrain
from geo.travel import Travel

ZONE = 4545
CELL_M = 10.0


def at(*places):
    return np.array(places, dtype=float).reshape(-1, 2)


def dem(values, cell_m=CELL_M):
    """Heights whose south-west corner is (0, 0)."""
    values = np.array(values, dtype=np.float32)
    return Heights(values, 0.0, len(values) * cell_m, cell_m, ZONE)


def flat(rows, columns, cell_m=CELL_M):
    return dem(np.zeros((rows, columns)), cell_m)


def roads(*lines, road_class="residential"):
    frame = {"road_class": [road_class] * len(lines)}
    return geopandas.GeoDataFrame(frame, geometry=list(lines), crs=ZONE)


def barriers(*shapes, kind="river"):
    frame = {"kind": [kind] * len(shapes)}
    return geopandas.GeoDataFrame(frame, geometry=list(shapes), crs=ZONE)


def line(*places):
    return shapely.LineString(places)


def terrain(heights, *, road=(), barrier=(), **travel):
    return Terrain.build(
        heights, travel=Travel(**travel), roads=roads(*road), barriers=barriers(*barrier)
    )


def middles(heights):
    """The middles of all cells, in their order."""
    return heights.centre_of(np.arange(heights.rows * heights.columns))


def pace(slope):
    """Seconds a metre by Tobler, in the direction in which the slope is counted."""
    return 3.6 / (6 * math.exp(-3.5 * abs(slope + 0.05)))


def graph(heights, *, road=(), barrier=(), off_path=0.6, steepest=1.0):
    """Every move of every cell as an edge in walking direction: metres and seconds."""
    z, size = heights.values.astype(float), heights.cell_m
    points = middles(heights).reshape(*z.shape, 2)
    nudge = NUDGE * [size, -size]  # rows count southwards
    barrier, road = (
        [shapely.transform(s, lambda xy: xy + nudge) for s in shapes] for shapes in (barrier, road)
    )
    walls, ways = shapely.union_all(barrier), shapely.union_all(road)

    def on_road(r, c):
        x, y = points[r, c]
        half = size / 2
        return shapely.box(x - half, y - half, x + half, y + half).intersects(ways)

    def is_wet(r, c):
        return any(s.area and s.contains(shapely.Point(points[r, c])) for s in barrier)

    cells = [(r, c) for r in range(z.shape[0]) for c in range(z.shape[1])]
    paved = {cell for cell in cells if on_road(*cell)}
    walked = {c for c in cells if np.isfinite(z[c]) and (c in paved or not is_wet(*c))}
    made = nx.DiGraph()
    made.add_nodes_from(walked)
    for a in walked:
        for dr in range(-2, 3):
            for dc in range(-2, 3):
                b = (a[0] + dr, a[1] + dc)
                if b not in walked or sorted((abs(dr), abs(dc))) not in ([0, 1], [1, 1], [1, 2]):
                    continue
                if shapely.LineString([points[a], points[b]]).intersects(walls):
                    continue
                legs = moves(a, b, z, paved, walked, size, off_path, steepest)
                if legs is not None:
                    made.add_edge(a, b, distance=legs[0], time=legs[1])
    return made


def moves(a, b, z, paved, walked, size, off_path, steepest):
    """Metres and seconds from cell to cell, None if nobody goes there."""
    run = size * math.dist(a, b)
    slow = {cell: 1 if cell in paved else 1 / off_path for cell in walked}
    if max(abs(a[0] - b[0]), abs(a[1] - b[1])) == 1:
        beside = {(a[0], b[1]), (b[0], a[1])}
        if not beside & walked:
            return None
        passed, legs = {a, b}, [(z[b] - z[a], run, (slow[a] + slow[b]) / 2)]
    else:
        # the two cells on both sides of the middle of the move
        r, c = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        between = [(r, math.floor(c)), (r, math.ceil(c)), (math.floor(r), c), (math.ceil(r), c)]
        between = [(int(i), int(j)) for i, j in between if i == int(i) and j == int(j)]
        between = sorted(set(between), key=lambda cell: math.dist(cell, a))
        if not set(between) <= walked:
            return None
        first, last = between
        bend = (z[first] + z[last]) / 2
        legs = [
            (bend - z[a], run / 2, (slow[a] + slow[first]) / 2),
            (z[b] - bend, run / 2, (slow[last] + slow[b]) / 2),
        ]
        passed = {a, b, first, last}
    metres = seconds = 0.0
    for rise, length, factor in legs:
        slope = rise / length
        if abs(slope) > steepest:
            if not passed <= paved:
                return None
            slope = math.copysign(steepest, slope)
        surface = math.hypot(length, slope * length)
        metres += surface
        seconds += surface * factor * pace(slope)
    return metres, seconds
