/** Which grids a drawn line is meant to cut. */
import type { Coordinate } from "ol/coordinate";
import { boundingExtent, intersects } from "ol/extent";
import type { MultiPolygon, Polygon } from "ol/geom";

interface Shape {
  getGeometry(): Polygon | MultiPolygon | undefined;
}

/** Metres between the places on a line that are looked at, at most this many a segment. */
const SAMPLES = 64;

function* along(line: readonly Coordinate[]): Generator<Coordinate> {
  for (let index = 1; index < line.length; index++) {
    const [x0 = 0, y0 = 0] = line[index - 1] ?? [];
    const [x1 = 0, y1 = 0] = line[index] ?? [];
    for (let step = 0; step < SAMPLES; step++) {
      const part = (step + 0.5) / SAMPLES;
      yield [x0 + (x1 - x0) * part, y0 + (y1 - y0) * part];
    }
  }
}

/**
 * The grids that the line enters and leaves again; if there is none, the one it runs through most,
 * so that the server can say what is missing. Planners draw from one neighbour into the other.
 */
export function crossedBy<T extends Shape>(line: readonly Coordinate[], grids: readonly T[]): T[] {
  const extent = boundingExtent([...line]);
  const ends = [line[0], line[line.length - 1]].filter((end): end is Coordinate => Boolean(end));
  const places = [...along(line)];
  const met: { grid: T; length: number; through: boolean }[] = [];
  for (const grid of grids) {
    const geometry = grid.getGeometry();
    if (!geometry || !intersects(geometry.getExtent(), extent)) continue;
    const length = places.filter((place) => geometry.intersectsCoordinate(place)).length;
    if (length === 0) continue;
    const through = !ends.some((end) => isWellInside(geometry, end));
    met.push({ grid, length, through });
  }
  const through = met.filter((one) => one.through);
  if (through.length > 0) return through.map((one) => one.grid);
  met.sort((a, b) => b.length - a.length);
  return met.slice(0, 1).map((one) => one.grid);
}

/** A line that was snapped ends on the border: rounding may put the end a hair to either side. */
const HAIR_M = 0.05;

function isWellInside(geometry: Polygon | MultiPolygon, [x = 0, y = 0]: Coordinate): boolean {
  if (!geometry.intersectsCoordinate([x, y])) return false;
  // OpenLayers takes the closest point from the rings, also for a place inside.
  const [nearX = 0, nearY = 0] = geometry.getClosestPoint([x, y]);
  return Math.hypot(nearX - x, nearY - y) > HAIR_M;
}
