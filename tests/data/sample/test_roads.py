"""Roads, rivers and heights of the sample: joined as roads are, with the troubles on purpose."""

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.travel import DRIVE_KMH

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def metric(county):
    return county.roads.to_crs(4545)


def pieces(roads) -> np.ndarray:
    """Which connected piece each road belongs to; roads join at equal vertices only."""
    places, owner = shapely.get_coordinates(roads.geometry, return_index=True)
    nodes, node = np.unique(places, axis=0, return_inverse=True)
    along = owner[1:] == owner[:-1]
    ends = node[:-1][along], node[1:][along]
    graph = coo_array((np.ones(len(ends[0])), ends), shape=(len(nodes), len(nodes)))
    label = connected_components(graph, directed=False)[1]
    return label[node][np.flatnonzero(np.r_[True, ~along])]


def test_one_network_and_one_piece_cut_off(county):
    label, count = np.unique(pieces(county.roads), return_counts=True)
    assert len(label) == 2
    assert 2 <= count.min() <= 20


def test_the_piece_cut_off_is_not_near_enough_to_be_joined(county, metric):
    label = pieces(county.roads)
    small = np.bincount(label).argmin()
    gap = shapely.distance(
        shapely.union_all(metric.geometry[label == small].to_numpy()),
        shapely.union_all(metric.geometry[label != small].to_numpy()),
    )
    assert gap > 100


def test_every_center_is_on_a_road_and_some_settlements_are_not(county, metric):
    tree = shapely.STRtree(metric.geometry.to_numpy())

    def away(frame):
        points = frame.to_crs(4545).geometry.to_numpy()
        return tree.query_nearest(points, return_distance=True, all_matches=False)[1]

    assert away(county.centers).max() < 150
    homes = away(county.households)
    assert np.median(homes) < 100
    assert 0.01 < (homes > 500).mean() < 0.06


def test_classes_names_and_the_two_one_way_streets(county, metric):
    length = metric.length.groupby(metric["road_class"]).sum() / 1000
    assert set(length.index) <= set(DRIVE_KMH)
    assert 80 < length["trunk"] < 200
    assert 1500 < length.sum() < 3000
    assert county.roads.loc[county.roads["road_class"].isin(["trunk", "primary"]), "name"].all()
    one_way = county.roads[county.roads["oneway"] != "both"]
    assert one_way["oneway"].tolist() == ["forward", "forward"]
    there, back = one_way.geometry
    assert (there.coords[0], there.coords[-1]) == (back.coords[-1], back.coords[0])


def test_bridges_are_where_roads_cross_rivers(county):
    rivers = shapely.union_all(county.barriers.geometry.to_numpy())
    over = shapely.intersects(county.roads.geometry.to_numpy(), rivers)
    bridge = county.roads["bridge"].to_numpy()
    # a straight line in degrees is none in metres: millimetres decide for one or two
    assert (over != bridge).sum() <= 2
    assert 100 < bridge.sum() < 400


def test_rivers_run_below_the_land_beside_them(county):
    heights = county.terrain
    lines = shapely.segmentize(county.barriers.to_crs(heights.zone).geometry.to_numpy(), 50)
    along = shapely.get_coordinates(lines)
    land = heights.values.ravel()

    def height(places):
        cells = heights.cell_of(places)
        return land[cells[cells >= 0]].mean()

    for aside in ((1500, 0), (-1500, 0), (0, 1500), (0, -1500)):
        assert height(along) + 100 < height(along + np.array(aside))


def test_heights_cover_the_county(county):
    heights = county.terrain
    assert np.isfinite(heights.values).all()
    assert heights.values.dtype == np.float32
    west, south, east, north = heights.bounds
    x0, y0, x1, y1 = county.divisions.to_crs(heights.zone).total_bounds
    assert west < x0 - 2000 < x1 + 2000 < east
    assert south < y0 - 2000 < y1 + 2000 < north
