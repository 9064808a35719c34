"""Straight-line reach against brute force; ties go to the lowest code."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CrsError
from geo.reach.straight import nearest_center
from tests.geo.cells import points


def at(*places, **columns):
    return points(*places, size=1.0, origin=(0, 0), **columns)


lattice = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40)


@settings(max_examples=60)
@given(lattice, lattice, st.randoms(use_true_random=False))
def test_against_brute_force(homes, sites, random):
    codes = [f"k{i:02d}" for i in range(len(sites))]
    random.shuffle(codes)
    households, centers = at(*homes), at(*sites, code=codes)
    centers.index = [f"row {i}" for i in range(len(centers))]
    lengths = np.array([[np.hypot(a - c, b - d) for c, d in sites] for a, b in homes])

    nearest = nearest_center(households, centers)
    assert nearest.index.equals(households.index)
    for row, label in enumerate(nearest["center"]):
        ties = [i for i in range(len(sites)) if np.isclose(lengths[row, i], lengths[row].min())]
        assert label == centers.index[min(ties, key=lambda i: codes[i])]
    np.testing.assert_allclose(nearest["distance_m"], lengths.min(axis=1))


def test_no_center_and_no_place_are_not_far():
    households = at((0, 0), (1, 1))
    none = nearest_center(households, at())
    assert none["center"].isna().all()
    assert none["distance_m"].isna().all()
    households.geometry = [shapely.Point(), None]
    lost = nearest_center(households, at((0, 0)))
    assert lost["distance_m"].isna().all()
    assert nearest_center(at(), at((0, 0))).empty


def test_bad_input():
    with pytest.raises(CrsError, match="metres"):
        nearest_center(points((1, 1), crs="EPSG:4490"), at((0, 0)))
    with pytest.raises(CrsError, match="differ"):
        nearest_center(at((0, 0)), points((1, 1), crs="EPSG:4546"))
