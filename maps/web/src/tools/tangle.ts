/** A node moved in the rings that have it, and whether a ring then crosses itself. */
import type { Coordinate } from "ol/coordinate";

export type Rings = readonly (readonly Coordinate[])[];

const isAt = (one: Coordinate | undefined, other: Coordinate) =>
  one !== undefined && one[0] === other[0] && one[1] === other[1];

/** Rings with one node put elsewhere, and how many times it was there. */
export function moveNode(
  rings: Rings,
  from: Coordinate,
  to: Coordinate,
): { rings: Coordinate[][]; moved: number } {
  let moved = 0;
  const next = rings.map((ring) =>
    ring.map((node) => {
      if (!isAt(node, from)) return node;
      moved += 1;
      return to;
    }),
  );
  return { rings: next, moved };
}

/** The nodes before and after a node on these rings, each once. */
export function neighboursOf(rings: Rings, node: Coordinate): Coordinate[] {
  const found: Coordinate[] = [];
  for (const ring of rings) {
    const open = ring.slice(0, -1);
    open.forEach((one, index) => {
      if (!isAt(one, node)) return;
      const before = open[(index + open.length - 1) % open.length];
      const after = open[(index + 1) % open.length];
      for (const next of [before, after]) {
        if (next && !found.some((known) => isAt(known, next))) found.push(next);
      }
    });
  }
  return found;
}

const side = (
  [ax = 0, ay = 0]: Coordinate,
  [bx = 0, by = 0]: Coordinate,
  [px = 0, py = 0]: Coordinate,
) => Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));

function meet(a: Coordinate, b: Coordinate, c: Coordinate, d: Coordinate): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Whether a line at a node crosses any other line of these rings: a bow-tie. */
export function isTangled(rings: Rings, node: Coordinate): boolean {
  const arms = neighboursOf(rings, node);
  return rings.some((ring) =>
    ring.some((end, index) => {
      const start = ring[index - 1];
      return start !== undefined && arms.some((arm) => meet(arm, node, start, end));
    }),
  );
}
