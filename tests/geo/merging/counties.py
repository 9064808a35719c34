"""Made-up units: boxes of a chessboard, cells round random points."""

import geopandas
import numpy as np
import shapely


def board(rows, side=100.0, **columns):
    """Return units A, B, C … from rows of households drawn as text, None for a hole.

    board([[5, 40], [None, 7]]) is
        A B
        . C
    """
    shapes, households = [], []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                top = -r * side
                shapes.append(shapely.box(c * side, top - side, (c + 1) * side, top))
                households.append(value)
    names = [chr(65 + k) if k < 26 else f"Z{k:03}" for k in range(len(shapes))]
    frame = geopandas.GeoDataFrame({"households": households}, index=names, geometry=shapes,
                                   crs=4545)  # fmt: skip
    for name, values in columns.items():
        frame[name] = values
    return frame


def county(count, townships, seed=1, median=45.0, side=None):
    """Return cells round random points with lognormal households, in so many townships."""
    rng = np.random.default_rng(seed)
    side = side or 1500.0 * np.sqrt(count)
    xy = rng.uniform(0, side, (count, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy)))
    outline = shapely.box(0, 0, side, side)
    cells = shapely.intersection(cells, outline)
    tree = shapely.STRtree(shapely.points(xy))
    cell, point = tree.query(cells, predicate="contains")[0], tree.query(cells, "contains")[1]
    shapes = np.empty(count, object)
    shapes[point] = cells[cell]
    seats = rng.uniform(0, side, (townships, 2))
    township = ((xy[:, None, :] - seats[None]) ** 2).sum(axis=2).argmin(axis=1)
    households = np.rint(rng.lognormal(np.log(median), 0.8, count)).astype(int)
    return geopandas.GeoDataFrame(
        {
            "households": households,
            "residents": households * 3 + rng.integers(0, 9, count),
            "township": [f"T{k:03}" for k in township],
            "x": xy[:, 0],
            "y": xy[:, 1],
        },
        index=[f"U{k:06}" for k in range(count)],
        geometry=shapes,
        crs=4545,
    )
