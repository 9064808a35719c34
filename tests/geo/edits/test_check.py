"""What an edit may not do where borders differ by less than the millimetre that counts."""

import geopandas
import numpy as np
import pytest
import shapely

from geo.crs import to_store
from geo.edits.check import check_change
from geo.edits.faces import Change
from geo.edits.refusal import Refusal
from tests.geo.cells import CRS
from tests.geo.edits.squares import VILLAGE, code, partition

HAIR = 0.0007


def moved(shape, old, new):
    """Return a shape whose nodes at one northing lie at another."""
    return shapely.transform(
        shape,
        lambda xy: np.column_stack([xy[:, 0], np.where(abs(xy[:, 1] - old) < 0.01, new, xy[:, 1])]),
    )


@pytest.mark.parametrize(
    ("lower", "upper", "key"),
    [
        (-HAIR, HAIR, "would_leave_gap"),
        (HAIR, -HAIR, "would_overlap"),
        (-HAIR, 0.0, None),
        (HAIR, 0.0, None),
    ],
)
def test_two_hairs_make_a_fault(lower, upper, key):
    # a above b: first b's side of the border is off, then an edit would move a's
    grids = partition("a\nb")
    ground = grids.ground(VILLAGE)
    border = float(ground.shapes[0].bounds[1])
    frame = grids.grids.to_crs(CRS)
    shapes = [frame.geometry[0], moved(frame.geometry[1], border, border + lower)]
    hairy = to_store(frame.set_geometry(geopandas.GeoSeries(shapes, crs=CRS)))
    ground = type(grids)(hairy, grids.villages, None, grids.taken).ground(VILLAGE)
    change = Change(ground, {0: moved(ground.shapes[0], border, border + upper)})
    if key is None:
        check_change(change, {})
        return
    with pytest.raises(Refusal) as told:
        check_change(change, {})
    assert told.value.problem.key == key
    assert code("a") in told.value.problem.grids
    assert not told.value.problem.geometry.is_empty


def test_a_hair_more_over_the_outline_is_outside():
    grids = partition("a\nb")
    ground = grids.ground(VILLAGE)
    north = float(ground.shapes[0].bounds[3])
    frame = grids.grids.to_crs(CRS)
    shapes = [moved(frame.geometry[0], north, north + HAIR), frame.geometry[1]]
    hairy = to_store(frame.set_geometry(geopandas.GeoSeries(shapes, crs=CRS)))
    ground = type(grids)(hairy, grids.villages, None, grids.taken).ground(VILLAGE)
    north = float(ground.shapes[0].bounds[3])
    check_change(Change(ground, {0: moved(ground.shapes[0], north, north + HAIR / 10)}), {})
    with pytest.raises(Refusal) as told:
        check_change(Change(ground, {0: moved(ground.shapes[0], north, north + HAIR)}), {})
    assert told.value.problem.key == "would_leave_village"
