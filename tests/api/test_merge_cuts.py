"""The edit that cuts a grid into the parts suggested: one split, applied, gives all of them."""

import numpy as np
import pytest
import shapely

from api.services.merging.cutting import draw_cut
from geo.merging import MergeRules, Size, suggest_splits
from tests.geo.merging.counties import county
from tests.geo.merging.test_splits import whole


def lines_of(cut):
    return shapely.get_parts(shapely.geometry.shape(cut))


def pieces(outline, cut):
    """Return the areas, with nodes that are a micrometre apart taken for one."""
    drawn = shapely.union_all([outline.boundary, *lines_of(cut)], grid_size=1e-4)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    return sorted(shapely.area(faces))


@pytest.mark.parametrize(("seed", "count"), [(1, 8), (5, 12), (3, 40), (4, 60)])
def test_one_cut_makes_all_parts(seed, count):
    cells = county(count, 1, seed=seed, median=45)
    rules = MergeRules(Size(30), maximum=Size(130))
    splits = suggest_splits(whole(cells), cells, rules)
    parts = np.asarray(splits.parts.geometry.array, dtype=object)
    assert len(parts) > 2
    cut = draw_cut(parts)
    assert cut["type"] == "MultiLineString"
    [outline] = whole(cells).geometry
    assert pieces(outline, cut) == pytest.approx(sorted(shapely.area(parts)), rel=1e-6)


def test_two_parts_take_one_line():
    cut = draw_cut(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)], dtype=object))
    assert cut == {"type": "LineString", "coordinates": [[1.0, 1.0], [1.0, 0.0]]} or cut == {
        "type": "LineString", "coordinates": [[1.0, 0.0], [1.0, 1.0]]
    }  # fmt: skip


def test_parts_that_lines_do_not_enclose():
    ring = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    assert draw_cut(np.array([ring, shapely.box(1, 1, 2, 2)], dtype=object)) is None
    # of a part in two pieces nothing is said; the next one is cut off by itself
    apart = shapely.MultiPolygon([shapely.box(0, 1, 1, 2), shapely.box(0, -1, 1, 0)])
    middle, side = shapely.box(0, 0, 1, 1), shapely.box(1, -1, 2, 2)
    cut = draw_cut(np.array([apart, middle, side], dtype=object))
    assert cut["type"] == "LineString"
    assert sorted(cut["coordinates"]) == [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
