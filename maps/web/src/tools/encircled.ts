/** Which grids a box or a lasso takes in. */
import type { Coordinate } from "ol/coordinate";
import type { MultiPolygon, Polygon } from "ol/geom";
import type { Shape } from "./crossed";

function cornersOf(geometry: Polygon | MultiPolygon): Coordinate[] {
  const parts =
    geometry.getType() === "Polygon" ? [geometry.getCoordinates()] : geometry.getCoordinates();
  return (parts as Coordinate[][][]).flat(2);
}

/** Those the area meets: wholly, in part, or lying within one. */
export function encircledBy<T extends Shape>(area: Polygon, grids: readonly T[]): T[] {
  const corners = area.getCoordinates()[0] ?? [];
  return grids.filter((grid) => {
    const geometry = grid.getGeometry();
    if (!geometry || !area.intersectsExtent(geometry.getExtent())) return false;
    return (
      corners.some((corner) => geometry.intersectsCoordinate(corner)) ||
      cornersOf(geometry).some((corner) => area.intersectsCoordinate(corner))
    );
  });
}
