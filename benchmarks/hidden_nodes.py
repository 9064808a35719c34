"""How many one-sided nodes on a shared border a coverage check sees after the store's rounding.

    .venv/bin/python -m benchmarks.hidden_nodes

The measurement behind docs/adr/0006-edge-tolerance.md; seeded, same numbers each time.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import to_metric, to_store

PAIRS = 2000
WIDTHS_M = (1e-6, 1e-5, 1e-4, 1e-3)


def main() -> None:
    rng = np.random.default_rng(1)
    west, south = 470_000.0, 3_534_000.0
    unseen = dict.fromkeys(WIDTHS_M, 0)
    for _ in range(PAIRS):
        foot, head = rng.uniform(-600, 600, 2)
        start, end = np.array([west + foot, south]), np.array([west + head, south + 1000])
        node = start + rng.uniform(0.1, 0.9) * (end - start)
        left = shapely.Polygon(
            [(west - 2000, south), start, node, end, (west - 2000, south + 1000)]
        )
        right = shapely.Polygon([start, (west + 2000, south), (west + 2000, south + 1000), end])
        pair = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[left, right], crs="EPSG:4545")
        stored = to_metric(to_store(pair)).geometry.array
        for width in WIDTHS_M:
            unseen[width] += bool(shapely.coverage_is_valid(stored, gap_width=width))
    for width, count in unseen.items():
        print(f"gap_width {width:g} m: {count} of {PAIRS} one-sided nodes unseen")


if __name__ == "__main__":
    main()
