/** Which grids a drawn line is meant to cut. */
import type { Coordinate } from "ol/coordinate";
import { boundingExtent, intersects } from "ol/extent";
import { LineString, type MultiPolygon, type Polygon } from "ol/geom";

export interface Shape {
  getGeometry(): Polygon | MultiPolygon | undefined;
}

/** How many places of a line are looked at, spread evenly over its length. */
const PLACES = 256;
/** A line that was snapped ends on the border: rounding may put the end a hair to either side. */
const HAIR_M = 0.05;
/** A neighbour whose corner the line merely clips, as a share of the square root of its area. */
const CLIPPED = 0.15;

/** Places along a line, at even distances, neither end among them. */
export function* walk(line: readonly Coordinate[]): Generator<Coordinate> {
  const length = (a: Coordinate, b: Coordinate) => Math.hypot(b[0]! - a[0]!, b[1]! - a[1]!);
  let whole = 0;
  for (let index = 1; index < line.length; index++) whole += length(line[index - 1]!, line[index]!);
  const stride = whole / PLACES;
  let next = stride / 2;
  let gone = 0;
  for (let index = 1; index < line.length; index++) {
    const [a, b] = [line[index - 1]!, line[index]!];
    const here = length(a, b);
    for (; next < gone + here; next += stride) {
      const part = (next - gone) / here;
      yield [a[0]! + (b[0]! - a[0]!) * part, a[1]! + (b[1]! - a[1]!) * part];
    }
    gone += here;
  }
}

/**
 * The grids that the line enters and leaves again; if there is none, the one it runs through most,
 * so that the server can say what is missing. Planners draw from one neighbour into the other; where
 * the line clips a third one's corner nobody wants a scrap of land as a grid of its own.
 */
export function crossedBy<T extends Shape>(line: readonly Coordinate[], grids: readonly T[]): T[] {
  const extent = boundingExtent([...line]);
  const ends = [line[0], line[line.length - 1]].filter((end): end is Coordinate => Boolean(end));
  const places = [...walk(line)];
  const stride = new LineString([...line]).getLength() / PLACES;
  const met: { grid: T; length: number; through: boolean; clipped: boolean }[] = [];
  for (const grid of grids) {
    const geometry = grid.getGeometry();
    if (!geometry || !intersects(geometry.getExtent(), extent)) continue;
    // Places on the border itself belong to nobody: a line along it cuts neither side.
    const length = places.filter((place) => isWellInside(geometry, place)).length;
    if (length === 0) continue;
    const through = !ends.some((end) => isWellInside(geometry, end));
    const clipped = length * stride < CLIPPED * Math.sqrt(geometry.getArea());
    met.push({ grid, length, through, clipped });
  }
  const crossed = met.filter((one) => one.through);
  const cut = crossed.filter((one) => !one.clipped);
  const through = cut.length > 0 ? cut : crossed;
  if (through.length > 0) return through.map((one) => one.grid);
  met.sort((a, b) => b.length - a.length);
  return met.slice(0, 1).map((one) => one.grid);
}

function apart(geometry: Polygon | MultiPolygon, [x = 0, y = 0]: Coordinate): number {
  // OpenLayers takes the closest point from the rings, also for a place inside.
  const [nearX = 0, nearY = 0] = geometry.getClosestPoint([x, y]);
  return Math.hypot(nearX - x, nearY - y);
}

/** Whether a place lies on the border of a shape. */
export function isOn(geometry: Polygon | MultiPolygon, place: Coordinate): boolean {
  return apart(geometry, place) <= HAIR_M;
}

/** Whether a place lies inside a shape and not on its border. */
export function isWellInside(geometry: Polygon | MultiPolygon, place: Coordinate): boolean {
  return geometry.intersectsCoordinate(place) && !isOn(geometry, place);
}
