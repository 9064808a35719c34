"""How much of a piece of land is in each grid."""

import numpy as np
import pytest
import shapely
from shapely import affinity

from geo.shares import measure_shares

WEST, SOUTH = 108.0, 31.0
MM = 1e-8  # degrees, about a millimetre


def shares(land, grids):
    """Return areas and wholes, one row a piece of land, one column a grid."""
    count = len(land), len(grids)
    pairs = tuple(np.indices(count).reshape(2, -1))
    found = measure_shares(np.array(land, dtype=object), np.array(grids, dtype=object), pairs)
    return found.area_m2.reshape(count), found.whole.reshape(count)


def square(west, east, south=0.0, north=0.01):
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def test_parts_add_up_to_the_whole():
    land = [square(0, 0.01), square(0.004, 0.016)]
    area, whole = shares(land, [square(0, 0.01), square(0.01, 0.02), square(0.03, 0.04)])
    assert whole.tolist() == [[True, False, False], [False] * 3]
    # 0.01° is 954 m from west to east there, and 1,109 m from south to north
    assert area[0] == pytest.approx([954 * 1109, 0, 0], rel=1e-3)
    assert area[1] == pytest.approx([0.6 * 954 * 1109] * 2 + [0], rel=1e-3)


@pytest.mark.parametrize(("off", "whole"), [(0.5 * MM, True), (4 * MM, False)])
def test_a_millimetre_is_nothing(off, whole):
    area, told = shares([square(0, 0.01)], [square(0, 0.01 - off), square(0.01 - off, 0.02)])
    assert told.tolist() == [[whole, False]]
    assert bool(area[0, 1] == 0) is whole


def test_a_thin_slit_takes_nothing_but_a_pond_does():
    """A hole half a millimetre wide is no land; one of a metre is."""
    land = square(0, 0.01)
    slit, pond = square(0.005, 0.005 + MM / 2, 0.001, 0.009), square(0.005, 0.00501, 0.005, 0.00501)
    _, whole = shares([land], [land.difference(slit), land.difference(pond)])
    assert whole.tolist() == [[True, False]]


def test_land_of_several_parts():
    land = shapely.union_all([square(0, 0.001), square(0.005, 0.006)])
    area, whole = shares([land], [square(0, 0.002), square(0.002, 0.01), square(0, 0.01)])
    assert whole.tolist() == [[False, False, True]]
    assert area[0, 0] + area[0, 1] == pytest.approx(area[0, 2], rel=1e-6)


def test_shares_of_random_land_are_those_of_an_overlay():
    rng = np.random.default_rng(7)
    grids = [square(x / 100, (x + 1) / 100) for x in range(4)]
    land = [
        affinity.translate(shapely.Point(0, 0).buffer(size, quad_segs=3), WEST + x, SOUTH + 0.005)
        for x, size in zip(rng.uniform(0, 0.04, 40), rng.uniform(5e-4, 4e-3, 40), strict=True)
    ]
    area, whole = shares(land, grids)
    for row, piece in enumerate(land):
        parts = np.array([piece.intersection(grid).area / piece.area for grid in grids])
        assert area[row] / area[row].sum() == pytest.approx(parts / parts.sum(), abs=1e-4)
        assert whole[row].tolist() == [part > 1 - 1e-9 for part in parts]


def test_nothing_asked():
    found = measure_shares(np.empty(0, object), np.empty(0, object), (np.empty(0, int),) * 2)
    assert (len(found.area_m2), len(found.whole)) == (0, 0)
