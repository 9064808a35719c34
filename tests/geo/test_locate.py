"""Point lookup against brute force, and the rule for borders."""

import threading

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.locate import GridIndex

#  2 ┌───┬───┐      codes   c │ a
#  1 ├───┼───┤              ──┼──
#  0 └───┴───┘              b │ d
#    0   1   2
CODES = ["b", "d", "c", "a"]
CELLS = shapely.box([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 1, 2], [1, 1, 2, 2])


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        (0.5, 0.5, "b"),
        (1.5, 1.5, "a"),
        (1.0, 0.5, "b"),  # between b and d
        (0.5, 1.0, "b"),  # between b and c
        (1.5, 1.0, "a"),  # between d and a
        (1.0, 1.0, "a"),  # all four
        (0.0, 0.0, "b"),  # a corner of the outline
        (2.0, 0.5, "d"),
        (2.0000001, 0.5, None),
        (np.nan, 0.5, None),
        (0.5, np.inf, None),
    ],
)
def test_the_rule(x, y, code):
    [position] = GridIndex(CODES, CELLS).locate([x], [y])
    assert (CODES[position] if position >= 0 else None) == code


def test_nothing_to_look_in_or_for():
    assert GridIndex([], np.array([], dtype=object)).locate([1.0], [1.0]).tolist() == [-1]
    assert GridIndex(CODES, CELLS).locate([], []).tolist() == []
    holes = np.array([None, shapely.Polygon(), CELLS[0]], dtype=object)
    assert GridIndex(["a", "b", "c"], holes).locate([0.5], [0.5]).tolist() == [2]
    with pytest.raises(ValueError, match="2 codes for 4 geometries"):
        GridIndex(["a", "b"], CELLS)


def test_a_single_point_may_come_bare():
    assert GridIndex(CODES, CELLS).locate(0.5, 0.5).tolist() == [0]


def test_equal_codes_first_position_wins():
    assert GridIndex(["a", "a"], shapely.box([0, 0], 0, 1, 1)).locate([0.5], [0.5]).tolist() == [0]


def brute_force(codes, cells, xy):
    found = []
    for point in shapely.points(xy):
        held = [i for i, cell in enumerate(cells) if shapely.covers(cell, point)]
        found.append(min(held, key=lambda i: (codes[i], i)) if held else -1)
    return found


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12))
def test_against_brute_force(seed, count):
    rng = np.random.default_rng(seed)
    sites = shapely.multipoints(rng.uniform(0, 10, (count, 2)))
    cells = np.concatenate(
        [
            shapely.get_parts(shapely.voronoi_polygons(sites)),
            # overlapping boxes on an integer lattice: many exact ties
            shapely.box(*(lambda a: (a[0], a[1], a[0] + 3, a[1] + 2))(rng.integers(0, 8, (2, 5)))),
        ]
    )
    codes = [str(c) for c in rng.integers(0, 20, len(cells))]
    corners = shapely.get_coordinates(cells)[:200]
    ends = corners[rng.integers(0, len(corners), (2, 50))]
    xy = np.concatenate(
        [rng.uniform(-1, 11, (100, 2)), rng.integers(0, 11, (60, 2)), corners, ends.mean(axis=0)]
    )
    assert GridIndex(codes, cells).locate(*xy.T).tolist() == brute_force(codes, cells, xy)


def test_threads_share_an_index():
    rng = np.random.default_rng(3)
    sites = shapely.multipoints(rng.uniform(0, 10, (300, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(sites))
    codes = [f"{i:03d}" for i in range(len(cells))]
    index, xy = GridIndex(codes, cells), rng.uniform(0, 10, (2, 3000))
    answers = [None] * 6

    def ask(slot):
        answers[slot] = index.locate(*xy)

    threads = [threading.Thread(target=ask, args=(slot,)) for slot in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        np.testing.assert_array_equal(answer, answers[0])
