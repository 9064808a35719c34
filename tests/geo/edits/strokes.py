"""What a planner's hand may do: random edits as JSON, sensible ones and nonsense.

``draw(rng, type, partition)`` depends on its arguments only. About one edit in ten is nonsense on
purpose; of the others the engine accepts what it can.
"""

from __future__ import annotations

import json

import numpy as np
import shapely

# How often each type comes up in a long run.
WEIGHTS = {
    "split": 22, "merge": 14, "reshape": 12, "transfer": 20, "assign": 8, "move_vertex": 12,
    "fill_gap": 1, "resolve_overlap": 1, "clip_to_village": 1, "set_attributes": 2, "renumber": 2,
    "lock": 2, "unlock": 3, "match_borders": 1,
}  # fmt: skip
TYPES = tuple(WEIGHTS)


def draw(rng: np.random.Generator, kind: str, partition) -> dict:
    """Draw one edit of a type for a partition."""
    edit = {"type": kind, **_DRAWERS[kind](rng, partition)}
    if rng.random() < 0.04:
        return _nonsense(rng, edit)
    return edit


# --- one drawer a type -----------------------------------------------------------------------


def _split(rng, partition):
    grids = partition.grids
    row = _large(rng, grids)
    shape = grids.geometry.iloc[row]
    style = rng.choice(["across", "jagged", "nodes", "loop", "zigzag", "along", "far", "short"],
                       p=[0.35, 0.2, 0.15, 0.05, 0.08, 0.07, 0.05, 0.05])  # fmt: skip
    line = _line(rng, shape, style)
    codes = [grids["code"].iloc[row]]
    if rng.random() < 0.25:
        hit = shapely.intersects(np.asarray(grids.geometry), shapely.make_valid(line))
        village = grids["village_code"].iloc[row]
        codes = grids["code"][hit & (grids["village_code"] == village)].tolist() or codes
    edit = {"line": _json(line)}
    if len(codes) == 1 and rng.random() < 0.5:
        edit["grid"] = codes[0]
    else:
        edit["grids"] = codes
    return _tidy(rng, edit)


def _merge(rng, partition):
    grids = partition.grids
    row = int(rng.integers(len(grids)))
    chosen = [row]
    for _ in range(int(rng.choice([1, 2, 3], p=[0.7, 0.2, 0.1]))):
        near = _beside(grids, chosen) if rng.random() < 0.93 else list(range(len(grids)))
        near = [n for n in near if n not in chosen]
        if near:
            chosen.append(int(rng.choice(near)))
    codes = [grids["code"].iloc[c] for c in chosen]
    edit = {"grids": codes}
    if rng.random() < 0.3:
        edit["keep"] = str(rng.choice(codes))
    return edit


def _reshape(rng, partition):
    grids = partition.grids
    row = int(rng.integers(len(grids)))
    near = _beside(grids, [row])
    other = int(rng.choice(near)) if near and rng.random() < 0.95 else int(rng.integers(len(grids)))
    one, two = grids.geometry.iloc[row], grids.geometry.iloc[other]
    shared = shapely.intersection(one, two)
    xy = shapely.get_coordinates(shared)
    if len(xy) < 2 or rng.random() < 0.1:
        xy = shapely.get_coordinates(_line(rng, one, "across"))
    start, end = xy[0], xy[-1]
    if rng.random() < 0.4 and len(xy) > 2:
        i, j = sorted(rng.choice(len(xy), 2, replace=False))
        start, end = xy[i], xy[j]
    span = max(float(np.hypot(*(end - start))), _width(one) * 0.05)
    count = int(rng.integers(1, 6))
    steps = np.linspace(0, 1, count + 2)[1:-1, None]
    way = (
        start
        + steps * (end - start)
        + rng.normal(0, span * rng.choice([0.03, 0.15, 0.5]), (count, 2))
    )
    line = np.vstack([start, way, end])
    if rng.random() < 0.1:
        line = _skimming(rng, one)
    elif rng.random() < 0.3:  # past both ends
        line = np.vstack([start - (way[0] - start) * 0.3, line, end + (end - way[-1]) * 0.3])
    return {
        "grids": [grids["code"].iloc[row], grids["code"].iloc[other]],
        "line": _json(shapely.LineString(line)),
    }


