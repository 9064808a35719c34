"""The roads of Ningjin: the same metres as pandana and networkx on the same network."""

import functools
from itertools import pairwise

import geopandas
import networkx as nx
import numpy as np
import pandana
import pandas as pd
import pytest
import shapely

from geo.reach.matrix import State
from geo.reach.roads import RoadNetwork
from geo.travel import Travel
from tests.geo.test_reach_roads import add
from tests.shared import shared_data

ZONE = 4548
TRAVEL = Travel()


@functools.cache
def file_columns():
    """Return lines in the zone, highway, oneway."""
    roads = geopandas.read_file(shared_data("osm/ningjin_130528_roads.geojson")).to_crs(ZONE)
    oneway = np.where(roads["oneway"] == "yes", "forward", "both")
    return np.array(roads.geometry.array), roads["highway"].tolist(), oneway.tolist()


@functools.cache
def ningjin(means):
    """Return the network, 3,000 households and 60 centers."""
    lines, kinds, oneway = file_columns()
    frame = geopandas.GeoDataFrame(
        {"code": np.arange(len(lines)).astype(str), "road_class": kinds, "oneway": oneway},
        geometry=lines,
        crs=ZONE,
    ).assign(speed_kmh=np.nan, bridge=False)
    network = RoadNetwork.build(frame, means, TRAVEL)
    rng = np.random.default_rng(11)
    corners = network.segments.nodes
    homes = corners[rng.integers(0, len(corners), 3000)] + rng.normal(0, 120, (3000, 2))
    return network, homes, corners[rng.integers(0, len(corners), 60)] + rng.normal(0, 80, (60, 2))


def test_metres_between_junctions_against_pandana():
    network, _, _ = ningjin("walk")
    segments, rng = network.segments, np.random.default_rng(2)
    nodes = pd.DataFrame(segments.nodes, columns=["x", "y"])
    edges = pd.DataFrame({"metres": segments.metres})
    peer = pandana.Network(
        nodes.x, nodes.y, pd.Series(segments.tail), pd.Series(segments.head), edges, twoway=True
    )
    starts, ends = rng.integers(0, len(nodes), (2, 40))
    reach = network.within(segments.nodes[starts], segments.nodes[ends], "distance", np.inf)
    ours = np.full((40, 40), np.inf)
    ours[reach.households, reach.centers] = reach.costs
    with pytest.warns(UserWarning, match="unconnected"):  # some of the pieces are among them
        theirs = peer.shortest_path_lengths(np.repeat(starts, 40), np.tile(ends, 40))
    theirs = np.array(theirs).reshape(40, 40)
    lost = theirs > 1e6  # pandana's number for no way
    np.testing.assert_array_equal(lost, np.isinf(ours))
    # pandana keeps whole thousandths of each edge
    np.testing.assert_allclose(ours[~lost], theirs[~lost], atol=1.0)
    near = reach.within(5000.0)
    counted = {(i, j) for i, j in zip(*np.nonzero(ours <= 4999), strict=True)}
    assert counted <= set(zip(near.households.tolist(), near.centers.tolist(), strict=True))


@pytest.mark.parametrize("measure", ["distance", "time"])
@pytest.mark.parametrize("means", ["walk", "drive"])
def test_against_networkx(means, measure):
    network, _, _ = ningjin(means)
    assert network.report.joined == ()  # else the file alone would not tell the network
    graph = nx.DiGraph()
    for line, kind, oneway in zip(*file_columns(), strict=True):
        kmh = TRAVEL.walk_kmh if means == "walk" else TRAVEL.drive_kmh[kind]
        if means == "walk" and kind.startswith("motorway"):
            continue
        for a, b in pairwise(np.round(shapely.get_coordinates(line), 6)):
            cost = np.hypot(*(b - a)) * (1 if measure == "distance" else 3.6 / kmh)
            add(graph, tuple(a), tuple(b), cost)
            if means == "walk" or oneway == "both":
                add(graph, tuple(b), tuple(a), cost)
    nodes = network.segments.nodes
    # from doors at nodes, so that the peer needs no edges of ours
    rng = np.random.default_rng(4)
    starts = rng.choice(len(network.segments.nodes), 200, replace=False)
    ends = rng.choice(len(network.segments.nodes), 30, replace=False)
    theirs = np.full((200, 30), np.inf)
    back = graph.reverse(copy=False)
    for j, end in enumerate(map(tuple, nodes[ends])):
        found = nx.single_source_dijkstra_path_length(back, end)
        theirs[:, j] = [found.get(start, np.inf) for start in map(tuple, nodes[starts])]
    nearest = network.nearest(nodes[starts], nodes[ends], measure)
    reached = np.isfinite(theirs).any(axis=1)
    np.testing.assert_array_equal(nearest.state == State.REACHED, reached)
    np.testing.assert_allclose(nearest.cost[reached], theirs[reached].min(axis=1), atol=1e-3)
    limit = {"distance": 3000.0, "time": 2400.0 if means == "walk" else 300.0}[measure]
    reach = network.within(nodes[starts], nodes[ends], measure, limit)
    assert len(reach.costs) == (theirs <= limit).sum() > 30
    np.testing.assert_allclose(
        reach.costs, theirs[reach.households, reach.centers], rtol=0, atol=1e-3
    )


def test_the_county_holds_together():
    network, homes, sites = ningjin("drive")
    report = network.report
    assert report.km == pytest.approx(2524.8, abs=0.5)
    assert report.pieces[0].km / report.km > 0.99
    assert len(report.pieces) == 9
    assert report.unused == {}
    assert {p.key for p in report.problems} == {
        "roads_in_pieces",
        "roads_one_way_traps",
        "roads_cross_without_node",
    }
    nearest = network.nearest(homes, sites, "time")
    each = np.column_stack([network.nearest(homes, site[None], "time").cost for site in sites])
    each[np.isnan(each)] = np.inf
    reached = nearest.state == State.REACHED
    assert reached.mean() > 0.9
    np.testing.assert_array_equal(nearest.cost[reached], each[reached].min(axis=1))
    np.testing.assert_array_equal(nearest.center[reached], each[reached].argmin(axis=1))
    reach = network.within(homes, sites, "time", 600.0)
    assert len(reach.costs) == (each <= 600.0).sum()
