"""Small parts: dividing a graph, sharing out, naming, reading the facts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.sample.division import divide, is_connected
from data.sample.frame import read_frame
from data.sample.names import name_cells, zh_number
from data.sample.people import share_out


def lattice(width: int, height: int) -> tuple[list[list[int]], np.ndarray]:
    """Cells of a chessboard, adjacent by a side."""
    cells = [(x, y) for y in range(height) for x in range(width)]
    at = {cell: number for number, cell in enumerate(cells)}
    steps = ((1, 0), (-1, 0), (0, 1), (0, -1))
    beside = [[at[x + i, y + j] for i, j in steps if (x + i, y + j) in at] for x, y in cells]
    return beside, np.array(cells, dtype=float) * 100


@settings(max_examples=60)
@given(
    size=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    share=st.floats(0, 1),
    even=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_parts_are_whole_and_none_is_missing(size, share, even, seed):
    beside, places = lattice(*size)
    parts = 1 + int(share * (len(beside) - 1))
    weights = np.random.default_rng(seed).integers(0, 40, len(beside)).tolist()
    part = divide(beside, weights, places, parts, even=even)
    assert sorted(set(part)) == list(range(parts))
    for number in range(parts):
        assert is_connected({c for c, owner in enumerate(part) if owner == number}, beside)


def test_parts_are_evened_out():
    beside, places = lattice(6, 6)
    weights = np.random.default_rng(3).integers(5, 40, 36).tolist()
    part = divide(beside, weights, places, 6)
    load = np.bincount(part, weights)
    assert load.max() < 1.5 * load.mean()


@settings(max_examples=60)
@given(total=st.integers(0, 10_000), weights=st.lists(st.floats(0.01, 100), min_size=1))
def test_shares_sum_up_and_stay_near(total, weights):
    values = np.array(weights)
    shares = share_out(total, values)
    assert shares.sum() == total
    assert np.all(np.abs(shares - total * values / values.sum()) < 1 + 1e-6)


def test_numbers_in_words():
    words = [zh_number(n) for n in (1, 10, 11, 20, 99, 100, 110, 115, 999)]
    assert words == [
        "一",
        "十",
        "十一",
        "二十",
        "九十九",
        "一百",
        "一百一十",
        "一百一十五",
        "九百九十九",
    ]


def test_names_are_unique_in_a_village():
    village = np.repeat([0, 1], 40)
    names = name_cells(
        village, np.zeros(80, bool), np.linspace(-1, 1, 80), np.random.default_rng(1)
    )
    assert len(set(names[:40])) == 40
    assert len(set(names[40:])) == 40


def test_the_frame_is_the_real_county():
    frame = read_frame()
    assert (len(frame.townships), len(frame.villages)) == (25, 204)
    assert frame.villages["code"].str.startswith("500229").all()
    classes = frame.villages["urban_rural_class"].value_counts().to_dict()
    assert classes == {"220": 152, "122": 20, "121": 17, "210": 15}
    assert frame.townships["x"].notna().sum() == 24
    assert frame.villages["x"].notna().sum() == 29
    assert frame.census.family_households == pytest.approx(68_018)
