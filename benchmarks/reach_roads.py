"""How long does reach by road take in a county, and against pandana and scipy?

The real roads of Ningjin (2,118 rows of OpenStreetMap), 70,000 seeded households around 600
places on them, 230 centers at nodes (so that pandana, which knows nodes only, is asked the same).
``python -m benchmarks.reach_roads`` prints seconds of CPU (best of five, after a first call; one
thread), how far peak memory rises above loaded data, and the ratio to each peer; it stops where
answers differ. Every contender runs in a process of its own, from coordinates to metres:

* pandana: contraction hierarchy, households at their nearest *node*; answers compared at nodes;
* scipy: shapely's nearest edge, ``csgraph.dijkstra`` from the centers, NumPy for the offsets.
"""

import functools
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.reach.roads import RoadNetwork
from geo.travel import Travel

ROUNDS = 5
# Of two roads as near to the micrometre we take the first; at a bend, 500 m off, the place on the
# other is up to √(2 · 500 m · 1 µm) away.
SAME_M = 0.032
ZONE = 4548
TRAVEL = Travel()
DATA = Path(os.environ.get("WANGGE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
FIRST_CALL = """
import time; start = time.perf_counter()
from benchmarks.reach_roads import RoadNetwork, TRAVEL, roads, places
network = RoadNetwork.build(roads(), "walk", TRAVEL); homes, centers = places(); print(
    f"import and build {time.perf_counter() - start:.1f} s", end="; ")
start = time.perf_counter(); network.nearest(homes, centers, "distance")
print(f"first nearest {time.perf_counter() - start:.1f} s", end="; ")
start = time.perf_counter(); network.within(homes, centers, "distance", 2000)
print(f"first within {time.perf_counter() - start:.1f} s")
"""


@functools.cache
def roads():
    rows = geopandas.read_file(DATA / "osm" / "ningjin_130528_roads.geojson").to_crs(ZONE)
    columns = {
        "code": rows["osm_id"].astype(str),
        "road_class": rows["highway"],
        "oneway": np.where(rows["oneway"] == "yes", "forward", "both"),
    }
    frame = geopandas.GeoDataFrame(columns, geometry=rows.geometry.array, crs=ZONE)
    return frame.assign(speed_kmh=np.nan, bridge=False)


@functools.cache
def places(households=70_000, centers=230):
    rng = np.random.default_rng(7)
    nodes = RoadNetwork.build(roads(), "walk", TRAVEL).segments.nodes
    hamlets = nodes[rng.integers(0, len(nodes), 600)]
    homes = hamlets[rng.integers(0, 600, households)] + rng.normal(0, 150, (households, 2))
    return homes, nodes[rng.choice(len(nodes), centers, replace=False)]


@functools.cache
def ours(means="walk"):
    return RoadNetwork.build(roads(), means, TRAVEL)


def our_build(means):
    return RoadNetwork.build(roads(), means, TRAVEL).report.edges


def our_nearest(means, measure, at_nodes=False):
    homes, centers = places()
    return ours(means).nearest(ours().segments.nodes if at_nodes else homes, centers, measure).cost


def our_within(limit):
    reach = ours().within(*places(), "distance", limit)
    return len(reach.costs), reach.costs.sum()


@functools.cache
def edges():
    segments = ours().segments
    return segments.nodes, segments.tail, segments.head, segments.metres


@functools.cache
def graph():
    """The network for scipy: the shorter of parallel edges, both ways."""
    nodes, tail, head, metres = edges()
    table = pd.DataFrame(
        {"a": np.r_[tail, head], "b": np.r_[head, tail], "metres": np.r_[metres, metres]}
    )
    table = table.groupby(["a", "b"], as_index=False).min()
    return csr_array((table.metres, (table.a, table.b)), shape=(len(nodes),) * 2)


@functools.cache
def tree():
    nodes, tail, head, _ = edges()
    return shapely.STRtree(shapely.linestrings(np.stack([nodes[tail], nodes[head]], axis=1)))


def scipy_build():
    for cached in (edges, graph, tree):
        cached.cache_clear()
    graph(), tree()
    return len(edges()[1])


def scipy_snap():
    homes, _ = places()
    nodes, tail, head, metres = edges()
    edge, leg = np.full(len(homes), -1), np.full(len(homes), np.inf)
    (rows, found), gap = tree().query_nearest(
        shapely.points(homes), max_distance=TRAVEL.snap_limit_m, return_distance=True
    )
    edge[rows], leg[rows] = found, gap
    step = nodes[head[edge]] - nodes[tail[edge]]
    along = ((homes - nodes[tail[edge]]) * step).sum(axis=1) / metres[edge]
    along = np.clip(along, 0, metres[edge])
    return tail[edge], head[edge], along, metres[edge] - along, leg


def center_nodes():
    _, centers = places()
    _, found = shapely.STRtree(shapely.points(edges()[0])).query_nearest(shapely.points(centers))
    return found


def scipy_nearest():
    tail, head, along, rest, leg = scipy_snap()
    cost = dijkstra(graph(), indices=center_nodes(), min_only=True)
    return np.minimum(cost[tail] + along, cost[head] + rest) + leg


def scipy_within(limit):
    tail, head, along, rest, leg = scipy_snap()
    count, total = 0, 0.0
    for center in center_nodes():  # all at once would be 230 × 19,000 numbers, and × 70,000
        cost = dijkstra(graph(), indices=center, limit=limit)
        costs = np.minimum(cost[tail] + along, cost[head] + rest) + leg
        near = costs <= limit
        count, total = count + int(near.sum()), total + costs[near].sum()
    return count, total


@functools.cache
def pandana_network():
    import pandana

    nodes, tail, head, metres = edges()
    x, y = pd.Series(nodes[:, 0]), pd.Series(nodes[:, 1])
    return pandana.Network(
        x, y, pd.Series(tail), pd.Series(head), pd.DataFrame({"metres": metres}), twoway=True
    )


def pandana_build():
    pandana_network.cache_clear()
    return len(pandana_network().edges_df)


def pandana_nearest(at_nodes=False):
    homes, centers = places()
    network = pandana_network()
    network.set_pois("centers", 1e6, 1, *map(pd.Series, centers.T))
    found = network.nearest_pois(1e6, "centers", num_pois=1)[1]
    if at_nodes:
        return found.to_numpy()
    return found.loc[network.get_node_ids(*map(pd.Series, homes.T))].to_numpy()


def pandana_within(limit):
    homes, _ = places()
    network = pandana_network()
    at = pd.Series(network.get_node_ids(*map(pd.Series, homes.T)).to_numpy())
    found = network.nodes_in_range(center_nodes().tolist(), limit)
    households = at.value_counts()
    counts = households.reindex(found["destination"]).fillna(0)
    return int(counts.sum()), 0.0


def measure(call, arguments):
    """Return seconds, peak MiB above what was there, and the answer."""
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pandana prints; this process does nothing else
    places(), edges(), roads()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = call(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        call(*arguments)
        seconds.append(time.process_time() - start)
    return min(seconds), peak / 1024, answer


def apart(call, *arguments):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (call, arguments))


def agree(ours, theirs, tolerance):
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    ours, theirs = (np.where(np.isfinite(a) & (a < 1e6), a, np.inf) for a in (ours, theirs))
    if not (np.isinf(ours) == np.isinf(theirs)).all():
        return sys.exit("reached differently")
    both = np.isfinite(ours)
    worst = np.abs(ours[both] - theirs[both]).max()
    return worst if worst <= tolerance else sys.exit(f"answers differ by {worst} m")


def line(task, mine, *peers):
    cells = [f"{mine[0]:6.3f} s {mine[1]:5.0f} MiB"]
    cells += [f"{p[0]:7.3f} s {p[1]:5.0f} MiB {p[0] / mine[0]:6.1f} ×" for p in peers]
    print(f"{task:26} | " + " | ".join(cells), flush=True)


def main():
    print("Wangge | pandana | scipy", flush=True)
    line("build, on foot", apart(our_build, "walk"), apart(pandana_build), apart(scipy_build))
    line("build, by car", apart(our_build, "drive"))
    mine, theirs = apart(our_nearest, "walk", "distance"), apart(scipy_nearest)
    line("nearest, metres on foot", mine, apart(pandana_nearest), theirs)
    print(f"  largest difference to scipy {agree(mine[2], theirs[2], SAME_M):.1e} m", end="")
    at_nodes = apart(our_nearest, "walk", "distance", True)[2], apart(pandana_nearest, True)[2]
    print(f", to pandana at nodes {agree(*at_nodes, 1.0):.1e} m")
    for measure_ in ("distance", "time"):
        mine = apart(our_nearest, "drive", measure_)
        line(f"nearest, by car, {measure_}", mine)
    for limit in (2000.0, 5000.0):
        mine, theirs = apart(our_within, limit), apart(scipy_within, limit)
        line(f"pairs within {limit / 1000:.0f} km", mine, apart(pandana_within, limit), theirs)
        if mine[2][0] != theirs[2][0] or abs(mine[2][1] - theirs[2][1]) > SAME_M * mine[2][0]:
            sys.exit(f"pairs differ: {mine[2]}, {theirs[2]}")
        print(f"  {mine[2][0]:,} pairs, the same as scipy's")
    with tempfile.TemporaryDirectory() as cache:
        for name in ("compiled anew", "from the cache"):
            print(f"{name}: ", end="", flush=True)
            environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
            subprocess.run([sys.executable, "-c", FIRST_CALL], check=True, env=environment)


if __name__ == "__main__":
    main()
