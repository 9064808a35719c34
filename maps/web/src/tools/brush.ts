/** Which shapes a stroke of the brush passes over, and which a lasso holds. */
import type { Coordinate } from "ol/coordinate";
import { boundingExtent, buffer, containsCoordinate, intersects } from "ol/extent";
import { MultiPolygon, Polygon } from "ol/geom";

type Area = Polygon | MultiPolygon;

interface Shape {
  getGeometry(): Area | undefined;
}

/** Places along a stroke no farther apart than the brush is wide. */
function* along(stroke: readonly Coordinate[], step: number): Generator<Coordinate> {
  const first = stroke[0];
  if (first) yield first;
  for (let index = 1; index < stroke.length; index++) {
    const [x0 = 0, y0 = 0] = stroke[index - 1] ?? [];
    const [x1 = 0, y1 = 0] = stroke[index] ?? [];
    const parts = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / step));
    for (let part = 1; part <= parts; part++) {
      yield [x0 + ((x1 - x0) * part) / parts, y0 + ((y1 - y0) * part) / parts];
    }
  }
}

function isNear(area: Area, [x = 0, y = 0]: Coordinate, radius: number): boolean {
  if (!containsCoordinate(buffer(area.getExtent(), radius), [x, y])) return false;
  if (area.intersectsCoordinate([x, y])) return true;
  const [nearX = 0, nearY = 0] = area.getClosestPoint([x, y]);
  return Math.hypot(nearX - x, nearY - y) <= radius;
}

/** Shapes a round brush of this radius (in map units) touches. */
export function brushed<T extends Shape>(
  stroke: readonly Coordinate[],
  radius: number,
  shapes: readonly T[],
): T[] {
  const reach = buffer(boundingExtent([...stroke]), radius);
  const places = [...along(stroke, radius)];
  return shapes.filter((shape) => {
    const area = shape.getGeometry();
    if (!area || !intersects(area.getExtent(), reach)) return false;
    return places.some((place) => isNear(area, place, radius));
  });
}

/** A place well inside an area: of several parts, in the largest one. */
export function insideOf(area: Area): Coordinate {
  if (area instanceof Polygon) return area.getInteriorPoint().getCoordinates().slice(0, 2);
  const parts = area.getPolygons().sort((a, b) => b.getArea() - a.getArea());
  return parts[0] ? insideOf(parts[0]) : area.getFirstCoordinate();
}

/** Shapes whose middle lies within the drawn ring. */
export function encircled<T extends Shape>(ring: readonly Coordinate[], shapes: readonly T[]): T[] {
  if (ring.length < 3) return [];
  const lasso = new Polygon([[...ring, ring[0] as Coordinate]]);
  return shapes.filter((shape) => {
    const area = shape.getGeometry();
    return area !== undefined && lasso.intersectsCoordinate(insideOf(area));
  });
}
