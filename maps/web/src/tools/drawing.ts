/** Drawing a line or an area by clicks: snaps to borders, traces them on demand, is kept in case of a crash. */
import type { Coordinate } from "ol/coordinate";
import { LineString, Polygon, type SimpleGeometry } from "ol/geom";
import Draw, { type DrawEvent } from "ol/interaction/Draw";
import Snap from "ol/interaction/Snap";
import { fromLonLat, toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, RegularShape, Stroke, Style } from "ol/style";
import type { Point } from "../api/types";
import { keepSketch, dropSketch } from "../plan/sketch";
import { planStore } from "../plan/store";
import type { ToolId } from "../plan/tools";
import { setCursor } from "../modes/mode";
import type { ToolContext } from "./tool";

const SNAP_PIXELS = 10;

const casing = new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 5 }) });
const dashes = new Style({
  stroke: new Stroke({ color: "#111827", width: 2.2, lineDash: [7, 5] }),
  fill: new Fill({ color: "rgba(37,99,235,.14)" }),
  image: new Circle({
    radius: 5,
    fill: new Fill({ color: "#fff" }),
    stroke: new Stroke({ color: "#1d4ed8", width: 2.4 }),
  }),
});
const nodes = new Style({
  image: new RegularShape({
    points: 4,
    radius: 6,
    angle: Math.PI / 4,
    fill: new Fill({ color: "#fff" }),
    stroke: new Stroke({ color: "#111827", width: 1.6 }),
  }),
  geometry: (feature) => {
    const geometry = feature.getGeometry();
    if (geometry instanceof LineString) return new LineString(geometry.getCoordinates());
    return geometry instanceof Polygon ? geometry : undefined;
  },
});

export interface DrawingOptions {
  context: ToolContext;
  tool: ToolId;
  type: "LineString" | "Polygon";
  /** Called with the finished shape, lon, lat; a polygon's ring is closed. */
  onDone: (points: Point[]) => void;
  onStart?: () => void;
}

const lonLat = (coordinates: readonly Coordinate[]): Point[] =>
  coordinates.map((coordinate) => toLonLat(coordinate) as Point);

/** A tool's drawing: add it to the map on `enter`, take it away on `exit`. */
export function createDrawing({ context, tool, type, onDone, onStart }: DrawingOptions) {
  const { map, ground } = context;
  const kept = new VectorSource();
  let drawing = false;
  const draw = new Draw({
    type,
    source: kept,
    style: [casing, dashes, nodes],
    trace: () => planStore.getState().tracing,
    traceSource: ground.source,
    stopClick: true,
    snapTolerance: SNAP_PIXELS,
  });
  const snap = new Snap({ source: ground.source, pixelTolerance: SNAP_PIXELS });

  function ring(geometry: SimpleGeometry): Coordinate[] {
    return geometry instanceof Polygon
      ? (geometry.getCoordinates()[0] ?? [])
      : (geometry as LineString).getCoordinates();
  }

  function remember(geometry: SimpleGeometry): void {
    const { plan } = planStore.getState();
    // The last place follows the pointer (of an area, the last two): it is not clicked yet.
    const clicked = ring(geometry).slice(0, type === "Polygon" ? -2 : -1);
    if (plan) keepSketch({ plan: plan.id, tool, points: lonLat(clicked) });
  }

  draw.on("drawstart", (event: DrawEvent) => {
    drawing = true;
    onStart?.();
    const geometry = event.feature.getGeometry() as SimpleGeometry;
    let length = 0;
    geometry.on("change", () => {
      const now = ring(geometry).length;
      if (now !== length) remember(geometry);
      length = now;
    });
  });
  draw.on("drawend", (event: DrawEvent) => {
    drawing = false;
    onDone(lonLat(ring(event.feature.getGeometry() as SimpleGeometry)));
  });
  draw.on("drawabort", () => {
    drawing = false;
  });

  return {
    enter(): void {
      setCursor(map, "crosshair");
      map.addInteraction(draw);
      map.addInteraction(snap); // after Draw: it hands the snapped place on
    },
    exit(): void {
      if (drawing) draw.abortDrawing();
      map.removeInteraction(snap);
      map.removeInteraction(draw);
      setCursor(map, "");
    },
    /** Take up a shape that was kept. */
    resume(points: readonly Point[]): void {
      draw.appendCoordinates(points.map((point) => fromLonLat(point)));
    },
    /** Enter finishes, Backspace takes the last place back. */
    key(event: KeyboardEvent): boolean {
      if (!drawing) return false;
      if (event.key === "Enter") draw.finishDrawing();
      else if (event.key === "Backspace") draw.removeLastPoint();
      else return false;
      return true;
    },
    escape(): boolean {
      if (!drawing) return false;
      draw.abortDrawing();
      dropSketch();
      return true;
    },
  };
}

export type Drawing = ReturnType<typeof createDrawing>;
