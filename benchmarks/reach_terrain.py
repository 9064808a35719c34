"""Walking over terrain at county size, beside a plain heap over the same moves.

    python -m benchmarks.reach_terrain          4 million cells of 30 m, 230 centers
    python -m benchmarks.reach_terrain fine     a county in cells of 10 m: 33 million

Seeded mountains (median slope about 30 %), six roads, five rivers, 70,000 households. The peer is
what one writes first in numba: Dijkstra's search on a binary heap of (seconds, cell), its costs
those of the same moves, so that both must find the same seconds. scikit-image's MCP_Geometric,
where it is installed, knows no slope: cells and centers are the same, the question is easier.
CPU seconds, best of three, one thread, compiled before.
"""

from __future__ import annotations

import resource
import sys
import time
from heapq import heappop, heappush

import geopandas
import numpy as np
import shapely
from numba import njit
from scipy.ndimage import gaussian_filter, zoom

from geo.reach.heights import Heights
from geo.reach.moves import COLUMNS_BY, FIRST_KNIGHT, ROWS_BY, move_cost
from geo.reach.spread import Land, spread
from geo.reach.terrain import Terrain
from geo.travel import Travel

WEST, NORTH, SPAN = 500_000.0, 3_540_000.0, 60_000.0


def mountains(side: int, seed: int = 7) -> Heights:
    rng = np.random.default_rng(seed)
    coarse = np.zeros((500, 500))
    for sigma, metres in ((30, 550), (8, 330), (2.5, 90)):
        noise = gaussian_filter(rng.standard_normal((500, 500)), sigma)
        coarse += noise / noise.std() * metres
    values = zoom(coarse.astype(np.float32), side / 500, order=3)
    return Heights(values, WEST, NORTH, SPAN / side, 4545)


def winding(count: int, turn: bool) -> list[shapely.LineString]:
    along = np.arange(0, SPAN, 100.0)
    lines = []
    for k in range(count):
        across = SPAN * (k + 1) / (count + 1) + 1_500 * np.sin(along / 2_000 + k)
        x, y = (across, along) if turn else (along, across)
        lines.append(shapely.LineString(np.column_stack([WEST + x, NORTH - y])))
    return lines


def county(side: int) -> tuple[Terrain, float, np.ndarray, np.ndarray]:
    heights = mountains(side)
    slope = np.hypot(*np.gradient(heights.values[::4, ::4], 4 * heights.cell_m))
    print(f"{side * side:,} cells of {heights.cell_m:g} m, median slope {np.median(slope):.2f}")
    roads = geopandas.GeoDataFrame(
        {"road_class": ["tertiary"] * 6}, geometry=winding(6, turn=False), crs=4545
    )
    rivers = geopandas.GeoDataFrame(
        {"kind": ["river"] * 5}, geometry=winding(5, turn=True), crs=4545
    )

    def build() -> Terrain:
        return Terrain.build(heights, travel=Travel(), roads=roads, barriers=rivers)

    terrain, seconds = timed(build, rounds=2)
    rng = np.random.default_rng(1)
    hamlets = rng.uniform([WEST, NORTH - SPAN], [WEST + SPAN, NORTH], (3_000, 2))
    homes = hamlets[rng.integers(0, 3_000, 70_000)] + rng.normal(0, 150, (70_000, 2))
    sites = hamlets[rng.choice(3_000, 230, replace=False)]
    return terrain, seconds, homes, sites


@njit(nogil=True)
def plain_heap(land, sources):
    cells, columns, cell_m, steepest, off_pace, by_time = land
    heap = [(0.0, sources[0])]
    for cell in sources:
        cells[cell]["cost"] = 0.0
        heappush(heap, (0.0, cell))
    while len(heap):
        base, here = heappop(heap)
        if base > cells[here]["cost"]:
            continue
        for m in range(16):
            if not (cells[here]["open"] >> m) & 1:
                continue
            there = here + ROWS_BY[m] * columns + COLUMNS_BY[m]
            now = base + move_cost(cells, columns, cell_m, steepest, off_pace, by_time, here, m)
            if now < cells[there]["cost"]:
                cells[there]["cost"] = now
                heappush(heap, (now, there))


