"""Is an outcome right? Checked with plain shapely, pyproj and integers, not with what made it.

A vertex of the store is a pair of integers (nine decimals of a degree), so the exact half of the
check needs no tolerance: when every polygon is valid and every directed border segment has its
reverse in a neighbour, the segments that have none are the outline; when these are the village's
outline, every point inside is covered once and every point outside never. The other half are the
checks that the design names, by GEOS, in the metric zone.
"""

from __future__ import annotations

import functools

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

STEPS = 10**9
THICKNESS_M = 1e-3
NODE_M = 1.5e-4  # a node lies up to 0.1 mm beside its border, and half a step of the lattice

Segments = set[tuple[int, int, int, int]]


# --- exact: integers -----------------------------------------------------------------------


def lattice_rings(shape: shapely.Geometry) -> list[NDArray[np.int64]]:
    """Return the rings in lattice steps, land on their left; closed."""
    faced = shapely.orient_polygons(shape, exterior_cw=False)
    rings = [r for part in shapely.get_parts(faced) for r in (part.exterior, *part.interiors)]
    return [np.rint(shapely.get_coordinates(ring) * STEPS).astype(np.int64) for ring in rings]


def segments_of(shapes) -> list[tuple[int, int, int, int]]:
    """Return the directed border segments of all shapes."""
    rings = [ring for shape in shapes for ring in lattice_rings(shape)]
    return [tuple(s) for r in rings for s in np.hstack([r[:-1], r[1:]]).tolist()]


def outline_of(shapes) -> tuple[Segments, list[str]]:
    """Return the segments nobody has the reverse of, and what is wrong with the others."""
    found = segments_of(shapes)
    unique = set(found)
    faults = []
    if len(unique) < len(found):
        faults.append(f"{len(found) - len(unique)} border segments have land twice on one side")
    return {s for s in unique if (s[2], s[3], s[0], s[1]) not in unique}, faults


def nodes_put_on(before: Segments, after: Segments) -> tuple[dict, list[str]]:
    """Match segments that went with the paths that replace them: {old: [nodes]}, and faults."""
    gone, come = before - after, after - before
    following: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for ax, ay, bx, by in come:
        following.setdefault((ax, ay), []).append((bx, by))
    paths: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}
    used = 0
    for ax, ay, bx, by in gone:
        at, path = (ax, ay), []
        while at != (bx, by):
            ahead = following.get(at, [])
            if not ahead or len(path) > len(come):
                return paths, [f"outline segment {(ax, ay, bx, by)} has gone"]
            # where rings touch, the path that keeps to the old line
            at = min(ahead, key=lambda n: abs((bx - ax) * (n[1] - ay) - (by - ay) * (n[0] - ax)))
            path.append(at)
            used += 1
        paths[ax, ay, bx, by] = path[:-1]
    if used != len(come):
        return paths, [f"{len(come) - used} outline segments are new"]
    return paths, []


def off_line_m(paths: dict, zone: pyproj.CRS) -> float:
    """Return how far, in metres, the farthest new node lies from the segment it was put on."""
    rows = [(old, node) for old, nodes in paths.items() for node in nodes]
    if not rows:
        return 0.0
    ends = _metres(np.array([old for old, _ in rows]).reshape(-1, 2, 2), zone)
    nodes = _metres(np.array([node for _, node in rows]), zone)
    return float(shapely.distance(shapely.points(nodes), shapely.linestrings(ends)).max())


def _apart_m(before: Segments, after: Segments, zone: pyproj.CRS) -> float:
    """Return how far any node of one outline lies from the other, in metres."""
    one, other = (
        shapely.multilinestrings(
            shapely.linestrings(_metres(np.array(sorted(rim)).reshape(-1, 2, 2), zone))
        )
        for rim in (before, after)
    )
    return max(
        float(shapely.distance(shapely.points(shapely.get_coordinates(a)), b).max())
        for a, b in ((one, other), (other, one))
    )


def kept_line(
    before: shapely.Geometry, after: shapely.Geometry, zone: pyproj.CRS, off_m: float = NODE_M
) -> str | None:
    """Tell whether ``after`` is ``before`` with, at most, nodes more on its lines."""
    old, new = set(segments_of([before])), set(segments_of([after]))
    paths, faults = nodes_put_on(old, new)
    if faults:
        return faults[0]
    off = off_line_m(paths, zone)
    return f"a node lies {off * 1000:.3f} mm off the old line" if off > off_m else None


# --- by GEOS, in the metric zone ------------------------------------------------------------


