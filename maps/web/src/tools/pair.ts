/** Which two grids a line drawn from border to border is meant to divide anew. */
import type { Coordinate } from "ol/coordinate";
import { boundingExtent, intersects } from "ol/extent";
import { isOn, isWellInside, type Shape, walk } from "./crossed";

interface Grid extends Shape {
  get(key: string): unknown;
}

/** A third grid the line only brushes is not meant, up to this share of its course. */
const BRUSHED = 0.08;

/**
 * The pair, or null where the line leaves it open. A planner starts on the border of two grids,
 * goes into one of them and comes back to the border, or wanders from one side of it to the other.
 */
export function findPair<T extends Grid>(
  line: readonly Coordinate[],
  grids: readonly T[],
): [T, T] | null {
  const extent = boundingExtent([...line]);
  const near = grids.filter((grid) => {
    const geometry = grid.getGeometry();
    return geometry && intersects(geometry.getExtent(), extent);
  });
  const course = shares(line, near);
  const [first, second, third] = course;
  if (!first) return null;
  if (second && second.share > BRUSHED) {
    if (third && third.share > BRUSHED) return null;
    return [first.grid, second.grid];
  }
  const ends = [line[0], line[line.length - 1]] as [Coordinate, Coordinate];
  const village = first.grid.get("village_code");
  const beside = near.filter((grid) => {
    if (grid === first.grid || grid.get("village_code") !== village) return false;
    return ends.every((end) => touches(grid, end));
  });
  if (beside.length === 1) return [first.grid, beside[0]!];
  // Into the neighbour a little at both ends, further than a hair but only just.
  return beside.length === 0 && second && ends.some((end) => touches(second.grid, end))
    ? [first.grid, second.grid]
    : null;
}

function shares<T extends Grid>(line: readonly Coordinate[], grids: readonly T[]) {
  const places = [...walk(line)];
  const inside = new Map<T, number>();
  for (const place of places) {
    const grid = grids.find((one) => {
      const geometry = one.getGeometry();
      return geometry && isWellInside(geometry, place);
    });
    if (grid) inside.set(grid, (inside.get(grid) ?? 0) + 1);
  }
  return [...inside]
    .map(([grid, number]) => ({ grid, share: number / places.length }))
    .sort((a, b) => b.share - a.share);
}

function touches(grid: Grid, place: Coordinate): boolean {
  const geometry = grid.getGeometry();
  return geometry !== undefined && (isOn(geometry, place) || isWellInside(geometry, place));
}
