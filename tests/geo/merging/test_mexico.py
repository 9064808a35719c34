"""Max-p regions of the 32 states of Mexico, the example of libpysal and of spopt's own tests."""

import geopandas
import pytest

from geo.merging import MergeRules, Size, suggest_merges
from tests.geo.merging.checker import check


@pytest.mark.parametrize(("least", "most", "regions"), [(4, 4, 8), (5, 6, 6)])
def test_as_many_regions_as_there_can_be(least, most, regions):
    examples = pytest.importorskip("libpysal.examples")
    states = geopandas.read_file(examples.get_path("mexicojoin.shp"))
    # degrees drawn as kilometres: only who borders whom matters
    shapes = states.geometry.affine_transform([1e5, 0, 0, 1e5, 0, 0])
    frame = geopandas.GeoDataFrame(
        {"households": 1}, index=states["NAME"].tolist(), geometry=shapes.tolist(), crs=6372
    )
    rules = MergeRules(Size(least), max_units=most, within="county", objective="most_groups")
    merges = suggest_merges(frame, rules)
    assert merges.total("groups") == regions == 32 // least
    assert merges.total("left") == 0
    assert check(frame, rules, merges) == []
    proved = merges.levels.set_index("level")["proved"]
    assert proved[["left", "groups"]].all()
