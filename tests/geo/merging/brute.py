"""The best plan by trying every way to put a few units into groups."""

import itertools

import numpy as np
import shapely


def partitions(items):
    """Yield every partition of a list."""
    if not items:
        yield []
        return
    first, *rest = items
    for smaller in partitions(rest):
        for k, part in enumerate(smaller):
            yield [*smaller[:k], [first, *part], *smaller[k + 1 :]]
        yield [[first], *smaller]


class Brute:
    """Rules held against groups, without any of the engine's ideas."""

    def __init__(self, frame, rules, decisions=None):
        self.frame, self.rules = frame, rules
        self.codes = sorted(frame.index)
        self.rows = {code: frame.loc[code] for code in self.codes}
        shapes = {code: row.geometry for code, row in self.rows.items()}
        self.near = set()
        for a, b in itertools.permutations(self.codes, 2):
            border = shapely.length(shapely.intersection(shapes[a].boundary, shapes[b].boundary))
            if border >= rules.min_shared_border_m:
                self.near.add((a, b))
        self.xy = {}
        for code, row in self.rows.items():
            point = shapes[code].point_on_surface()
            self.xy[code] = (row["x"], row["y"]) if "x" in frame else (point.x, point.y)
        self.apart = {frozenset(p) for p in decisions.apart} if decisions else set()
        self.together = [tuple(p) for p in decisions.together] if decisions else []
        self.together = [p for p in self.together if frozenset(p) not in self.apart]
        self.locked = set(decisions.locked) if decisions else set()
        if "locked" in frame:
            self.locked |= set(frame.index[frame["locked"]])
        self.weight = rules.measures[0]

    def way(self, a, b):
        (x, y), (u, v) = self.xy[a], self.xy[b]
        return float(np.sqrt((x - u) * (x - u) + (y - v) * (y - v)))

    def total(self, group, measure):
        return sum(int(self.rows[code][measure]) for code in group)

    def enough(self, group):
        return all(self.total(group, m) >= n for m, n in self.rules.minimum.asked.items())

    def allowed(self, group):
        rules = self.rules
        if len(group) == 1:
            return True
        if len(group) > rules.max_units or not self.enough(group):
            return False
        if any(self.total(group, m) > n for m, n in rules.maximum.asked.items()):
            return False
        if any(code in self.locked for code in group):
            return False
        if len({self.rows[code].get(rules.within) for code in group}) > 1:
            return False
        for a, b in itertools.combinations(group, 2):
            if frozenset((a, b)) in self.apart:
                return False
            if rules.max_span is not None and self.way(a, b) > rules.max_span:
                return False
        seen, queue = {group[0]}, [group[0]]
        while queue:
            a = queue.pop()
            for b in group:
                if b not in seen and (a, b) in self.near:
                    seen.add(b)
                    queue.append(b)
        return len(seen) == len(group)

    def levels(self, plan):
        rules = self.rules
        of = {code: k for k, group in enumerate(plan) for code in group}
        broken = sum(of[a] != of[b] for a, b in self.together)
        left = sum(len(group) for group in plan if not self.enough(group))
        several = [group for group in plan if len(group) > 1]
        healthy = sum(self.enough([code]) for group in several for code in group)
        travel = sum(
            min(
                sum(self.total([a], self.weight) * int(np.rint(self.way(a, hub))) for a in group)
                for hub in group
            )
            for group in several
        )
        balance = sum(
            abs(self.total(group, m) - n) for group in plan for m, n in rules.target.asked.items()
        )
        if rules.objective == "most_groups":
            return broken, left, -sum(self.enough(group) for group in plan), travel, balance
        return broken, left, healthy, sum(map(len, several)), travel, balance

    def best(self):
        """Return the levels of the best plan."""
        found = None
        for plan in partitions(self.codes):
            if all(self.allowed(group) for group in plan):
                levels = self.levels(plan)
                found = levels if found is None or levels < found else found
        return found
