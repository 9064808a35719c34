"""Each check catches what the others miss; faults come with place, area and households."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import to_metric, to_store
from geo.errors import CrsError, FrameError
from geo.partition import (
    check_partition,
    check_partitions,
    find_gaps,
    find_mismatched_edges,
    find_overlaps,
    thick_parts,
)
from tests.geo.cells import CRS, ORIGIN, drawn, outline, points, tiled


def keys(problems):
    return [p.key for p in problems]


NINE = """
    abc
    def
    ghi
"""
SQUARE = outline(drawn(NINE))


def replaced(frame, code, shape):
    changed = frame.copy()
    changed.loc[changed.code == code, "geometry"] = shape
    return changed


def metres(*xy):
    """A polygon in metres from the drawing's origin."""
    return shapely.Polygon(np.asarray(xy, dtype=float) + ORIGIN)


def test_a_partition_has_no_problem():
    assert check_partition(drawn(NINE), boundary=SQUARE) == []
    assert check_partition(drawn(NINE)) == []


# trap 2: GEOS calls this coverage valid at every gap width
def test_missing_centre_cell():
    frame = drawn("""
        abc
        d.f
        ghi
    """)
    assert shapely.coverage_is_valid(frame.geometry.array, gap_width=1e-6)
    households = points((1.5, 1.5), (1.2, 1.0), (0.5, 0.5))
    for boundary in (SQUARE, None):
        [gap] = check_partition(frame, boundary=boundary, households=households, village="v")
        assert gap.key == "gap_in_village"
        assert gap.details["area_m2"] == pytest.approx(10_000)
        assert gap.details["households"] == 2  # one of them on the border
        assert gap.grids == ("a", "b", "c", "d", "f", "g", "h", "i")
        assert shapely.equals(gap.geometry, metres((100, 100), (200, 100), (200, 200), (100, 200)))


def test_missing_corner_needs_the_outline():
    frame = drawn("""
        .bc
        def
        ghi
    """)
    assert keys(check_partition(frame, boundary=SQUARE)) == ["gap_in_village"]
    assert check_partition(frame) == []  # documented: the edge is not seen without an outline


def test_each_gap_by_itself_largest_first():
    frame = drawn("""
        a..d
        e.gh
        i.kl
        mn.p
    """)
    gaps = check_partition(frame, boundary=outline(drawn("aaaa\naaaa\naaaa\naaaa")))
    assert [round(g.details["area_m2"]) for g in gaps] == [40_000, 10_000]


def test_a_grid_alone_in_a_hole():
    # the gap is a ring around e
    ring = shapely.difference(SQUARE, metres((100, 100), (200, 100), (200, 200), (100, 200)))
    island = metres((120, 120), (180, 120), (180, 180), (120, 180))
    frame = geopandas.GeoDataFrame({"code": ["a", "e"]}, geometry=[ring, island], crs=CRS)
    for boundary in (SQUARE, None):
        [gap] = check_partition(frame, boundary=boundary)
        assert gap.details["area_m2"] == pytest.approx(10_000 - 3_600)


# trap 3: a lone bow-tie is a valid coverage to GEOS
def test_bow_tie():
    bow_tie = metres((0, 0), (200, 200), (200, 0), (0, 200))
    frame = geopandas.GeoDataFrame({"code": ["x"]}, geometry=[bow_tie], crs=CRS)
    assert shapely.coverage_is_valid(frame.geometry.array, gap_width=1e-6)
    [problem] = [p for p in check_partition(frame) if p.key == "invalid_shape"]
    assert problem.details["reason"] == "Self-intersection"
    assert "自相交" in problem.sentence("zh")
    assert shapely.equals(problem.geometry, shapely.Point(ORIGIN[0] + 100, ORIGIN[1] + 100))
    assert problem.row == 1