def _transfer(rng, partition):
    grids = partition.grids
    row = int(rng.integers(len(grids)))
    shape = grids.geometry.iloc[row]
    style = rng.choice(["blob", "ring", "neighbour", "bow_tie", "box", "spiky", "far"],
                       p=[0.5, 0.08, 0.08, 0.04, 0.15, 0.12, 0.03])  # fmt: skip
    node = rng.choice(shapely.get_coordinates(shape))
    width = _width(shape)
    near = _beside(grids, [row])
    if style == "neighbour" and near:
        area = grids.geometry.iloc[int(rng.choice(near))]
    elif style == "far":
        area = _blob(rng, node + 50 * width, width, 8, 0.3)
    elif style == "bow_tie":
        a, b, c, d = node + width * rng.uniform(-0.4, 0.4, (4, 2))
        area = shapely.Polygon([a, b, c, d])
    elif style == "band":  # along the border, hardly beyond it
        way = shapely.LineString(_skimming(rng, shape))
        area = shapely.buffer(
            way, width * rng.choice([0.01, 0.1]), cap_style="flat", join_style="mitre"
        )
    elif style == "box":
        area = shapely.box(
            *(node - width * rng.uniform(0.05, 0.5, 2)), *(node + width * rng.uniform(0.05, 0.5, 2))
        )
    else:
        radius = width * rng.choice([0.02, 0.15, 0.4, 1.0], p=[0.1, 0.4, 0.4, 0.1])
        area = _blob(rng, node, radius, int(rng.integers(3, 15)), 0.9 if style == "spiky" else 0.3)
        if style == "ring":
            area = shapely.Polygon(
                area.exterior,
                [shapely.transform(area, lambda xy: node + 0.5 * (xy - node)).exterior],
            )
    edit = {"to": grids["code"].iloc[row], "area": _json(area)}
    if near and rng.random() < 0.25:
        edit["from"] = [grids["code"].iloc[int(n)] for n in near[: int(rng.integers(1, 3))]]
    return _tidy(rng, edit)


def _assign(rng, partition):
    grids, natural = partition.grids, partition.natural_villages
    row = int(rng.integers(len(grids)))
    shape = grids.geometry.iloc[row]
    reach = shapely.buffer(shape, _width(shape) * rng.choice([0.01, 0.2]))
    cells = np.asarray(natural.geometry)
    hit = shapely.intersects(cells, reach)
    if rng.random() < 0.8:  # not those it has
        hit &= ~shapely.covers(shape, shapely.point_on_surface(cells))
    near = natural[hit]
    if not len(near) or rng.random() < 0.05:
        near = natural
    picked = near.sample(
        min(len(near), int(rng.integers(1, 4))), random_state=int(rng.integers(2**31))
    )
    units = picked["code"].tolist() if rng.random() < 0.5 else picked["id"].tolist()
    edit = {"natural_villages": units, "to": grids["code"].iloc[row]}
    others = _beside(grids, [row])
    if others and rng.random() < 0.15:
        edit["from"] = [grids["code"].iloc[int(rng.choice(others))]]
    return _tidy(rng, edit)


def _move_vertex(rng, partition):
    shapes = np.asarray(partition.grids.geometry)
    nodes = shapely.get_coordinates(shapes)
    start = rng.choice(nodes)
    ahead = np.hypot(*(nodes - start).T)
    near = float(ahead[ahead > 0].min()) if (ahead > 0).any() else 1e-5
    style = rng.random()
    if style < 0.6:
        end = start + rng.normal(0, near * rng.choice([0.05, 0.4, 1.5]), 2)
    elif style < 0.75:
        end = start + rng.normal(0, _width(shapely.MultiPoint(nodes)) * 0.1, 2)
    elif style < 0.85:
        end = nodes[int(np.argsort(ahead)[min(int(rng.integers(1, 8)), len(nodes) - 1)])]
    elif style < 0.9:
        end = start
    else:
        end = start + rng.normal(0, 1e-9, 2)
    if rng.random() < 0.1:
        start = start + rng.normal(0, near * 0.3, 2)
    return {"from": start.tolist(), "to": end.tolist()}


