"""Straight-line reach against brute force; the limit is inclusive; ties go to the lowest code."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CrsError
from geo.reach.straight import centers_within, nearest_center
from tests.geo.cells import points


def at(*places, **columns):
    return points(*places, size=1.0, origin=(0, 0), **columns)


lattice = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(lattice, lattice, st.integers(0, 9), st.randoms(use_true_random=False))
def test_against_brute_force(homes, sites, limit, random):
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

    within = centers_within(households, centers, limit)
    pairs = set(zip(*(a.tolist() for a in np.nonzero(lengths <= limit)), strict=True))
    rows = np.repeat(np.arange(len(homes)), np.diff(within.indptr))
    assert set(zip(rows.tolist(), within.indices.tolist(), strict=True)) == pairs
    np.testing.assert_allclose(within.data, lengths[rows, within.indices])


def test_exactly_at_the_limit_counts():
    households, centers = at((0, 0)), at((3, 4))
    assert centers_within(households, centers, 5.0).nnz == 1
    assert centers_within(households, centers, 4.999999999).nnz == 0
    on_it = centers_within(households, at((0, 0)), 0.0)
    assert (on_it.nnz, on_it.data.tolist()) == (1, [0.0])


def test_no_center_and_no_place_are_not_far():
    households = at((0, 0), (1, 1))
    none = nearest_center(households, at())
    assert none["center"].isna().all()
    assert none["distance_m"].isna().all()
    assert centers_within(households, at(), 5).shape == (2, 0)
    households.geometry = [shapely.Point(), None]
    lost = nearest_center(households, at((0, 0)))
    assert lost["distance_m"].isna().all()
    assert centers_within(households, at((0, 0)), 5).nnz == 0
    assert nearest_center(at(), at((0, 0))).empty


def test_bad_input():
    with pytest.raises(CrsError, match="metres"):
        nearest_center(points((1, 1), crs="EPSG:4490"), at((0, 0)))
    with pytest.raises(CrsError, match="differ"):
        centers_within(at((0, 0)), points((1, 1), crs="EPSG:4546"), 5)
    for limit in (-1, float("nan")):
        with pytest.raises(ValueError, match="limit_m"):
            centers_within(at((0, 0)), at((0, 0)), limit)
