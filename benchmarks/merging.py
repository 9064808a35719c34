"""How good and how fast are merges, beside a greedy method and max-p of ``spopt``?

``python -m benchmarks.merging [UNITS ...] [--blocks FILE] [--spopt] [--stored]``: seeded counties
of cells round random points with lognormal households, in townships, one thread, compiled before.
Greedy takes the smallest unit or group under the minimum first and joins it to the neighbour that
is best by the same levels; what stays under in the end is taken apart again.
"""

import sys
import time

import geopandas
import numpy as np

from geo.merging import Decisions, MergeRules, Size, count_sizes, suggest_merges
from geo.merging.contacts import find_contacts
from tests.geo.merging.checker import check
from tests.geo.merging.counties import county

RULES = MergeRules(Size(40), maximum=Size(150), max_units=5, max_span=6000.0)
TOWNSHIPS = {204: 20, 1253: 25, 5000: 25, 20000: 100}


def timed(function, *args, **options):
    """Return (CPU seconds, answer)."""
    cpu = time.process_time()
    answer = function(*args, **options)
    return time.process_time() - cpu, answer


def greedy(frame, rules):
    """Return groups of positions, smallest first, best neighbour by the same levels."""
    people = frame["households"].to_numpy()
    town = frame["township"].to_numpy()
    xy = frame[["x", "y"]].to_numpy()
    contacts, _ = find_contacts(np.asarray(frame.geometry.array), frame.index.to_numpy())
    near = {i: set() for i in range(len(frame))}
    for a, b, metres in zip(contacts.first, contacts.second, contacts.open, strict=True):
        if metres >= rules.min_shared_border_m and town[a] == town[b]:
            near[a].add(b)
            near[b].add(a)
    least, most = rules.minimum.households, rules.maximum.households
    groups = {i: [i] for i in range(len(frame))}
    of = list(range(len(frame)))

    def travel(members):
        ways = np.rint(np.hypot(*(xy[members][:, None] - xy[members][None]).transpose(2, 0, 1)))
        return int((people[members][:, None] * ways).sum(axis=0).min())

    def cost(members):
        several = len(members) > 1
        left = len(members) if people[members].sum() < least else 0
        healthy = int((people[members] >= least).sum()) if several else 0
        return np.array([left, healthy, len(members) if several else 0, travel(members)])

    stuck = set()
    while True:
        open_groups = [
            (people[m].sum(), g) for g, m in groups.items()
            if people[m].sum() < least and g not in stuck
        ]  # fmt: skip
        if not open_groups:
            break
        g = min(open_groups)[1]
        options = []
        for other in sorted({of[j] for i in groups[g] for j in near[i]} - {g}):
            both = groups[g] + groups[other]
            if len(both) > rules.max_units or people[both].sum() > most:
                continue
            gap = xy[both][:, None] - xy[both][None]
            if rules.max_span and np.hypot(gap[..., 0], gap[..., 1]).max() > rules.max_span:
                continue
            change = cost(both) - cost(groups[g]) - cost(groups[other])
            options.append((tuple(change), other))
        if not options:
            stuck.add(g)
            continue
        other = min(options)[1]
        for i in groups[other]:
            of[i] = g
        groups[g] += groups.pop(other)
        stuck.clear()
    kept = [m for m in groups.values() if len(m) == 1 or people[m].sum() >= least]
    kept += [[i] for m in groups.values() if len(m) > 1 and people[m].sum() < least for i in m]
    return kept, sum(cost(m) for m in kept)


def compare(count):
    frame = county(count, TOWNSHIPS[count])
    sizes = count_sizes(frame, RULES)
    cpu, merges = timed(suggest_merges, frame, RULES)
    levels = merges.levels[merges.levels["zone"] == ""].set_index("level")
    ours = [merges.total(name) for name in ("left", "healthy_touched", "touched", "travel")]
    print(f"\n{count:,} units, {sizes['below']:,} below, {sizes['above']:,} above; "
          f"{merges.counts['candidates']:,} candidates")  # fmt: skip
    print(f"  ours   {cpu:7.2f} s  left {ours[0]}, healthy {ours[1]}, touched {ours[2]}, "
          f"travel {ours[3]:,}; gap {levels['gap'].max()}, proved {merges.proved}")  # fmt: skip
    if count <= 5000:  # quadratic as it is written here
        cpu_greedy, (_, theirs) = timed(greedy, frame, RULES)
        print(f"  greedy {cpu_greedy:7.2f} s  left {theirs[0]}, healthy {theirs[1]}, "
              f"touched {theirs[2]}, travel {theirs[3]:,}; healthy touched by ours "
              f"{ours[1] / max(1, theirs[1]) - 1:+.0%}")  # fmt: skip
    one = next(s.members for s in merges.suggestions if len(s.members) == 2)
    cpu, _ = timed(suggest_merges, frame, RULES, decisions=Decisions(apart=[one]), previous=merges)
    print(f"  what if two are kept apart: {cpu:.2f} s")
    if count <= 5000:
        faults = check(frame, RULES, merges)
        print(f"  checker: {len(faults)} faults {faults[:3]}")