def _fill_gap(rng, partition):
    grids = partition.grids
    union = shapely.union_all(np.asarray(grids.geometry))
    wholes = [o for o in partition.villages.geometry if o is not None]
    wholes += [shapely.Polygon(part.exterior) for part in shapely.get_parts(union)]
    gaps = shapely.get_parts(shapely.difference(shapely.union_all(wholes), union))
    gaps = gaps[shapely.area(gaps) > 1e-16]
    west, south, east, north = grids.total_bounds
    at = [rng.uniform(west, east), rng.uniform(south, north)]
    near = grids["code"].to_numpy()
    if len(gaps) and rng.random() < 0.8:
        gap = gaps[int(rng.integers(len(gaps)))]
        at = shapely.get_coordinates(shapely.point_on_surface(gap))[0].tolist()
        near = near[shapely.dwithin(np.asarray(grids.geometry), gap, 1e-9)]
    edit = {"at": at}
    if len(near) and rng.random() < 0.5:
        edit["to"] = str(rng.choice(near))
    return edit


def _resolve_overlap(rng, partition):
    grids = partition.grids
    shapes = np.asarray(grids.geometry)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    if not len(one) or rng.random() < 0.2:
        one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pick = int(rng.integers(len(one)))
    pair = [one[pick], other[pick]]
    if pair[0] == pair[1]:
        pair[1] = (pair[0] + 1) % len(grids)
    codes = [grids["code"].iloc[int(p)] for p in pair]
    return {"grids": codes, "winner": str(rng.choice(codes))}


def _clip_to_village(rng, partition):
    return {"grid": str(rng.choice(partition.grids["code"]))}


def _set_attributes(rng, partition):
    attributes = {}
    if rng.random() < 0.7:
        attributes["name"] = str(rng.choice(["东网格", "西网格", "", "Grid 7"]))
    if rng.random() < 0.7 or not attributes:
        attributes["kind"] = str(rng.choice(["basic", "dedicated", "basic"]))
    return {"grid": str(rng.choice(partition.grids["code"])), "attributes": attributes}


def _renumber(rng, partition):
    return {"village": str(rng.choice(partition.villages["code"]))}


def _lock(rng, partition):
    grids = partition.grids["code"].tolist()
    if rng.random() < 0.03:
        return {"villages": [str(rng.choice(partition.villages["code"]))]}
    return {"grids": [str(rng.choice(grids))]}


def _unlock(rng, partition):
    grids, villages = partition.grids, partition.villages
    held = grids["code"][grids["locked"]].tolist()
    shut = villages["code"][villages["locked"]].tolist()
    if shut:
        return {"villages": shut}
    if held and rng.random() < 0.9:
        return {"grids": held}
    return {"grids": [str(rng.choice(grids["code"]))]}


_DRAWERS = {
    "split": _split, "merge": _merge, "reshape": _reshape, "transfer": _transfer,
    "assign": _assign, "move_vertex": _move_vertex, "fill_gap": _fill_gap,
    "resolve_overlap": _resolve_overlap, "clip_to_village": _clip_to_village,
    "set_attributes": _set_attributes, "renumber": _renumber, "lock": _lock, "unlock": _unlock,
    "match_borders": _renumber,
}  # fmt: skip


def _nonsense(rng, edit):
    """Spoil an edit: unknown or doubled codes, a member too many or missing, bad coordinates."""
    spoiled = dict(edit)
    names = [n for n in spoiled if n != "type"]
    how = int(rng.integers(6))
    name = str(rng.choice(names))
    if how == 0:
        for n in ("grid", "to", "winner", "village", "keep"):
            if n in spoiled:
                spoiled[n] = "999999999999001"
        if "grids" in spoiled:
            spoiled["grids"] = [*spoiled["grids"][:1], "999999999999001"]
    elif how == 1 and "grids" in spoiled:
        spoiled["grids"] = [*spoiled["grids"], spoiled["grids"][0]]
    elif how == 2:
        del spoiled[name]
    elif how == 3:
        spoiled["colour"] = "red"
    elif how == 4:
        spoiled[name] = [None, [], {}, 7, "", True, [[]], {"type": "Point"}][int(rng.integers(8))]
    else:
        text = json.dumps(spoiled)
        swap = str(rng.choice(["108", "109", "31", "122", "53"]))
        spoiled = json.loads(
            text.replace(f"[{swap}.", f"[{rng.choice(['1', '40', '500000', '-'])}{swap}.")
        )
    return spoiled


