/** The shortest way along existing borders from one place on them to another. */
import type { Coordinate } from "ol/coordinate";

/** How far beside a border a place may lie and still be on it, in map units. */
const HAIR = 0.05;
/** A way over more corners than this is none that anybody meant. */
const MOST = 4000;

interface Corner {
  at: Coordinate;
  next: Set<Corner>;
}

interface Seat {
  at: Coordinate;
  /** The corner it is, or the two ends of the border it lies on. */
  corners: Corner[];
}

const apart = (a: Coordinate, b: Coordinate) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);

/** Corners and the borders between them; neighbours have their corners at the very same places. */
export function createBorders(rings: Iterable<readonly Coordinate[]>) {
  const corners = new Map<string, Corner>();

  function corner(at: Coordinate): Corner {
    const key = `${at[0]},${at[1]}`;
    let found = corners.get(key);
    if (!found) corners.set(key, (found = { at, next: new Set() }));
    return found;
  }

  for (const ring of rings) {
    for (let index = 1; index < ring.length; index++) {
      const [a, b] = [corner(ring[index - 1]!), corner(ring[index]!)];
      if (a === b) continue;
      a.next.add(b);
      b.next.add(a);
    }
  }

  function seat(at: Coordinate): Seat | null {
    const exact = corners.get(`${at[0]},${at[1]}`);
    if (exact) return { at, corners: [exact] };
    for (const a of corners.values()) {
      for (const b of a.next) {
        if (isBetween(at, a.at, b.at)) return { at, corners: [a, b] };
      }
    }
    return null;
  }

  return {
    /** The corners between two places, both left out; null where no border leads from one to the other. */
    way(from: Coordinate, to: Coordinate): Coordinate[] | null {
      const [start, end] = [seat(from), seat(to)];
      if (!start || !end) return null;
      const shared = start.corners.filter((one) => end.corners.includes(one));
      if (shared.length === 2 || (shared.length === 1 && isOneBorder(start, end))) return [];
      return shortest(start, end);
    },
  };
}

export type Borders = ReturnType<typeof createBorders>;

/** A place on a border and one of that border's ends. */
const isOneBorder = (a: Seat, b: Seat) => a.corners.length + b.corners.length < 4;

function isBetween(at: Coordinate, a: Coordinate, b: Coordinate): boolean {
  const [x, y] = at as [number, number];
  const [ax, ay] = a as [number, number];
  const [bx, by] = b as [number, number];
  if (x < Math.min(ax, bx) - HAIR || x > Math.max(ax, bx) + HAIR) return false;
  if (y < Math.min(ay, by) - HAIR || y > Math.max(ay, by) + HAIR) return false;
  const length = Math.hypot(bx - ax, by - ay);
  return Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) <= HAIR * length;
}

/** A* over the corners. The open ones are few (borders hardly branch), so a list holds them. */
function shortest(start: Seat, end: Seat): Coordinate[] | null {
  const reached = new Map<Corner, { length: number; before: Corner | null }>();
  const open = new Set<Corner>();
  const done = new Set<Corner>();
  const ends = new Map(end.corners.map((one) => [one, apart(one.at, end.at)]));
  for (const one of start.corners) {
    reached.set(one, { length: apart(start.at, one.at), before: null });
    open.add(one);
  }
  let best: { corner: Corner; length: number } | null = null;
  while (open.size > 0 && done.size < MOST) {
    let nearest: Corner | null = null;
    let estimate = Infinity;
    for (const one of open) {
      const length = reached.get(one)!.length + apart(one.at, end.at);
      if (length < estimate) [nearest, estimate] = [one, length];
    }
    if (!nearest || (best && best.length <= estimate)) break;
    open.delete(nearest);
    done.add(nearest);
    const here = reached.get(nearest)!.length;
    const rest = ends.get(nearest);
    if (rest !== undefined && here + rest < (best?.length ?? Infinity)) {
      best = { corner: nearest, length: here + rest };
    }
    for (const next of nearest.next) {
      const length = here + apart(nearest.at, next.at);
      if (done.has(next) || length >= (reached.get(next)?.length ?? Infinity)) continue;
      reached.set(next, { length, before: nearest });
      open.add(next);
    }
  }
  if (!best) return null;
  const way: Coordinate[] = [];
  for (let one: Corner | null = best.corner; one; one = reached.get(one)!.before) way.push(one.at);
  way.reverse();
  const isEnd = (place: Coordinate | undefined, at: Coordinate) => place && apart(place, at) === 0;
  if (isEnd(way[0], start.at)) way.shift();
  if (isEnd(way[way.length - 1], end.at)) way.pop();
  return way;
}