def test_a_bow_tie_does_not_hide_other_faults():
    frame = drawn("""
        abc
        def
        g.i
    """)
    bow_tie = metres((100, 100), (200, 200), (200, 100), (100, 200))
    found = check_partition(replaced(frame, "e", bow_tie), boundary=SQUARE)
    # the two triangles the bow-tie leaves, and the missing h they touch only in their corners
    assert set(keys(found)) >= {"invalid_shape", "gap_in_village"}
    assert sum(p.details["area_m2"] for p in found if p.key == "gap_in_village") == pytest.approx(
        15_000
    )


# trap 1: the new node of a split, missing in the neighbour
#       ┌────┬─────┐
#       │ b  │  c  │      the border below b and c is straight in a
#       ├────┴─────┤
#       │    a     │
#       └──────────┘
def split_cell(node):
    a = metres((0, 0), (1000, 0), (1000, 730), (0, 310))
    b = metres((0, 310), node, (300, 1000), (0, 1000))
    c = metres(node, (1000, 730), (1000, 1000), (300, 1000))
    return geopandas.GeoDataFrame({"code": list("abc")}, geometry=[a, b, c], crs=CRS)


ON_EDGE = (1000 / 3, 310 + 420 / 3)


@pytest.mark.parametrize("off", [0.0, 1e-12, 1e-9, 5e-5, 9e-4, -1e-9, -5e-5, -9e-4])
def test_hidden_t_junction(off):
    # off > 0: the node lies on the gap side, where GEOS sees nothing without a gap width
    frame = split_cell((ON_EDGE[0], ON_EDGE[1] + off))
    boundary = metres((0, 0), (1000, 0), (1000, 730), (1000, 1000), (300, 1000), (0, 1000))
    [mismatch] = check_partition(frame, boundary=boundary)
    assert mismatch.key == "edge_mismatch"
    assert mismatch.grids == ("a", "b", "c")
    assert mismatch.details["length_m"] == pytest.approx(np.hypot(1000, 420), abs=0.01)


@pytest.mark.parametrize(("off", "key"), [(0.01, "gap_in_village"), (-0.01, "overlap")])
def test_a_t_junction_off_by_a_centimetre_is_an_area(off, key):
    frame = split_cell((ON_EDGE[0], ON_EDGE[1] + off))
    boundary = metres((0, 0), (1000, 0), (1000, 730), (1000, 1000), (300, 1000), (0, 1000))
    assert key in keys(check_partition(frame, boundary=boundary))


def test_a_shared_node_makes_it_whole():
    frame = split_cell(ON_EDGE)
    whole = metres((0, 0), (1000, 0), (1000, 730), ON_EDGE, (0, 310))
    frame = replaced(frame, "a", whole)
    assert check_partition(frame, boundary=outline(frame)) == []


def test_overlap_pair_by_pair():
    frame = drawn("""
        abc
        def
        ghi
    """)
    wide = metres((50, 100), (200, 100), (200, 200), (50, 200))  # e reaches into d
    households = points((0.75, 1.5), (0.5, 1.2), (0.2, 1.5))
    [overlap] = check_partition(replaced(frame, "e", wide), boundary=SQUARE, households=households)
    assert (overlap.key, overlap.grids) == ("overlap", ("d", "e"))
    assert overlap.details["area_m2"] == pytest.approx(5_000)
    assert overlap.details["households"] == 2
    assert "d, e" in overlap.sentence("en")


#   ┌──────┬──────┐
#   │  a   ·  b   │   a has a node at (100, 250) that b lacks,
#   │      │_     │
#   │      │_│ ←  │   and reaches into b from 50 to 100
#   └──────┴──────┘
def test_an_overlap_does_not_hide_a_missing_node_elsewhere():
    a = metres(
        (0, 0), (100, 0), (100, 50), (120, 50), (120, 100), (100, 100), (100, 200),
        (100, 250), (100, 300), (0, 300),
    )  # fmt: skip
    b = metres((100, 0), (200, 0), (200, 300), (100, 300), (100, 200), (100, 100), (100, 50))
    frame = geopandas.GeoDataFrame({"code": ["a", "b"]}, geometry=[a, b], crs=CRS)
    found = check_partition(frame, boundary=metres((0, 0), (200, 0), (200, 300), (0, 300)))
    assert [(p.key, p.grids) for p in found] == [
        ("overlap", ("a", "b")),
        ("edge_mismatch", ("a", "b")),
    ]
    assert found[1].details["length_m"] == pytest.approx(100)


