"""Shapes nested without end would end the process: they cost their own row only."""

from __future__ import annotations

import struct
import subprocess
import sys

import numpy as np
import pytest
import shapely

from data.importers.ogr import _is_bottomless, _shapes

DEEP = 300_000


def nested(levels: int, *, kind: int = 7, order: str = "<") -> bytes:
    mark = b"\x01" if order == "<" else b"\x00"
    level = mark + struct.pack(f"{order}II", kind, 1)
    return level * levels + shapely.to_wkb(shapely.Point(108, 31))


def test_shapely_alone_dies_of_it():
    """What the guard is for: when GEOS learns to refuse this, the guard can go."""
    code = f"import shapely; shapely.from_wkb({nested(1)[:9]!r} * {DEEP} + {nested(0)!r})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode < 0


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [6, 7, 1007, 3006, 0x80000007])
def test_a_bottomless_shape_is_no_shape(kind, order):
    here = shapely.Point(108, 31)
    wkb = np.array([shapely.to_wkb(here), nested(DEEP, kind=kind, order=order), None], dtype=object)
    shapes = _shapes(wkb)
    assert shapes[0] == here
    assert shapes[1] is None
    assert shapes[2] is None


def test_ordinary_collections_are_shapes():
    squares = shapely.box(*np.random.default_rng(1).uniform(0, 9, (4, 5000)))
    for shape in (shapely.multipolygons(squares), shapely.from_wkb(nested(3))):
        for order in (0, 1):
            wkb = shapely.to_wkb(shape, byte_order=order)
            assert not _is_bottomless(wkb)
            assert _shapes(np.array([wkb], dtype=object))[0] == shape
