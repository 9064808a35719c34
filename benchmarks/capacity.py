"""How long does it take to assign 70,000 households to 230 centers with capacities, proved?

``python -m benchmarks.capacity [--lp]``: a seeded county of settlements, each household reaches
every center within 12 km, then every center; households of 1 to 6, places for 1.25, 1.02 and 0.9
times the people. With it the uniform radius for 95 %, and a general linear program (HiGHS) on a
tenth of the households in the same run; with ``--lp`` on all (many minutes). One thread, compiled
before.
"""

import resource
import sys
import time

import highspy
import numpy as np

from geo.reach.line import StraightLine
from geo.service.capacity import assign, first_fit
from geo.service.uniform import uniform_radius

HOUSEHOLDS, CENTERS = 70_000, 230
FACTORS = (1.25, 1.02, 0.9)


def county(homes, sites=CENTERS, seed=7):
    """Return (households, people, centers): half the centers near villages, half anywhere."""
    rng = np.random.default_rng(seed)
    count = max(20, homes // 340)
    villages = rng.uniform(0, 60_000, (count, 2))
    places = villages[rng.integers(0, count, homes)] + rng.normal(0, 900, (homes, 2))
    people = rng.integers(1, 7, homes)
    near = villages[rng.integers(0, count, sites // 2)] + rng.normal(0, 700, (sites // 2, 2))
    centers = np.vstack([near, rng.uniform(0, 60_000, (sites - sites // 2, 2))])
    return places, people, centers


def timed(function, *args):
    """Return (CPU seconds, wall seconds, answer)."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = function(*args)
    return time.process_time() - cpu, time.perf_counter() - wall, answer


def by_highs(reach, people, capacity):
    """Return the least person-cost of a linear program in which being left out costs 10,000 km."""
    pairs, homes, inf = len(reach.costs), reach.household_count, highspy.kHighsInf
    every = np.arange(homes)
    rows = np.concatenate([reach.households, homes + reach.centers.astype(np.int64)])
    columns = np.concatenate([np.arange(pairs), np.arange(pairs)])
    order = np.lexsort((rows, columns))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = pairs + homes, homes + reach.center_count
    model.col_cost_ = np.concatenate([reach.costs, np.full(homes, 1e7)])
    model.col_lower_, model.col_upper_ = np.zeros(pairs + homes), np.full(pairs + homes, inf)
    model.row_lower_ = np.concatenate([people, np.full(reach.center_count, -inf)]).astype(float)
    model.row_upper_ = np.concatenate([people, capacity]).astype(float)
    model.a_matrix_.start_ = np.concatenate(
        [np.arange(pairs) * 2, 2 * pairs + np.arange(homes + 1)]
    )
    model.a_matrix_.index_ = np.concatenate([rows[order], every])
    model.a_matrix_.value_ = np.ones(2 * pairs + homes)
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    solution = np.array(solver.getSolution().col_value)
    return float(solution[:pairs] @ reach.costs), float(solution[pairs:].sum())


def places(people, factor):
    """Return the same capacity for every center."""
    return np.full(CENTERS, int(people.sum() * factor / CENTERS))


def compare(homes, limit, lp):
    households, people, centers = county(homes)
    reach = StraightLine().within(households, centers, "distance", limit)
    print(f"\n{homes:,} x {CENTERS}, {len(reach.costs):,} pairs (limit {limit:,.0f} m)")
    for factor in FACTORS:
        capacity = places(people, factor)
        cpu, wall, ours = timed(assign, reach, people, capacity)
        print(
            f"  places {factor:4}: {cpu:6.2f} s CPU, {wall:6.2f} s wall, "
            f"proved {ours.worth.proved}, {ours.cost:,.0f} person-m, "
            f"{ours.overflow.sum():,} left out, {ours.split} split"
        )
        if lp:
            theirs, _, (cost, out) = timed(by_highs, reach, people, capacity)
            print(
                f"      HiGHS LP: {theirs:6.2f} s CPU, {cost:,.0f} person-m, {out:,.0f} left out: "
                f"{theirs / cpu:.0f} x ours"
            )
        cpu, _, greedy = timed(first_fit, reach, people, capacity)
        print(
            f"     first fit: {cpu:6.2f} s CPU, {greedy.cost:,.0f} person-m, "
            f"{greedy.overflow.sum():,} left out"
        )
        cpu, _, found = timed(uniform_radius, reach, people, capacity, 0.95)
        print(
            f"   radius 95 %: {cpu:6.2f} s CPU, {found.radius:,.0f} m, proved {found.proved}, "
            f"{found.served:,} of {found.people:,}"
        )


def main():
    households, people, centers = county(500)
    small = StraightLine().within(households, centers, "distance", np.inf)
    for function, *more in ((assign,), (first_fit,), (uniform_radius, 0.5)):
        function(small, people, places(people, 1.02), *more)  # compiled now, or read from the cache
    compare(HOUSEHOLDS // 10, 12_000.0, True)
    compare(HOUSEHOLDS // 10, np.inf, False)
    compare(HOUSEHOLDS, 12_000.0, "--lp" in sys.argv)
    compare(HOUSEHOLDS, np.inf, False)
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