def test_a_grid_inside_another_and_a_grid_twice():
    inner = metres((110, 110), (120, 110), (120, 120), (110, 120))
    frame = pd.concat(
        [drawn(NINE), geopandas.GeoDataFrame({"code": ["z"]}, geometry=[inner], crs=CRS)],
        ignore_index=True,
    )
    [overlap] = check_partition(frame, boundary=SQUARE)
    assert (overlap.key, overlap.grids) == ("overlap", ("e", "z"))

    twice = pd.concat([drawn(NINE), drawn("a")], ignore_index=True)
    twice.loc[9, "geometry"] = twice.loc[0, "geometry"]
    found = check_partition(twice, boundary=SQUARE)
    assert keys(found) == ["duplicate_code", "overlap"]
    assert found[0].details["rows"] == [1, 10]


def test_land_outside_the_village():
    frame = drawn("""
        abcj
        def.
        ghi.
    """)
    [outside] = check_partition(frame, boundary=SQUARE, village="500229001001")
    assert (outside.key, outside.grids) == ("outside_village", ("j",))
    assert outside.details["area_m2"] == pytest.approx(10_000)
    assert "500229001001" in outside.sentence("zh")


def test_what_is_no_polygon_and_what_is_in_parts():
    frame = drawn("""
        aba
        bbb
        cdc
    """)
    frame = pd.concat(
        [
            frame,
            geopandas.GeoDataFrame(
                {"code": ["e", "f", "g"]},
                geometry=[None, shapely.Polygon(), shapely.Point(ORIGIN)],
                crs=CRS,
            ),
        ],
        ignore_index=True,
    )
    found = check_partition(frame, boundary=SQUARE)
    assert [(p.key, p.row, p.severity) for p in found] == [
        ("multipart_grid", 1, "warning"),
        ("multipart_grid", 3, "warning"),
        ("not_a_polygon", 5, "error"),
        ("not_a_polygon", 6, "error"),
        ("not_a_polygon", 7, "error"),
    ]


def test_a_coordinate_that_is_no_number():
    with np.errstate(invalid="ignore"):
        broken = metres((0, 0), (100, 0), (100, np.nan), (0, 100))
    frame = replaced(drawn(NINE), "g", broken)
    found = check_partition(frame, boundary=SQUARE)
    assert keys(found) == ["invalid_shape", "gap_in_village"]
    assert "坐标不是数字" in found[0].sentence("zh")


def test_slivers_too_thin_to_tell_still_add_up():
    # 400 needles, each under 1 mm wide, along 1 m of border: more than 1 mm × outline in all
    ys = np.linspace(0, 1, 801)
    comb = np.column_stack([1 + np.where(np.arange(801) % 2, 0.4, 0.0), ys])
    left = metres((0, 0), *comb, (0, 1))
    right = metres((1.4, 0), (2, 0), (2, 1), (1.4, 1))
    frame = geopandas.GeoDataFrame({"code": ["a", "b"]}, geometry=[left, right], crs=CRS)
    boundary = metres((0, 0), (2, 0), (2, 1), (0, 1))
    assert keys(check_partition(frame, boundary=boundary))  # told one way or another


@pytest.mark.parametrize(("width", "told"), [(0.0009, False), (0.0011, True), (0.01, True)])
def test_thickness(width, told):
    strip = metres((0, 0), (100, 40), (100, 40 + width * np.hypot(1, 0.4)), (0, width * 1.0770330))
    assert (len(thick_parts(strip)) == 1) is told
    # a compact crumb of the same width is told by the same rule
    assert (len(thick_parts(metres((0, 0), (width, 0), (width, width), (0, width)))) == 1) is told


