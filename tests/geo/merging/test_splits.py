"""Units above the maximum are divided along natural villages."""

import geopandas
import numpy as np
import pytest
import shapely

from geo.merging import MergeRules, Size, count_sizes, suggest_splits
from tests.geo.merging.brute import partitions
from tests.geo.merging.counties import board, county

RULES = MergeRules(Size(30), maximum=Size(100))


def whole(cells, name="W"):
    outline = shapely.union_all(np.asarray(cells.geometry.array))
    return geopandas.GeoDataFrame(index=[name], geometry=[outline], crs=cells.crs)


def borders(cells):
    shapes = cells.geometry.to_dict()
    return {
        (a, b)
        for a in shapes
        for b in shapes
        if a != b and shapely.length(shapes[a].boundary & shapes[b].boundary) >= 10
    }


def linked(near, part):
    seen, queue = {part[0]}, [part[0]]
    while queue:
        one = queue.pop()
        for other in part:
            if other not in seen and (one, other) in near:
                seen.add(other)
                queue.append(other)
    return len(seen) == len(part)


def test_in_two():
    """60 10 60: the middle one could go either way, and goes with the first."""
    cells = board([[60, 10, 60]])
    splits = suggest_splits(whole(cells), cells, RULES)
    assert splits.splits[0].parts == (("A", "B"), ("C",))
    assert splits.splits[0].reasons == ()
    assert splits.parts["households"].tolist() == [70, 60]


@pytest.mark.parametrize("seed", range(4))
def test_equals_all_divisions(seed):
    cells = county(8, 1, seed=seed, median=45)
    [split] = suggest_splits(whole(cells), cells, RULES).splits
    near = borders(cells)

    def worth(parts):
        sums = [sum(cells.loc[code, "households"] for code in part) for part in parts]
        return sum(n > 100 for n in sums), len(sums), sum(n < 30 for n in sums), \
            sum(n * n for n in sums)  # fmt: skip

    best = min(worth(p) for p in partitions(list(cells.index))
               if all(linked(near, part) for part in p))  # fmt: skip
    assert split.exact
    assert worth(split.parts) == best
    assert all(linked(near, list(part)) for part in split.parts)


def test_many_cells():
    cells = county(60, 1, seed=3, median=20)
    order = np.random.default_rng(1).permutation(60)
    one, other = (
        suggest_splits(whole(cells), frame, RULES) for frame in (cells, cells.iloc[order])
    )
    assert one.splits == other.splits
    [split] = one.splits
    near = borders(cells)
    assert sorted(code for part in split.parts for code in part) == sorted(cells.index)
    assert all(linked(near, list(part)) for part in split.parts)
    told = {reason.key for reason in split.reasons}
    assert one.parts["households"].max() <= 100 or told & {"split_cell_above", "split_part_above"}
    assert not split.exact


def test_what_cannot_be_divided():
    cells = board([[200, 5]])
    [split] = suggest_splits(whole(cells), cells, RULES).splits
    [reason] = split.reasons
    assert reason.key == "split_cell_above"
    assert reason.values["unit"] == "A"
    [one] = suggest_splits(whole(board([[200]])), board([[200]]), RULES).splits
    assert one.reasons[0].key == "split_one_cell"
    far = whole(cells).set_geometry(whole(cells).translate(1e5))
    [nothing] = suggest_splits(far, cells, RULES).splits
    assert nothing.reasons[0].key == "split_no_cells"
    for found in (split, one, nothing):
        for reason in found.reasons:
            assert "—" not in reason.sentence("zh") + reason.sentence("en")


def test_counts():
    frame = board([[5, 50, 500]])
    frame["households"] = frame["households"].astype(float)
    frame.loc["A", "households"] = np.nan
    assert count_sizes(frame, RULES) == {"below": 0, "within": 1, "above": 1, "unknown": 1}