def metric(shapes, zone: pyproj.CRS) -> NDArray[np.object_]:
    forward = _transformer(zone).transform
    return shapely.transform(
        np.asarray(shapes, dtype=object), lambda xy: np.column_stack(forward(*xy.T))
    )


def village_faults(shapes, outline: shapely.Geometry, zone: pyproj.CRS) -> dict[str, float]:
    """Measure the four checks of the design; all zero (or below tolerance) for a partition."""
    shapes = np.asarray(shapes, dtype=object)
    flat = metric(shapes, zone)
    whole = metric([outline], zone)[0]
    invalid = int((~shapely.is_valid(shapes) | ~shapely.is_valid(flat)).sum())
    if invalid:
        return {"invalid": invalid}
    union = shapely.union_all(flat)
    off = abs(shapely.area(flat).sum() - whole.area) - THICKNESS_M * whole.length
    measured = {
        "edges": 0.0 if shapely.coverage_is_valid(flat, gap_width=THICKNESS_M) else 1.0,
        "gap_m2": beyond_m2(whole, union),
        "outside_m2": beyond_m2(union, whole),
        "overlap_m2": overlap_area(flat),
        "area_m2": max(off, 0.0),
    }
    return {key: value for key, value in measured.items() if value > 0}


def beyond_m2(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the thick area of ``one`` beyond ``other``.

    GEOS 3.14 once in many thousands returns a triangle that lies in both: it does not count.
    """
    pieces = shapely.get_parts(shapely.difference(one, other))
    outside = ~shapely.covers(other, shapely.point_on_surface(pieces))
    return thick_area(shapely.geometrycollections(pieces[outside]))


def thick_area(shape: shapely.Geometry) -> float:
    """Return the area of the parts a disc of 1 mm fits in."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return sum(p.area for p in parts if not p.buffer(-THICKNESS_M / 2, quad_segs=4).is_empty)


def overlap_area(shapes: NDArray[np.object_]) -> float:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(shapes[one], shapes[other])
    return float(sum(thick_area(s) for s in shared if s.area > 0))


def is_thin(shape: shapely.Geometry, width_m: float) -> bool:
    """Tell whether some part (metric) is nowhere as wide as ``width_m``."""
    return bool(shapely.is_empty(shapely.buffer(shapely.get_parts(shape), -width_m / 2)).any())


# --- membership ----------------------------------------------------------------------------


def owners_of(codes, shapes, households) -> NDArray[np.object_]:
    """Return each household's grid: planar lon/lat, borders belong to the lowest code."""
    owner = np.full(len(households), None, dtype=object)
    tree = shapely.STRtree(np.asarray(shapes, dtype=object))
    which, grid = tree.query(np.asarray(households.geometry), predicate="covered_by")
    codes = np.asarray(codes, dtype=object)
    order = np.argsort(codes[grid].astype(str))[::-1]
    owner[which[order]] = codes[grid[order]]
    return owner


# --- an outcome -----------------------------------------------------------------------------


def fingerprint(grids) -> dict[str, tuple]:
    """Return every grid's row as it is, byte for byte, by code."""
    columns = [c for c in grids.columns if c != grids.geometry.name]
    values = zip(*(grids[c].tolist() for c in columns), strict=True)
    rows = zip(
        grids.index.tolist(), values, shapely.to_wkb(np.asarray(grids.geometry)), strict=True
    )
    return dict(zip(grids["code"], ((i, tuple(map(str, v)), w) for i, v, w in rows), strict=True))


def outcome_faults(
    case,
    edit: dict,
    outcome,
    *,
    old: dict[str, tuple],
    sliver_m: float,
    sound: bool = True,
    thorough: bool = True,
) -> list[str]:
    """Tell everything that is wrong with the outcome of an accepted edit.

    ``edit`` in its JSON form, ``old`` the :func:`fingerprint` of the grids before. On a ``sound``
    case there may be no fault at all, on another one no fault may grow. ``thorough`` also runs the
    GEOS checks over each touched village.
    """
    before, after = case.partition.grids, outcome.grids
    faults = _frame_faults(before, after)
    if list(before.columns) != list(after.columns):
        return faults
    new = fingerprint(after)
    faults += _listing_faults(old, new, outcome, same_codes=edit["type"] != "renumber")
    shape_before = dict(zip(before["code"], before.geometry, strict=True))
    shape_after = dict(zip(after["code"], after.geometry, strict=True))
    changed = {c for c in {*old, *new} if old.get(c) != new.get(c)}
    moved = {c for c in changed if _wkb(shape_before.get(c)) != _wkb(shape_after.get(c))}
    wholes = {**wholes_of(before), **wholes_of(after)}
    broken = [f for c in sorted(moved & set(new)) for f in _shape_faults(c, shape_after[c])]
    if broken:
        return faults + broken
    if edit["type"] == "renumber":
        return faults + _renumber_faults(edit, before, after)
    faults += _village_column_faults(before, after)
    # where borders differ by a hair they are made one
    off_m = NODE_M if sound else THICKNESS_M
    faults += _reach_faults(edit, outcome, shape_before, shape_after, moved, case.zone, off_m)
    for c in sorted(moved & _held(case.partition)):
        old_shape, new_shape = shape_before[c], shape_after.get(c)
        fault = kept_line(old_shape, new_shape, case.zone, off_m) if c in new else "is gone"
        faults += [f"locked {c}: {fault}"] if fault else []
    faults += _thin_faults(moved, shape_before, shape_after, sliver_m, case.zone)
    if edit["type"] == "merge":
        faults += _merge_faults(edit, outcome, shape_before, shape_after, case.zone)
    touched = sorted({wholes[c] for c in changed})
    for whole in touched:
        slides = edit["type"] == "move_vertex"
        old_shapes, new_shapes = parts_of(before, whole), parts_of(after, whole)
        if edit["type"] == "merge" and whole in edit["grids"]:  # big grids: theirs go along
            if whole in outcome.removed:
                continue
            # on the border between two big grids nodes of the one side may be the other's not yet:
            # from now on they must be, so it is the big grids that the small ones are held against,
            # by their line: each level has nodes on it that the other one lacks
            slides = True
            inner = [parts_of(before, code) for code in edit["grids"]]
            big = np.array([shape_before[code] for code in edit["grids"]])
            old_shapes = big if sound else np.concatenate(inner)
        if sound:
            faults += whole_faults(whole, old_shapes, new_shapes, case.zone, slides=slides)
        if (thorough or not sound) and not faults:
            outline = known_outline(outcome, whole, old_shapes)
            was = village_faults(old_shapes, outline, case.zone)
            now = village_faults(new_shapes, outline, case.zone)
            spare = 1e-6
            if not sound:  # nodes put on old borders move them; sums tell nothing beside faults
                spare = THICKNESS_M * float(shapely.length(metric(old_shapes, case.zone)).sum())
                now.pop("area_m2", None)
            faults += [f"{whole}: {fault}" for fault in worse(was, now, spare)]
    homes = case.households
    if not sound:
        borders = shapely.boundary(np.asarray(before.geometry))
        near = shapely.STRtree(borders).query(homes.geometry, predicate="dwithin", distance=2e-8)
        homes = homes.drop(index=homes.index[np.unique(near[0])])
    faults += _household_faults(case, edit, homes, before, after)
    return faults


def worse(was: dict[str, float], now: dict[str, float], spare_m2: float) -> list[str]:
    """Tell which measures of :func:`village_faults` have grown."""
    grown = [k for k, v in now.items() if v > was.get(k, 0.0) + (spare_m2 if k in was else 0.0)]
    return [f"{k} {now[k]:g}, it was {was.get(k, 0.0):g}" for k in grown]


def _held(partition) -> set[str]:
    """Return the codes of the grids that are locked, by themselves or by their village."""
    grids, villages = partition.grids, partition.villages
    shut = set(villages["code"][villages["locked"]])
    return set(grids["code"][grids["locked"] | grids["village_code"].isin(shut)])


def _renumber_faults(edit, before, after) -> list[str]:
    """Rows stay where they are; only codes (and the parents' codes in children) change."""
    faults = []
    columns = [c for c in before.columns if c not in ("code", "parent_code")]
    if not before[columns].equals(after[columns]):
        faults.append("renumber changed more than codes")
    elsewhere = (before["village_code"] != edit["village"]).to_numpy()
    if not before[elsewhere].equals(after[elsewhere]):
        faults.append("renumber reached another village")
    return faults


def _village_column_faults(before, after) -> list[str]:
    village = dict(zip(before["code"], before["village_code"], strict=True))
    rows = zip(after["code"], after["village_code"], strict=True)
    moves = [(c, village.get(c, v), v) for c, v in rows]
    return [f"{c} went from {old} to {v}" for c, old, v in moves if str(old) != str(v)]


def _merge_faults(edit, outcome, shape_before, shape_after, zone) -> list[str]:
    keep = edit.get("keep") or min(edit["grids"])
    if set(outcome.removed) != set(edit["grids"]) - {keep}:
        return [f"{keep} should stay, {outcome.removed} went"]
    return []


def _frame_faults(before, after) -> list[str]:
    faults = []
    if list(before.columns) != list(after.columns):
        faults.append(f"columns {list(after.columns)} for {list(before.columns)}")
    elif not before.dtypes.equals(after.dtypes):
        differ = before.dtypes.index[before.dtypes != after.dtypes]
        faults += [f"type of {c} is {after[c].dtype}, was {before[c].dtype}" for c in differ]
    if before.crs != after.crs:
        faults.append("another CRS")
    if not after["code"].is_unique:
        faults.append("codes are not unique")
    if not after.index.is_unique:
        faults.append("the index is not unique")
    return faults


def _listing_faults(old, new, outcome, *, same_codes: bool = True) -> list[str]:
    """Compare what the outcome says has changed with what has; rows keep index and order."""
    faults = []
    differ = {c for c in new if old.get(c) != new[c]}
    for name, listed, real in (
        ("changed", outcome.changed, differ),
        ("removed", outcome.removed, set(old) - set(new)),
        ("created", outcome.created, set(new) - set(old)),
    ):
        if set(listed) != real or len(set(listed)) != len(listed):
            faults.append(f"{name} says {sorted(listed)}, it is {sorted(real)}")
    if not same_codes:
        return faults
    kept = [c for c in old if c in new]
    faults += [f"row of {c} has another index" for c in kept if old[c][0] != new[c][0]]
    if kept != [c for c in new if c in old]:
        faults.append("kept rows are in another order")
    fresh = [i for i, c in enumerate(new) if c not in old]
    if fresh and min(fresh) < len(kept):
        faults.append("a new row stands before a kept one")
    return faults


def _shape_faults(code: str, shape: shapely.Geometry) -> list[str]:
    xy = shapely.get_coordinates(shape)
    faults = []
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        faults.append(f"{code} is {shape.geom_type}")
    if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1:
        faults.append(f"{code} is a multipolygon of one part")
    if not (np.rint(xy * STEPS) / STEPS == xy).all():
        faults.append(f"{code} is off the lattice")
    if not shape.is_valid:
        faults.append(f"{code}: {shapely.is_valid_reason(shape)}")
    return faults


def may_move(edit: dict, grids) -> set[str] | None:
    """Return the grids an edit may give another shape; ``None`` for any of the village."""
    match edit["type"]:
        case "split" | "merge" | "reshape" | "resolve_overlap":
            return set(edit.get("grids") or [edit["grid"]])
        case "clip_to_village" | "set_attributes":
            return {edit["grid"]}
        case "lock" | "unlock":
            return set()
        case "transfer" | "assign" if edit.get("from"):
            return {edit["to"], *edit["from"]}
    return None


def _reach_faults(edit, outcome, shape_before, shape_after, moved, zone, off_m) -> list[str]:
    """Nobody but those the edit is about gets more than nodes; parts never grow."""
    faults = []
    allowed = may_move(edit, shape_before)
    for c in sorted(moved & set(shape_before) & set(shape_after)):
        if allowed is not None and c not in allowed:
            fault = kept_line(shape_before[c], shape_after[c], zone, off_m)
            faults += [f"{c} is not what the edit is about: {fault}"] if fault else []
    if allowed is not None and not set(outcome.removed) <= allowed:
        faults.append(f"{sorted(set(outcome.removed) - allowed)} gone")
    if outcome.created and edit["type"] != "split":
        faults.append(f"{edit['type']} made {outcome.created}")
    if edit["type"] in ("clip_to_village", "fill_gap"):  # land as it is found
        return faults
    most = max(map(_parts, shape_before.values()))
    if edit["type"] == "merge":
        most = sum(_parts(shape_before[c]) for c in edit["grids"])
    for c in sorted(moved & set(shape_after)):
        limit = _parts(shape_before[c]) if c in shape_before else most
        limit = max(limit, most) if edit["type"] == "merge" else limit
        if _parts(shape_after[c]) > limit:
            faults.append(f"{c} has {_parts(shape_after[c])} parts, it had {limit}")
    return faults


def _thin_faults(moved, shape_before, shape_after, sliver_m, zone) -> list[str]:
    was_thin = any(
        is_thin(s, sliver_m)
        for s in metric([shape_before[c] for c in moved if c in shape_before], zone)
    )
    if was_thin:
        return []
    codes = sorted(moved & set(shape_after))
    return [
        f"{c} is thinner than {sliver_m} m"
        for c, s in zip(codes, metric([shape_after[c] for c in codes], zone), strict=True)
        if is_thin(s, sliver_m)
    ]


def wholes_of(grids) -> dict[str, str]:
    """Return what each grid is a part of: its parent if that is a grid here, else its village."""
    codes = set(grids["code"])
    rows = zip(grids["code"], grids["parent_code"], grids["village_code"], strict=True)
    return {code: parent if parent in codes else village for code, parent, village in rows}


def parts_of(grids, whole: str) -> NDArray[np.object_]:
    """Return the shapes that tile a whole."""
    of = wholes_of(grids)
    return np.asarray(grids.geometry)[[of[c] == whole for c in grids["code"]]]


def whole_faults(whole: str, old, new, zone: pyproj.CRS, *, slides: bool = False) -> list[str]:
    """Check exactly that what tiled a whole still does, its outline kept but for new nodes.

    Where the end of a border ``slides`` along the outline, a node may go that lay on the line.
    So it is where the outline is told by others.
    """
    rim_before, loose_before = outline_of(old)
    rim_after, loose = outline_of(new)
    faults = [] if loose_before else [f"{whole}: {fault}" for fault in loose]
    paths, moved = nodes_put_on(rim_before, rim_after)
    off = off_line_m(paths, zone)
    if moved and slides:
        paths, moved = {(): []}, []
        off = _apart_m(rim_before, rim_after, zone) / 2
    faults += [f"{whole}: {fault}" for fault in moved]
    if off > NODE_M:
        faults.append(f"{whole}: a node lies {off * 1000:.3f} mm off the outline")
    flat_before, flat_after = metric(old, zone), metric(new, zone)
    difference = abs(shapely.area(flat_after).sum() - shapely.area(flat_before).sum())
    rim_m = shapely.length(flat_before).sum() if paths else 0.0
    if difference > (THICKNESS_M * rim_m if paths else 1e-6):
        faults.append(f"{whole}: its area changed by {difference:g} m²")
    if not shapely.is_valid(flat_after).all():
        faults.append(f"{whole}: a shape is invalid in the metric zone")
    return faults


def known_outline(partition, whole: str, shapes) -> shapely.Geometry:
    """Return what a whole's grids tile: a village's or a grid's shape, else all they close in.

    Another village that they close in is none of their land: such a hole stays one by its own
    line, since cutting out the other village's would put nodes on long edges, in degrees.
    """
    for frame in (partition.villages, partition.grids):
        found = frame.geometry[frame["code"] == whole]
        if len(found) and found.iloc[0] is not None:
            return found.iloc[0]
    union = shapely.union_all(shapes)
    rings = shapely.get_exterior_ring(shapely.get_parts(union))
    closed = shapely.union_all(shapely.polygons(rings))
    others = shapely.union_all(partition.grids.geometry[partition.grids["village_code"] != whole])
    holes = shapely.get_parts(shapely.difference(closed, union))
    theirs = shapely.intersection(holes, others)
    full = shapely.area(theirs) > 0.99 * shapely.area(holes)
    return shapely.difference(closed, shapely.union_all(np.where(full, holes, theirs)))


def _household_faults(case, edit, homes, before, after) -> list[str]:
    faults = []
    if edit["type"] == "clip_to_village":  # what stood outside the village may go
        village = before["village_code"][before["code"] == edit["grid"]].iloc[0]
        villages = case.partition.villages
        outline = villages.geometry[villages["code"] == village].iloc[0]
        inside = _covered([shapely.buffer(outline, -1e-8)], homes)
        homes = homes[inside]
    for big in (True, False)[: 1 if edit["type"] == "clip_to_village" else 2]:
        had, has = (_covered(_level(f, big), homes) for f in (before, after))
        lost = homes["code"][had & ~has].tolist()
        faults += [f"households {lost} are in no grid"] if lost else []
    return faults


def _level(grids, big: bool) -> NDArray[np.object_]:
    """Return the shapes of the grids that tile villages, or of those that tile big grids."""
    nested = grids["parent_code"].isin(grids["code"])
    return np.asarray(grids.geometry[nested != big])


def _covered(shapes, households) -> NDArray[np.bool_]:
    covered = np.zeros(len(households), dtype=bool)
    tree = shapely.STRtree(np.asarray(shapes, dtype=object))
    covered[tree.query(np.asarray(households.geometry), predicate="covered_by")[0]] = True
    return covered


def _parts(shape: shapely.Geometry) -> int:
    return int(shapely.get_num_geometries(shape))


def _wkb(shape: shapely.Geometry | None) -> bytes | None:
    return None if shape is None else shapely.to_wkb(shape)


def _metres(steps: NDArray[np.int64], zone: pyproj.CRS) -> NDArray[np.float64]:
    flat = steps.reshape(-1, 2) / STEPS
    return np.column_stack(_transformer(zone).transform(*flat.T)).reshape(steps.shape)


@functools.lru_cache
def _transformer(zone: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4490", zone, always_xy=True)