def timed(call, rounds: int = 3):
    best = np.inf
    for _ in range(rounds):
        start = time.process_time()
        answer = call()
        best = min(best, time.process_time() - start)
    return answer, best


def search(land: Land, sources: np.ndarray, *, heap: bool) -> np.ndarray:
    land.cells["cost"] = np.inf
    if heap:
        plain_heap(land, sources)
    else:
        owner = np.full(len(land.cells), -1, np.int32)
        spread(land, 1 << 13, sources, np.inf, -1, owner, np.empty(0, np.int64))
    return land.cells["cost"].copy()


def mcp(heights: Heights, sources: np.ndarray) -> float | None:
    try:
        from skimage.graph import MCP_Geometric
    except ImportError:
        return None
    costs = np.ones(heights.values.shape)
    starts = np.column_stack(np.divmod(sources, heights.columns)).tolist()
    return timed(lambda: MCP_Geometric(costs).find_costs(starts), rounds=1)[1]


def row(what: str, seconds: float, note: str = "") -> None:
    print(f"{what:58} {seconds:8.2f} s  {note}")


def compare(terrain: Terrain, sites: np.ndarray) -> None:
    """Time the search by itself beside its peers."""
    sources = terrain.footing.anchors(sites)
    sources = sources[sources >= 0]
    land = terrain._search("time")._land
    kings = sum(1 << m for m in range(16) if m & 7 < FIRST_KNIGHT)
    least = {}
    for moves in (16, 8):
        if moves == 8:
            land.cells["open"] &= np.uint16(kings)
        quick = slow = np.inf
        for _ in range(3):  # by turns: what else the machine does shall trouble both
            ours, seconds = timed(lambda: search(land, sources, heap=False), 1)
            quick = min(quick, seconds)
            theirs, seconds = timed(lambda: search(land, sources, heap=True), 1)
            slow = min(slow, seconds)
        assert np.array_equal(ours, theirs), "the two searches differ"
        row(f"search, {moves} moves, no limit: buckets", quick)
        row(f"search, {moves} moves, no limit: plain heap", slow, f"{slow / quick:.1f} x")
        least[moves] = ours
    reached = np.isfinite(least[16]) & (least[16] > 0)
    over = least[8][reached] / least[16][reached] - 1
    print(f"8 moves instead of 16: {over.mean():.1%} more on average, {over.max():.1%} at worst")
    other = mcp(terrain.heights, sources)
    if other is not None:
        row("scikit-image MCP_Geometric (8 moves, no slope, no owner)", other)


def main(*, fine: bool) -> None:
    # 5,750² is 33 million; compiled on a small one before
    small, _, homes, sites = county(300)
    small.within(homes, sites, "time", 3600.0)
    small.nearest(homes, sites, "distance")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    terrain, built, homes, sites = county(5_750 if fine else 2_000)
    row("lay roads and rivers, find the open moves", built)
    for measure in ("time", "distance"):
        nearest, seconds = timed(
            lambda measure=measure: terrain.nearest(homes, sites, measure), 1 if fine else 3
        )
        row(f"nearest of 230 centers, 70,000 households, {measure}", seconds)
    print("households by state", np.bincount(nearest.state))
    if not fine:
        reach, seconds = timed(lambda: terrain.within(homes, sites, "time", 3600.0))
        row("within 60 minutes, 230 centers", seconds, f"{len(reach.costs):,} pairs")
        _, seconds = timed(lambda: terrain.areas(sites, "time", 3600.0))
        row("areas of 60 minutes, 230 centers, drawn", seconds)
    one, seconds = timed(lambda: terrain.areas(sites[:1], "time", 3600.0))
    cells = one[0].area / terrain.heights.cell_m**2
    row("one area of 60 minutes, drawn", seconds, f"{cells:,.0f} cells")
    home = homes[np.flatnonzero(nearest.state == 0)[0]]
    row("one way", timed(lambda: terrain.way(home, sites[nearest.center[0]], "time"))[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak / 2**20:.2f} GiB, {before / 2**20:.2f} before the terrain")
    if not fine:
        compare(terrain, sites)


if __name__ == "__main__":
    main(fine="fine" in sys.argv[1:])