def blocks(path):
    """Census blocks of a real county, nearly all of them below: the hard case."""
    frame = geopandas.read_file(path, layer="blocks").set_index("path")
    frame["residents"] = frame["total_pop"]
    frame["township"] = [code[:11] for code in frame.index]
    for units in (3, 4, 5):
        rules = MergeRules(Size(residents=50), maximum=Size(residents=400), max_units=units)
        cpu, merges = timed(suggest_merges, frame, rules)
        rows = merges.levels[merges.levels["zone"] == ""]
        print(f"\n{len(frame):,} blocks, up to {units} units: {cpu:.1f} s, "
              f"{merges.counts['candidates']:,} candidates")  # fmt: skip
        for row in rows.itertuples():
            print(f"  {row.level} {row.value:,}, bound {row.bound}, gap {row.gap}")
        print(f"  checker: {check(frame, rules, merges)[:3]}")


def max_p():
    """Most regions above a threshold, 204 cells: spopt's heuristic and ours."""
    from libpysal.weights import Rook
    from spopt.region import MaxPHeuristic

    frame = county(204, 1)
    rules = MergeRules(Size(48), max_units=4, within="county", objective="most_groups")
    cpu, merges = timed(suggest_merges, frame, rules)
    gap = merges.levels.set_index("level").loc["groups"].iloc[-1]
    print(f"\nmax-p, 204 cells: ours {cpu:.1f} s, {merges.total('groups')} groups, "
          f"left {merges.total('left')}; bound {gap['bound']}")  # fmt: skip
    np.random.seed(1)
    model = MaxPHeuristic(
        frame, Rook.from_dataframe(frame, use_index=False), ["households"], "households", 48, 2,
        max_iterations_construction=10, max_iterations_sa=5,
    )  # fmt: skip
    cpu, _ = timed(model.solve)
    print(f"  spopt {cpu:.1f} s, {model.p} groups")


def stored():
    """Natural villages of the whole county in the store of ``WANGGE_HOME``, by every mode."""
    from api import server
    from api.schemas_merge_runs import MergeParameters
    from api.services import analyses, running
    from api.services.ground import Ground
    from api.services.merging.answer import answer
    from api.services.shelf import Shelf
    from api.settings import load_settings
    from data import divisions

    with server.open_database(load_settings()) as engine, running._snapshot(engine) as connection:
        land = divisions.fetch_frame(connection)
        township = land.loc[land["level"] == "township", "code"].min()
        for mode in ("straight", "road", "terrain"):
            asked = {"unit": "natural_village", "minimum": {"households": 30}, "max_span_m": 3000}
            words = MergeParameters(mode=mode, **asked).model_dump()
            ground = Ground(connection, analyses.fetch_input_versions(connection), Shelf(), None)
            answer(ground, {**words, "scope": township}, lambda _part, _step: None)  # compiled
            cpu, (result, _) = timed(answer, ground, words, lambda _part, _step: None)
            again, _ = timed(
                answer, ground, {**words, "locked": [result["groups"][0]["members"][0]["code"]]},
                lambda _part, _step: None,
            )  # fmt: skip
            print(f"{mode}: {result['units']:,} natural villages {cpu:.1f} s, then one locked "
                  f"{again:.1f} s; {len(result['groups'])} groups, "
                  f"proved {result['proved']}")  # fmt: skip


def main():
    args = sys.argv[1:]
    suggest_merges(county(60, 2), RULES)
    for count in [int(a) for a in args if a.isdigit()] or ([] if args else [1253, 5000]):
        compare(count)
    if "--blocks" in args:
        blocks(args[args.index("--blocks") + 1])
    if "--stored" in args:
        stored()
    if "--spopt" in args:
        max_p()


if __name__ == "__main__":
    main()
