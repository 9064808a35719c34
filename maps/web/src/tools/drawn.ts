/** How a line or an area looks while it is drawn, and while an edit of it is previewed. */
import type { Coordinate } from "ol/coordinate";
import type { FeatureLike } from "ol/Feature";
import { LineString, MultiPoint, Polygon } from "ol/geom";
import { Circle, Fill, RegularShape, Stroke, Style } from "ol/style";

export type Snapped = "vertex" | "edge" | null;

const casing = new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 5 }) });
const dashes = new Style({
  stroke: new Stroke({ color: "#111827", width: 2.2, lineDash: [7, 5] }),
  fill: new Fill({ color: "rgba(37,99,235,.12)" }),
});
const white = new Fill({ color: "#fff" });
const square = new RegularShape({
  points: 4,
  radius: 6,
  angle: Math.PI / 4,
  fill: white,
  stroke: new Stroke({ color: "#111827", width: 1.6 }),
});
const free = new Style({
  image: new Circle({ radius: 4, fill: white, stroke: new Stroke({ color: "#111827", width: 2 }) }),
});
const onVertex = [
  new Style({ image: new Circle({ radius: 10, stroke: new Stroke({ color: "#fff", width: 5 }) }) }),
  new Style({
    image: new RegularShape({
      points: 4,
      radius: 11,
      angle: Math.PI / 4,
      fill: new Fill({ color: "rgba(190,24,93,.18)" }),
      stroke: new Stroke({ color: "#be185d", width: 2.6 }),
    }),
  }),
];
const onEdge = [
  new Style({ image: new Circle({ radius: 8, stroke: new Stroke({ color: "#fff", width: 5 }) }) }),
  new Style({
    image: new Circle({
      radius: 8,
      fill: new Fill({ color: "rgba(190,24,93,.18)" }),
      stroke: new Stroke({ color: "#be185d", width: 2.6 }),
    }),
  }),
];

/** The line with a square at each of its places. */
export function lineStyle(places: readonly Coordinate[]): Style[] {
  const nodes = new Style({ image: square, geometry: new MultiPoint([...places]) });
  return [casing, dashes, nodes];
}

/** The pointer: free, on a border (round), on a corner of it (square). */
function pointerStyle(snapped: Snapped): Style | Style[] {
  if (snapped === "vertex") return onVertex;
  return snapped === "edge" ? onEdge : free;
}

/** Style of the shape in work: `places` were clicked; OpenLayers' own outline of an area is left out. */
export function sketchStyle(
  feature: FeatureLike,
  type: "LineString" | "Polygon",
  places: readonly Coordinate[],
  snapped: Snapped,
): Style | Style[] | undefined {
  const geometry = feature.getGeometry();
  if (geometry instanceof Polygon) return lineStyle(places);
  if (geometry instanceof LineString) return type === "LineString" ? lineStyle(places) : undefined;
  return pointerStyle(snapped);
}
