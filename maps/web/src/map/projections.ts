/** GCJ-02 as a projection of its own: OpenLayers then warps such base-map tiles to the true place. */
import gcoord from "gcoord";
import {
  addCoordinateTransforms,
  addProjection,
  fromLonLat,
  get,
  Projection,
  toLonLat,
} from "ol/proj";

export const GCJ02 = "GCJ02:3857";

type Pair = [number, number];

function shiftTo(system: "gcj02" | "wgs84", coordinate: number[]): number[] {
  const lonLat = toLonLat(coordinate) as Pair;
  const shifted =
    system === "gcj02"
      ? gcoord.transform(lonLat, gcoord.WGS84, gcoord.GCJ02)
      : gcoord.transform(lonLat, gcoord.GCJ02, gcoord.WGS84);
  return fromLonLat(shifted);
}

/** Make the projection known; harmless when called again. */
export function registerGcj02(): Projection {
  const known = get(GCJ02);
  if (known) return known;
  const mercator = get("EPSG:3857") as Projection;
  const projection = new Projection({
    code: GCJ02,
    units: "m",
    extent: mercator.getExtent(),
    worldExtent: mercator.getWorldExtent(),
  });
  addProjection(projection);
  addCoordinateTransforms(
    mercator,
    projection,
    (coordinate) => shiftTo("gcj02", coordinate),
    (coordinate) => shiftTo("wgs84", coordinate),
  );
  addCoordinateTransforms(
    get("EPSG:4326") as Projection,
    projection,
    (coordinate) => shiftTo("gcj02", fromLonLat(coordinate)),
    (coordinate) => toLonLat(shiftTo("wgs84", coordinate)),
  );
  return projection;
}
