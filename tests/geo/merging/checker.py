"""An independent check of merges: from the frame and the answer alone, nothing of the engine."""

import itertools

import numpy as np
import shapely


def shared_length(a, b, tolerance=1.0):
    """Metres along which two outlines run, gaps up to the tolerance."""
    exact = shapely.length(shapely.intersection(a.boundary, b.boundary))
    ab = shapely.length(shapely.intersection(a.boundary, b.buffer(tolerance)))
    ba = shapely.length(shapely.intersection(b.boundary, a.buffer(tolerance)))
    return exact, min(ab, ba)


def check(frame, rules, merges, *, decisions=None, span=None, matched=True, barriers=None):
    """Return every broken rule as text; an empty list is what one wants."""
    faults = []
    groups = merges.groups
    codes = [str(code) for code in frame.index]
    told = [code for members in groups["members"] for code in members]
    if sorted(told) != sorted(codes):
        faults.append("groups are no partition of the units")
    rows = {code: i for i, code in enumerate(codes)}
    for group, members in groups["members"].items():
        if group != members[0] or list(members) != sorted(members):
            faults.append(f"{group}: not called by its lowest member")
        part = frame.iloc[[rows[code] for code in members]]
        if len(members) == 1:
            continue
        faults += _check_group(group, part, rules, span, matched, barriers)
        if not groups.loc[group, "geometry"].is_valid:
            faults.append(f"{group}: outline invalid")
        whole = shapely.union_all(np.asarray(part.geometry.array))
        if abs(groups.loc[group, "geometry"].area - whole.area) > 1e-6 * whole.area:
            faults.append(f"{group}: outline is not the union of its units")
    member = {code: group for group, members in groups["members"].items() for code in members}
    size = groups["unit_count"]
    if decisions is not None:
        for one, other in decisions.apart:
            if one in member and other in member and member[one] == member[other]:
                faults.append(f"{one} and {other} are not apart")
        for code in decisions.locked:
            if code in member and size[member[code]] > 1:
                faults.append(f"{code} is locked and was merged")
        broken = {
            frozenset((p.details["one"], p.details["other"]))
            for p in merges.problems
            if p.key in ("merge_together_refused", "merge_decisions_contradict")
        }
        for one, other in decisions.together:
            apart = one in member and other in member and member[one] != member[other]
            if apart and frozenset((one, other)) not in broken:
                faults.append(f"{one} and {other} are apart, and nobody says so")
        refused = {tuple(p.details["units"]) for p in merges.problems
                   if p.key == "merge_pinned_refused"}  # fmt: skip
        for codes_ in decisions.pinned:
            known = all(code in member for code in codes_)
            if known and codes_ not in refused and codes_ not in set(groups["members"]):
                faults.append(f"pinned group {codes_} was changed")
    if "locked" in frame:
        for code in frame.index[frame["locked"].fillna(False).astype(bool)]:
            if size[member[str(code)]] > 1:
                faults.append(f"{code} is locked and was merged")
    under = _under(frame, rules)
    left = {entry.unit for entry in merges.left}
    for code in frame.index[under]:
        alone = size[member[str(code)]] == 1
        if alone != (str(code) in left):
            faults.append(f"{code}: left over without a reason, or a reason without being left")
    return faults


def _under(frame, rules):
    under = np.zeros(len(frame), bool)
    for measure, limit in rules.minimum.asked.items():
        under |= (frame[measure] < limit).to_numpy()
    return under


def _check_group(group, part, rules, span, matched, barriers):
    faults = []
    if len(part) > rules.max_units:
        faults.append(f"{group}: {len(part)} units")
    for measure, limit in rules.maximum.asked.items():
        if part[measure].sum() > limit:
            faults.append(f"{group}: {part[measure].sum()} {measure}")
    for measure, limit in rules.minimum.asked.items():
        if part[measure].sum() < limit:
            faults.append(f"{group}: merged and still only {part[measure].sum()} {measure}")
    if rules.within in part and part[rules.within].nunique(dropna=False) > 1:
        faults.append(f"{group}: in several of {rules.within}")
    shapes = np.asarray(part.geometry.array)
    linked = {0}
    wider = True
    while wider:
        wider = False
        for a, b in itertools.product(sorted(linked), range(len(part))):
            if b in linked:
                continue
            exact, near = shared_length(shapes[a], shapes[b])
            metres = exact if matched else max(exact, near)
            if barriers is not None and metres:
                line = shapely.intersection(shapes[a].boundary, shapes[b].boundary)
                metres = line.difference(shapely.union_all(barriers).buffer(1.0)).length
            if metres >= rules.min_shared_border_m - 1e-6:
                linked.add(b)
                wider = True
    if len(linked) < len(part):
        faults.append(f"{group}: falls apart")
    if rules.max_span is not None:
        if span is None:
            span = _straight
        for a, b in itertools.permutations(range(len(part)), 2):
            if span(part.iloc[a], part.iloc[b]) > rules.max_span + 1e-9:
                faults.append(f"{group}: too far apart")
    return faults


def _straight(a, b):
    if "x" in a and "y" in a:
        return np.hypot(a["x"] - b["x"], a["y"] - b["y"])
    p, q = a.geometry.point_on_surface(), b.geometry.point_on_surface()
    return p.distance(q)
