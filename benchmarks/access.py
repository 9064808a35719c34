"""How long does E2SFCA take for 70,000 households and 230 centers?

``python -m benchmarks.access``: the county of :mod:`benchmarks.capacity`, catchment 9 km, three
zones. Ours with and without the search of the pairs; the ``access`` package without it, in the same
run. One thread, compiled before; scores compared.
"""

import resource
import time
import warnings

import numpy as np
import pandas as pd

from benchmarks.capacity import CENTERS, HOUSEHOLDS, county, timed
from geo.reach.line import StraightLine
from geo.service.access import measure_access, zones

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from access.fca import two_stage_fca

LIMIT = 9_000.0
BREAKS, WEIGHTS = [3_000.0, 6_000.0, LIMIT], [1.0, 0.68, 0.22]


def by_peer(reach, supply, people):
    """Return seconds and scores of the peer; its tables are made beforehand."""
    homes = pd.DataFrame({"demand": people.astype(float)}).rename_axis("geoid")
    centers = pd.DataFrame({"supply": supply}).rename_axis("geoid")
    costs = pd.DataFrame({"origin": reach.households, "dest": reach.centers, "cost": reach.costs})

    def weigh(cost):
        return next(w for edge, w in zip(BREAKS, WEIGHTS, strict=True) if cost <= edge)

    start = time.process_time()
    scores = two_stage_fca(
        homes,
        centers,
        costs,
        max_cost=LIMIT,
        demand_index=True,
        supply_index=True,
        weight_fn=weigh,
    )
    return time.process_time() - start, scores.reindex(homes.index).fillna(0.0).to_numpy()


def main():
    households, people, centers = county(HOUSEHOLDS)
    supply = np.random.default_rng(1).integers(50, 2_000, CENTERS).astype(float)
    decay, line = zones(BREAKS, WEIGHTS), StraightLine()
    line.within(households[:9], centers, "distance", LIMIT)
    search, _, reach = min(
        (timed(line.within, households, centers, "distance", LIMIT) for _ in range(3)),
        key=lambda run: run[0],
    )
    score, _, ours = min(
        (timed(measure_access, reach, supply, people, "e2sfca", decay) for _ in range(3)),
        key=lambda run: run[0],
    )
    theirs, peer = by_peer(reach, supply, people)
    print(f"{len(reach.costs):,} pairs; pair search {search:.3f} s CPU, E2SFCA {score:.3f} s")
    print(
        f"access: {theirs:.2f} s without the search; {theirs / (search + score):.0f} x ours with,"
    )
    print(f"{theirs / score:.0f} x without; largest difference {abs(ours.score - peer).max():.1e}")
    third, _, _ = timed(measure_access, reach, supply, people, "3sfca", decay)
    print(f"3SFCA {third:.3f} s")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