# --- shapes ----------------------------------------------------------------------------------


def _line(rng, shape, style):
    """Draw a line for splitting a shape."""
    nodes = shapely.get_coordinates(shape)
    width = _width(shape)
    inside = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
    inside = inside + rng.normal(0, width * 0.1, 2)
    turn = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(turn), np.sin(turn)])
    reach = np.hypot(*np.ptp(nodes, axis=0)) * rng.uniform(0.6, 1.2)
    ends = inside + np.outer([-reach, reach], way)
    if style == "nodes":
        a, b = nodes[rng.integers(0, len(nodes), 2)]
        return shapely.LineString([a, b] if rng.random() < 0.6 else [a, inside, b])
    if style == "loop":
        turns = np.linspace(0, 2 * np.pi * rng.choice([1.0, 1.3]), 9)
        return shapely.LineString(
            inside + width * 0.2 * np.column_stack([np.cos(turns), np.sin(turns)])
        )
    if style == "zigzag":
        steps = np.linspace(0, 1, int(rng.integers(5, 14)))[:, None]
        side = np.array([-way[1], way[0]]) * width * 0.3
        swing = np.where(np.arange(len(steps)) % 2, 1, -1)[:, None]
        return shapely.LineString(ends[0] + steps * (ends[1] - ends[0]) + swing * side)
    if style == "along":
        ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape))[0])
        start = int(rng.integers(0, len(ring) - 1))
        part = ring[start : start + int(rng.integers(2, 6))]
        return shapely.LineString(
            np.vstack([part, inside]) if len(part) < 2 or rng.random() < 0.7 else part
        )
    if style == "skim":
        return shapely.LineString(_skimming(rng, shape))
    if style == "far":
        return shapely.LineString(ends + 20 * width)
    if style == "short":
        return shapely.LineString(inside + np.outer([-0.02, 0.02], way) * width)
    if style == "jagged":
        steps = np.linspace(0, 1, int(rng.integers(3, 12)))[:, None]
        way = ends[0] + steps * (ends[1] - ends[0])
        way[1:-1] += rng.normal(0, width * 0.08, (len(way) - 2, 2))
        return shapely.LineString(way)
    return shapely.LineString(ends)


def _skimming(rng, shape):
    """Follow a stretch of border a millimetre to some centimetres beside it, as a hand does."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    ring = shapely.get_coordinates(rings[int(rng.integers(len(rings)))])[:-1]
    start = int(rng.integers(len(ring)))
    count = int(rng.integers(2, min(len(ring), 9) + 1))
    part = np.roll(ring, -start, axis=0)[:count]
    off = float(rng.choice([1e-8, 9e-8, 1.1e-7, 3e-7, 1e-6]))  # 1 mm to 10 cm
    ends = rng.normal(0, 3e-6, (2, 2)) if rng.random() < 0.5 else np.zeros((2, 2))
    return np.vstack([part[0] + ends[0], part + rng.normal(0, off, part.shape), part[-1] + ends[1]])


def _blob(rng, center, radius, corners, rough):
    turns = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radii = radius * (1 + rng.uniform(-rough, rough, corners))
    return shapely.Polygon(
        center + radii[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
    )


def _width(shape):
    west, south, east, north = shapely.bounds(shape)
    return max(min(east - west, north - south), 1e-7)


def _beside(grids, rows):
    """Return the rows that share an edge with one of ``rows``, all of the first one's village."""
    shapes = np.asarray(grids.geometry)
    found = set()
    for row in rows:
        touching = np.flatnonzero(shapely.relate_pattern(shapes, shapes[row], "F***1****"))
        found |= {int(t) for t in touching}
    village = grids["village_code"].iloc[rows[0]]
    return sorted(f for f in found - set(rows) if grids["village_code"].iloc[f] == village)


def _large(rng, grids):
    """Pick a grid, larger ones more often, so that a village is not split to dust."""
    areas = shapely.area(np.asarray(grids.geometry))
    return int(rng.choice(len(grids), p=areas / areas.sum()))


def _tidy(rng, edit):
    return {**edit, "tidy": True} if rng.random() < 0.3 else edit


def _json(shape):
    return json.loads(shapely.to_geojson(shape))