def test_at_the_outline_half_a_millimetre_is_tolerated():
    sagging = metres((0, 0), (150, -0.0005), (300, 0), (300, 300), (0, 300))
    assert check_partition(drawn(NINE), boundary=sagging) == []


def test_bad_frames():
    with pytest.raises(CrsError, match="metres"):
        check_partition(drawn(NINE, crs="EPSG:4490", origin=(108, 31), size=0.01))
    with pytest.raises(CrsError, match="differ"):
        check_partition(drawn(NINE), households=points((1, 1), crs="EPSG:4546"))
    with pytest.raises(FrameError, match="code"):
        check_partition(drawn(NINE).drop(columns="code"))


def test_no_grids_at_all():
    empty = drawn(NINE).iloc[:0]
    assert check_partition(empty) == []
    [gap] = check_partition(empty, boundary=SQUARE)
    assert (gap.key, gap.grids) == ("gap_in_village", ())


# --- random partitions ----------------------------------------------------------------------


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 25))
def test_random_partitions_pass_before_and_after_the_store(seed, count):
    frame, boundary = tiled(np.random.default_rng(seed), count)
    assert check_partition(frame, boundary=boundary) == []
    stored = to_store(frame)
    back = to_metric(stored)
    assert check_partition(back, boundary=outline(back)) == []
    # the outline may come from elsewhere, on the lattice by itself
    alone = to_metric(to_store(geopandas.GeoDataFrame(geometry=[boundary], crs=CRS)))
    assert check_partition(back, boundary=alone.geometry[0]) == []


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(3, 15), st.data())
def test_a_dropped_grid_is_a_gap_and_a_grown_one_overlaps(seed, count, data):
    frame, boundary = tiled(np.random.default_rng(seed), count)
    victim = data.draw(st.integers(0, count - 1))
    dropped = frame.drop(index=victim)
    gaps = [p for p in check_partition(dropped, boundary=boundary) if p.key == "gap_in_village"]
    shape = frame.geometry[victim]
    assert sum(g.details["area_m2"] for g in gaps) == pytest.approx(shape.area, rel=1e-6)

    grown = frame.copy()
    grown.loc[victim, "geometry"] = shape.buffer(3).intersection(boundary)
    overlaps = find_overlaps(grown)
    expected = sum(
        grown.geometry[victim].intersection(other).area
        for index, other in grown.geometry.items()
        if index != victim
    )
    assert sum(p.details["area_m2"] for p in overlaps) == pytest.approx(expected, rel=1e-6)
    assert all(frame.code[victim] in p.grids for p in overlaps)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_a_node_on_one_side_only_is_a_mismatch(seed, fraction):
    frame, _ = tiled(np.random.default_rng(seed), 8)
    ring = shapely.get_coordinates(frame.geometry[3])
    middle = shapely.line_interpolate_point(
        shapely.linestrings(ring[:2]), fraction, normalized=True
    )
    shared = sum(
        {tuple(ring[0]), tuple(ring[1])} <= set(map(tuple, shapely.get_coordinates(g)))
        for g in frame.geometry
    )
    with_node = shapely.Polygon([ring[0], shapely.get_coordinates(middle)[0], *ring[1:]])
    frame.loc[3, "geometry"] = with_node
    found = find_mismatched_edges(frame)
    assert len(found) == (1 if shared == 2 else 0)  # on the outline nobody shares the edge


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_order_of_rows_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    frame, boundary = tiled(rng, 10)
    frame.loc[4, "geometry"] = frame.geometry[4].buffer(2)
    frame = frame.drop(index=7)
    shuffled = frame.sample(frac=1, random_state=int(rng.integers(1000)))
    one, other = (check_partition(f, boundary=boundary) for f in (frame, shuffled))
    assert [(p.key, p.grids) for p in one] == [(p.key, p.grids) for p in other]
    for a, b in zip(one, other, strict=True):
        assert a.details.get("area_m2") == pytest.approx(b.details.get("area_m2"))


