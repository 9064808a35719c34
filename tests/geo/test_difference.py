"""Differences on drawings, and against brute force."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import STORE_CRS, to_store
from geo.difference import compare
from geo.errors import CrsError, FrameError
from tests.geo.cells import drawn, points, tiled

SQUARE_M2 = 10_000.0


def lines(picture, **columns):
    return to_store(drawn(picture).assign(village_code="v", **columns))


def people(*places, **columns):
    codes = [f"h{n}" for n in range(1, len(places) + 1)]
    return to_store(points(*places, code=codes, **{"residents": 3, **columns}))


def changes(found):
    named = found.grids[["code", "change", "previous_code"]].astype(object)
    return named.where(named.notna(), None).values.tolist()


def numbers(found, code, what):
    row = found.grids.set_index("code").loc[code]
    words = ("before", "after", "in", "out")
    if what == "area":
        return [pytest.approx(row[f"area_{word}_m2"] / SQUARE_M2, rel=1e-4) for word in words]
    return [row[f"{what}_{word}"] for word in words]


def moved(found):
    table = pd.DataFrame(found.households).astype(object)
    columns = ["household", "old_grid", "new_grid"]
    return table[columns].where(table[columns].notna(), None).values.tolist()


def land(found):
    table = found.land
    return [
        [
            *(None if pd.isna(row[name]) else row[name] for name in ("old_grid", "new_grid")),
            round(row["area_m2"] / SQUARE_M2, 3),
            row["households"],
        ]
        for _, row in table.iterrows()
    ]


#  ┌───┬───┬───┬───┐      ┌───┬───────┬───┐
#  │ a   a │ b │ c │  →   │ a │ b   b │ c │
#  │ ·   × │ · │ · │      │ · │ ×   · │ · │
#  └───────┴───┴───┘      └───┴───────┴───┘
def test_land_and_people_go_from_one_grid_to_another():
    homes = people(
        (0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5), (9, 9), residents=[1, 2, 3, 4, 5]
    )
    found = compare(lines("aabc"), lines("abbc"), homes)
    assert changes(found) == [["a", "changed", None], ["b", "changed", None]]
    assert numbers(found, "a", "area") == [2, 1, 0, 1]
    assert numbers(found, "b", "area") == [1, 2, 1, 0]
    assert numbers(found, "a", "households") == [2, 1, 0, 1]
    assert numbers(found, "b", "households") == [1, 2, 1, 0]
    assert numbers(found, "a", "residents") == [3, 1, 0, 2]
    assert numbers(found, "b", "residents") == [3, 5, 2, 0]
    assert moved(found) == [["h2", "a", "b"]]
    assert found.households.residents.tolist() == [2]
    assert found.households.geometry[0].equals(homes.geometry[1])
    assert land(found) == [["a", "b", 1, 1]]
    assert found.land.residents.tolist() == [2]
    assert found.land.geometry[0].equals(lines("zxyw").geometry[1])  # cell 2, not a bit beside it
    assert found.grids.geometry[1].equals(lines("abbc").geometry[1])
    assert found.grids.village_code.tolist() == ["v", "v"]


def test_nothing_differs():
    homes = people((0.5, 0.5), (1, 0.5))
    found = compare(lines("aabb"), lines("aabb"), homes)
    again = compare(lines("aabb").iloc[:0], lines("aabb").iloc[:0], homes.iloc[:0])
    for result in (found, again):
        for frame in (result.grids, result.land, result.households):
            assert frame.empty
            assert frame.crs == STORE_CRS
    full = compare(lines("aabc"), lines("abbc"), homes)
    for name in ("grids", "land", "households"):
        filled = getattr(full, name)
        assert getattr(found, name).columns.tolist() == filled.columns.tolist()
        assert getattr(again, name).dtypes.equals(filled.dtypes), name


#   a split into a and d; b and c made one
def test_split_and_merge():
    homes = people((0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5))
    found = compare(lines("aabc"), lines("adbb"), homes)
    assert changes(found) == [
        ["a", "changed", None],
        ["b", "changed", None],
        ["c", "removed", None],
        ["d", "added", None],
    ]
    assert numbers(found, "c", "area") == [1, 0, 0, 1]
    assert numbers(found, "d", "area") == [0, 1, 1, 0]
    assert numbers(found, "c", "households") == [1, 0, 0, 1]
    assert numbers(found, "d", "households") == [0, 1, 1, 0]
    assert land(found) == [["a", "d", 1, 1], ["c", "b", 1, 1]]
    assert moved(found) == [["h2", "a", "d"], ["h4", "c", "b"]]
    assert found.grids.set_index("code").geometry["c"].equals(lines("abc").geometry[2]) is False
    assert found.grids.set_index("code").geometry["c"].equals(lines("aabc").geometry[2])


def test_without_households_their_numbers_are_missing():
    found = compare(lines("aab"), lines("abb"))
    counts = [c for c in found.grids if c.startswith(("households_", "residents_"))]
    assert len(counts) == 8
    assert found.grids[counts].isna().all(axis=None)
    assert found.land[["households", "residents"]].isna().all(axis=None)
    assert found.households.empty
    assert (found.grids.dtypes[counts] == "Int64").all()


# --- which grid is which -----------------------------------------------------------------


def test_another_code_is_not_another_grid():
    homes = people((0.5, 0.5), (1.5, 0.5))
    for columns in ({}, {"id": [7, 8]}):
        after = {"base_id": columns["id"]} if columns else {}
        found = compare(lines("ab", **columns), lines("ab", **after).assign(code=["a", "x"]), homes)
        assert changes(found) == [["x", "renumbered", "b"]]
        assert numbers(found, "x", "area") == [1, 1, 0, 0]
        assert numbers(found, "x", "households") == [1, 1, 0, 0]
        assert moved(found) == []
        assert found.land.empty


def test_two_grids_change_codes():
    homes = people((0.5, 0.5), (1.5, 0.5), (2.5, 0.5))
    for columns in ({}, {"base_id": [7, 8, 9]}):
        found = compare(
            lines("abc", **columns), lines("abc", **columns).assign(code=["b", "a", "c"]), homes
        )
        assert changes(found) == [["a", "renumbered", "b"], ["b", "renumbered", "a"]]
        assert found.land.empty
        assert moved(found) == []


def test_other_code_and_other_land():
    """What a version has become is known by its number, whatever it is called."""
    before = lines("aabc", base_id=[1, 2, 3])
    after = lines("abbc", base_id=[1, 2, 3]).assign(code=["b", "x", "c"])
    found = compare(before, after, people((1.5, 0.5)))
    assert changes(found) == [["b", "changed", "a"], ["x", "changed", "b"]]
    assert land(found) == [["a", "x", 1, 1]]
    unknown = compare(before.drop(columns="base_id"), after.drop(columns="base_id"))
    # without it the code is all there is to go by
    assert changes(unknown) == [
        ["a", "removed", None],
        ["b", "changed", None],
        ["x", "added", None],
    ]


def test_numbers_that_come_twice_count_with_the_code_only():
    before = lines("aaab", base_id=[1, 2])
    after = lines("acdb").assign(base_id=[1, 2, 1, 1])  # c and d were cut from a
    assert after.code.tolist() == ["a", "b", "c", "d"]
    assert changes(compare(before, after)) == [
        ["a", "changed", None],
        ["c", "added", None],
        ["d", "added", None],
    ]


def test_rows_of_a_plan_without_an_origin():
    """New grids of two plans have no version before them: shape and code tell."""
    before = lines("abc").assign(base_id=pd.array([1, None, None], dtype="Int64"), id=[1, 50, 51])
    after = lines("abc").assign(base_id=pd.array([1, None, None], dtype="Int64"), id=[1, 51, 50])
    assert changes(compare(before, after.assign(code=["a", "b", "x"]))) == [
        ["x", "renumbered", "c"]
    ]


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [("name", "新", True), ("kind", "dedicated", True), ("parent_code", "p", True),
     ("attributes", '{"a": 1}', True), ("locked", True, False)],
)  # fmt: skip
def test_attributes(name, value, seen):
    first = {
        "name": "旧",
        "kind": "basic",
        "parent_code": None,
        "attributes": "{}",
        "locked": False,
    }
    before, after = lines("ab", **first), lines("ab", **first)
    after[name] = [first[name], value]
    found = compare(before, after)
    assert changes(found) == ([["b", "attributes", None]] if seen else [])
    if seen:
        assert found.grids.name[0] == ("新" if name == "name" else "旧")
        assert numbers(found, "b", "area") == [1, 1, 0, 0]


def test_a_missing_name_is_an_empty_name():
    found = compare(lines("ab", name=None), lines("ab", name=""))
    assert found.grids.empty


# --- borders -----------------------------------------------------------------------------


def bent(frame, offset_m):
    """Add a node amid the border of the first two grids, moved across it."""
    metric = frame.to_crs(4545)
    a, b = metric.geometry[:2]
    middle = shapely.intersection(a, b).interpolate(0.5, normalized=True)
    node = (middle.x + offset_m, middle.y)

    def with_node(shape):
        ring = shapely.get_coordinates(shape)[:-1].tolist()
        edge = max(
            range(len(ring)),
            key=lambda i: -shapely.LineString([ring[i - 1], ring[i]]).distance(middle),
        )
        return shapely.Polygon([*ring[:edge], node, *ring[edge:]])

    metric.geometry = [with_node(a), with_node(b), *metric.geometry[2:]]
    return to_store(metric)


def test_a_node_more_is_no_change():
    before = lines("abc")
    after = bent(before, 1e-4)
    assert not after.geometry[0].equals(before.geometry[0])
    homes = people((0.5, 0.5), (1.5, 0.5))
    found = compare(before, after, homes)
    assert found.grids.empty
    assert found.land.empty
    renumbered = compare(before, after.assign(code=["x", "b", "c"]), homes)
    assert changes(renumbered) == [["x", "renumbered", "a"]]
    assert numbers(renumbered, "x", "area") == [1, 1, 0, 0]


def test_a_border_moved_by_more_than_a_millimetre_is_a_change():
    found = compare(lines("abc"), bent(lines("abc"), 3e-3))
    assert changes(found) == [["a", "changed", None], ["b", "changed", None]]
    assert found.land[["old_grid", "new_grid"]].values.tolist() == [["b", "a"]]
    assert found.land.area_m2[0] == pytest.approx(0.15, rel=0.05)  # 100 m long, 3 mm high
    row = found.grids.iloc[0]
    assert row.area_in_m2 == pytest.approx(0.15, rel=0.05)
    assert row.area_out_m2 == pytest.approx(0, abs=1e-3)


def test_households_on_a_border_follow_the_lowest_code():
    on_border = people((1, 0), (2, 1))
    found = compare(lines("abc"), lines("abc").assign(code=["d", "b", "c"]), on_border)
    assert changes(found) == [["b", "changed", None], ["d", "changed", "a"]]
    assert moved(found) == [["h1", "a", "b"]]
    assert numbers(found, "b", "households") == [1, 2, 1, 0]
    assert numbers(found, "d", "households") == [1, 0, 0, 1]
    assert found.land.empty


# --- land that belonged to nobody ----------------------------------------------------------


def test_a_gap_is_filled():
    homes = people((0.5, 0.5), (1.5, 0.5), (2.5, 0.5))
    found = compare(lines("a.b"), lines("aab"), homes)
    assert changes(found) == [["a", "changed", None]]
    assert numbers(found, "a", "area") == [1, 2, 1, 0]
    assert numbers(found, "a", "households") == [1, 2, 1, 0]
    assert moved(found) == [["h2", None, "a"]]
    assert land(found) == [[None, "a", 1, 1]]
    back = compare(lines("aab"), lines("a.b"), homes)
    assert moved(back) == [["h2", "a", None]]
    assert land(back) == [["a", None, 1, 1]]


@pytest.mark.parametrize(("width_m", "told"), [(0.5, True), (0.005, True), (0.0005, False)])
def test_small_gaps(width_m, told):
    cell = drawn("a").geometry[0]
    west, south, *_ = cell.bounds
    hole = shapely.box(west + 50, south + 50, west + 50 + width_m, south + 50.4)
    before = drawn("a")
    before.geometry = [shapely.Polygon(cell.exterior, [hole.exterior])]
    found = compare(to_store(before), to_store(drawn("a")))
    assert len(found.land) == told
    assert len(found.grids) == told
    if told:
        assert found.land.area_m2[0] == pytest.approx(width_m * 0.4, rel=0.05)
        assert found.grids.area_in_m2[0] == pytest.approx(width_m * 0.4, rel=0.05)


def test_an_overlap_is_resolved():
    overlapping = to_store(
        geopandas.GeoDataFrame(
            {"code": ["a", "b"]},
            geometry=[drawn("aab").geometry[0], drawn("abb").geometry[1]],
            crs=4545,
        )
    )
    homes = people((1.5, 0.5))
    found = compare(overlapping, lines("abb"), homes)
    assert changes(found) == [["a", "changed", None], ["b", "changed", None]]
    assert numbers(found, "b", "area") == [2, 2, 0, 0]  # it only got the household
    assert numbers(found, "b", "households") == [0, 1, 1, 0]
    assert moved(found) == [["h1", "a", "b"]]
    kept = compare(overlapping, lines("aab"), homes)
    assert changes(kept) == [["b", "changed", None]]
    assert numbers(kept, "b", "area") == [2, 1, 0, 1]
    assert land(kept) == []  # it was a's before, by the lowest code, and is
    assert moved(kept) == []


# --- at the door ---------------------------------------------------------------------------


def test_bad_frames():
    with pytest.raises(FrameError, match="code"):
        compare(lines("a").drop(columns="code"), lines("a"))
    with pytest.raises(FrameError, match="code"):
        compare(lines("a"), lines("a"), people((0, 0)).drop(columns="code"))
    with pytest.raises(CrsError, match="differ"):
        compare(lines("a"), drawn("a"))
    with pytest.raises(CrsError, match="coordinate system"):
        compare(lines("a"), lines("a").set_crs(None, allow_override=True))


def test_the_callers_frames_stay():
    before, after, homes = lines("aab"), lines("abb").set_axis([5, 9]), people((1.5, 0.5))
    copies = before.copy(), after.copy(), homes.copy()
    compare(before, after, homes)
    for frame, copy in zip((before, after, homes), copies, strict=True):
        assert frame.equals(copy)


def test_numbers_of_a_grid_are_those_of_its_village_however_far_the_next_one_is():
    far = lines("aab").assign(village_code="w", code=["x", "y"])
    far = far.set_geometry(far.translate(9, 0).set_crs(STORE_CRS))
    far_after = lines("abb").assign(village_code="w", code=["x", "y"])
    far_after = far_after.set_geometry(far_after.translate(9, 0).set_crs(STORE_CRS))
    found = compare(
        pd.concat([lines("aab"), far], ignore_index=True),
        pd.concat([lines("abb"), far_after], ignore_index=True),
    )
    alone = compare(lines("aab"), lines("abb"))
    assert found.land.area_m2[0] == alone.land.area_m2[0]
    assert found.grids.area_after_m2[:2].tolist() == alone.grids.area_after_m2.tolist()
    assert found.land.area_m2[1] == pytest.approx(alone.land.area_m2[0], rel=1e-4)


# --- brute force ---------------------------------------------------------------------------


def grouped(cells, label):
    """Return cells put together by label; their codes are the labels."""
    names = sorted(set(label.tolist()))
    shapes = [shapely.coverage_union_all(cells.geometry.to_numpy()[label == n]) for n in names]
    codes = [f"{n:03d}" for n in names]
    return geopandas.GeoDataFrame({"code": codes}, geometry=shapes, crs=cells.crs)


def owner_of(frame, point):
    """Return the lowest code of the grids that cover a point, None for none."""
    codes = [
        code
        for code, shape in zip(frame.code, frame.geometry, strict=True)
        if shapely.covers(shape, point)
    ]
    return min(codes, default=None)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(1, 7))
def test_against_brute_force(seed, count, new_count):
    rng = np.random.default_rng(seed)
    metric, _ = tiled(rng, 24)
    cells = to_store(metric)
    label, new_label = (rng.integers(0, n, len(cells)) for n in (count, new_count))
    if seed % 3 == 0:  # only a few cells go
        new_label = np.where(rng.random(len(cells)) < 0.1, new_label, label)
    before, after = grouped(cells, label), grouped(cells, new_label)
    corners = shapely.get_coordinates(cells.geometry.to_numpy())
    inside = to_store(points(*rng.uniform(0, 30, (80, 2)))).geometry.to_numpy()
    places = np.concatenate([inside, shapely.points(corners[rng.integers(0, len(corners), 40)])])
    homes = geopandas.GeoDataFrame(
        {"code": [f"h{i}" for i in range(120)], "residents": rng.integers(0, 9, 120)},
        geometry=places,
        crs=STORE_CRS,
    )
    found = compare(before, after, homes)

    area = cells.to_crs(4545).area.to_numpy()
    same = {  # grids of equal cells are one grid, whatever they are called
        f"{n:03d}": f"{m:03d}"
        for n in range(count)
        for m in range(new_count)
        if (label == n).any() and np.array_equal(label == n, new_label == m)
    }
    pairs = {}
    for cell in range(len(cells)):
        old, new = f"{label[cell]:03d}", f"{new_label[cell]:03d}"
        if same.get(old) != new:
            pairs[old, new] = pairs.get((old, new), 0) + area[cell]
    # what is left goes by code: that land stays
    free = set(after.code) - set(same.values())
    known = {**{code: code for code in before.code if code not in same and code in free}, **same}
    expected = {pair: m2 for pair, m2 in pairs.items() if known.get(pair[0]) != pair[1]}
    told = dict(
        zip(
            zip(found.land.old_grid, found.land.new_grid, strict=True),
            found.land.area_m2,
            strict=True,
        )
    )
    assert told == pytest.approx(expected, abs=1e-3)
    for pair, shape in zip(told, found.land.to_crs(4545).geometry, strict=True):
        old, new = (
            frame.to_crs(4545).geometry[frame.code.tolist().index(code)]
            for frame, code in ((before, pair[0]), (after, pair[1]))
        )
        assert shape.symmetric_difference(shapely.intersection(old, new)).area < 0.1

    owners = [(owner_of(before, p), owner_of(after, p)) for p in places]
    went = [
        [code, *pair]
        for code, pair in zip(homes.code, owners, strict=True)
        if known.get(pair[0]) != pair[1]
    ]
    assert moved(found) == went

    table = found.grids.set_index("code")
    for code, row in table.iterrows():
        new = after.code.eq(code).any()
        old = next((b for b, a in known.items() if a == code), None) if new else code
        own = [old == pair[0] for pair in owners], [new and code == pair[1] for pair in owners]
        amounts = {"households": np.ones(120, dtype=int), "residents": homes.residents.to_numpy()}
        for what, amount in amounts.items():
            was, has = (np.array(o, dtype=bool) for o in own)
            stays = np.array([known.get(pair[0]) == pair[1] for pair in owners])
            assert row[f"{what}_before"] == (amount[was].sum() if old else 0)
            assert row[f"{what}_after"] == amount[has].sum()
            assert row[f"{what}_in"] == amount[has & ~stays].sum()
            assert row[f"{what}_out"] == (amount[was & ~stays].sum() if old else 0)
        assert row.area_before_m2 - row.area_out_m2 + row.area_in_m2 == pytest.approx(
            row.area_after_m2, abs=1e-6
        )
    # nothing is lost on the way
    for what in ("area_{}_m2", "households_{}", "residents_{}"):
        gained, lost = (table[what.format(word)].sum() for word in ("in", "out"))
        assert gained == pytest.approx(lost, abs=1e-3)
    assert table.area_in_m2.sum() == pytest.approx(found.land.area_m2.sum(), abs=1e-2)
    assert found.land.households.sum() <= len(found.households) == table.households_in.sum()
    changed = {code for pair in expected for code in pair}
    assert changed <= set(table.index)
