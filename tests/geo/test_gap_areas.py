"""Land out of reach and the circles around who lives off it, against one plain union."""

import numpy as np
import pytest
import shapely

from geo.service.areas import find_areas
from geo.service.land import Land


@pytest.mark.parametrize("land_shown", [True, False])
def test_circles_are_added_to_what_is_out_of_reach(land_shown):
    west, east = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
    shapes, kinds = np.array([west, east], dtype=object), np.array(["plain", "town"])
    shown = slice(None) if land_shown else slice(0)
    land = Land(4545, shapes[shown], np.array(["v1", "v2"])[shown], kinds[shown])
    reached = {"plain": shapely.box(-100, -100, 600, 1100), "town": shapely.box(900, 0, 1900, 800)}
    # out of reach; reached; reached, the circle across the border of reach; off all land; across
    # the edge of the land; on the border of two types, one of them reached
    places = [(800, 500), (300, 300), (580, 500), (3000, 3000), (200, -20), (1000, 400)]
    whole = [
        *(shape.difference(reached[kind]) for shape, kind in zip(shapes, kinds, strict=True)),
    ][shown]
    alone = places[1:5] if land_shown else places
    circles = shapely.buffer(shapely.points(alone), 50.0)
    expected = shapely.get_parts(shapely.union_all([*whole, *circles]))
    straight = np.full(len(places), 1e6)
    for split in (True, False):
        found, member = find_areas(land, reached, np.array(places, float), straight, split=split)
        assert shapely.intersects(found[member], shapely.points(places)).all()
        with_homes = [p for p in expected if p.intersects(shapely.MultiPoint(places))]
        assert len(found) == len(with_homes)
        apart = shapely.symmetric_difference(
            shapely.union_all(found), shapely.union_all(with_homes)
        )
        assert apart.area < 1.0