# --- a county -------------------------------------------------------------------------------


def county():
    """Two villages side by side: v1 is NINE, v2 is two grids east of it."""
    west = drawn(NINE).assign(village_code="v1")
    east = drawn("...jk\n...jk\n...jk").assign(village_code="v2")
    grids = pd.concat([west, east], ignore_index=True)
    villages = grids.dissolve("village_code").reset_index().rename(columns={"village_code": "code"})
    villages = geopandas.GeoDataFrame(
        {"code": ["v1", "v2"]}, geometry=[SQUARE, outline(east)], crs=CRS
    )
    return to_store(grids), to_store(villages)


def test_a_county_without_fault():
    grids, villages = county()
    assert check_partitions(grids, villages, None) == []
    assert check_partitions(grids.iloc[:0], villages.iloc[:0]) == []


def test_a_county_with_faults():
    grids, villages = county()
    grids = grids[grids.code != "e"].reset_index(drop=True)
    households = to_store(points((1.5, 1.5), (0.5, 0.5)))
    grids.loc[grids.code == "k", "village_code"] = None
    grids.loc[grids.code == "a", "geometry"] = shapely.Point(108, 31)
    found = check_partitions(grids, villages, households)
    assert [(p.key, p.row) for p in found] == [
        ("grid_without_village", 10),
        ("not_a_polygon", 1),
        ("gap_in_village", None),
        ("gap_in_village", None),
        ("gap_in_village", None),
    ]
    middle = found[2] if found[2].details["households"] else found[3]
    assert middle.details["village"] == "v1"
    assert middle.details["area_m2"] == pytest.approx(10_000, rel=1e-5)
    assert middle.details["households"] == 1
    # places are in the CRS of the grids
    assert shapely.box(*grids.total_bounds).buffer(0.01).covers(middle.geometry)


def test_a_village_without_grids_is_one_gap():
    grids, villages = county()
    found = check_partitions(grids[grids.village_code == "v1"], villages)
    assert [(p.key, p.details["village"]) for p in found] == [("gap_in_village", "v2")]


def test_overlap_between_villages_without_outlines():
    grids, villages = county()
    grids.loc[grids.code == "j", "geometry"] = grids.loc[grids.code == "f", "geometry"].iloc[0]
    villages = villages.set_geometry(geopandas.GeoSeries([None, None], crs="EPSG:4490"))
    found = check_partitions(grids, villages)
    assert [(p.key, p.grids) for p in found] == [("overlap", ("f", "j"))]


def test_small_grids_tile_their_big_grid():
    big = drawn("aab\naab").assign(village_code="v", parent_code=None)
    small = drawn("cd.\ncd.").assign(village_code="v", parent_code="a")
    villages = geopandas.GeoDataFrame({"code": ["v"]}, geometry=[outline(big)], crs=CRS)
    both = pd.concat([big, small], ignore_index=True)
    assert check_partitions(both, villages) == []
    [gap] = check_partitions(both[both.code != "d"], villages)
    assert (gap.key, gap.details["village"]) == ("gap_in_village", "a")


def test_divisions_of_other_levels_are_left_alone():
    grids, villages = county()
    township = villages.dissolve().assign(code="t", level="township")
    divisions = pd.concat([villages.assign(level="village"), township], ignore_index=True)
    assert check_partitions(grids, divisions) == []


def test_county_frames_are_checked():
    grids, villages = county()
    with pytest.raises(FrameError, match="village_code"):
        check_partitions(grids.drop(columns="village_code"), villages)
    with pytest.raises(FrameError, match="code"):
        check_partitions(grids, villages.drop(columns="code"))


def test_find_gaps_alone():
    [gap] = find_gaps(drawn("aaa\na.a\naaa"))
    assert gap.details["area_m2"] == pytest.approx(10_000)
