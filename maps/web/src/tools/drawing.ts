/** Drawing a line or an area by clicks: snaps to borders, follows them on demand, is kept in case of a crash. */
import type { Coordinate } from "ol/coordinate";
import { never, noModifierKeys, primaryAction } from "ol/events/condition";
import Feature from "ol/Feature";
import { LineString, Polygon, type SimpleGeometry } from "ol/geom";
import Draw, { type DrawEvent, type SketchCoordType } from "ol/interaction/Draw";
import Snap from "ol/interaction/Snap";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { fromLonLat, toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import type { Point } from "../api/types";
import { setCursor } from "../modes/mode";
import { discard } from "../plan/session";
import { dropSketch, keepSketch } from "../plan/sketch";
import { type Hint, planStore, type PlanStore, say, setPlan } from "../plan/store";
import { setTool } from "../plan/toolStore";
import type { ToolId } from "../plan/tools";
import { lineStyle, type Snapped, sketchStyle } from "./drawn";
import type { ToolContext } from "./tool";

const SNAP_PIXELS = 10;

export interface DrawingOptions {
  context: ToolContext;
  tool: ToolId;
  type: "LineString" | "Polygon";
  /** What to say before the first place, and from then on. */
  hint: () => Hint;
  next: () => Hint;
  /** Called with the finished shape, lon, lat; a polygon's ring is closed. */
  onDone: (points: Point[]) => void;
}

const lonLat = (places: readonly Coordinate[]) => places.map((place) => toLonLat(place) as Point);
const isAsked = ({ asking, preview, refusal }: PlanStore) => asking || Boolean(preview ?? refusal);

/** A tool's drawing: add it to the map on `enter`, take it away on `exit`. */
export function createDrawing({ context, tool, type, hint, next, onDone }: DrawingOptions) {
  const { map, ground } = context;
  const fewest = type === "Polygon" ? 3 : 2;
  /** The border between a clicked place and the one before it, where the line follows one. */
  let ways = new WeakMap<Coordinate, Coordinate[]>();
  let places: Coordinate[] = [];
  let snapped: Snapped = null;
  let isDrawing = false;
  /** The finished shape, shown until its edit is made or dropped. */
  let held: Point[] = [];
  let stop = () => {};

  const shown = new VectorSource<Feature<SimpleGeometry>>();
  const layer = new VectorLayer({ source: shown, zIndex: 74 });
  const draw = new Draw({
    type,
    style: (feature) => (ground.isFine() ? sketchStyle(feature, type, places, snapped) : undefined),
    condition: (event: MapBrowserEvent) =>
      primaryAction(event) && noModifierKeys(event) && ground.isFine(),
    freehandCondition: never,
    geometryFunction: lay,
    stopClick: true,
    snapTolerance: SNAP_PIXELS,
  });
  const snap = new Snap({ source: ground.source, pixelTolerance: SNAP_PIXELS });
  snap.on("snap", (event) => (snapped = event.segment ? "edge" : "vertex"));
  snap.on("unsnap", () => (snapped = null));

  const follow = (from: Coordinate, to: Coordinate): Coordinate[] =>
    planStore.getState().tracing ? (ground.borders().way(from, to) ?? []) : [];

  /** The clicked places and what lies between them; the last one follows the pointer. */
  function course(coordinates: readonly Coordinate[]): Coordinate[] {
    return coordinates.flatMap((place, index) => {
      const before = coordinates[index - 1];
      if (!before) return [place];
      const way = ways.get(place) ?? follow(before, place);
      if (index < coordinates.length - 1) ways.set(place, way);
      return [...way, place];
    });
  }

  function lay(coordinates: SketchCoordType, geometry?: SimpleGeometry): SimpleGeometry {
    const all = (type === "Polygon" ? coordinates[0] : coordinates) as Coordinate[];
    const line = course(all);
    const clicked = all.slice(0, -1);
    const isMore = clicked.length !== places.length;
    places = clicked;
    if (isDrawing && isMore) remember();
    const first = line[0];
    if (type === "LineString") {
      const made = (geometry ?? new LineString([])) as LineString;
      made.setCoordinates(line);
      return made;
    }
    const made = (geometry ?? new Polygon([])) as Polygon;
    const last = line[line.length - 1];
    made.setCoordinates(first && last ? [[...line, ...follow(last, first), first]] : []);
    return made;
  }

  function keep(points: Point[]): void {
    const { plan, chosen, sources } = planStore.getState();
    if (!plan) return;
    keepSketch({ plan: plan.id, tool, points, chosen: [...chosen], sources: [...sources] });
  }

  function remember(): void {
    keep(lonLat(course(places)));
  }

  function ready(): void {
    if (ground.isFine()) {
      const { key, values } = isDrawing ? next() : hint();
      say(key, values);
    } else {
      say("tool.zoom");
    }
  }

  /** Show the finished shape as long as it is asked about. */
  function hold(points: Point[]): void {
    held = points;
    shown.clear(true);
    if (points.length > 0) {
      const line = points.map((point) => fromLonLat(point));
      const feature = new Feature<SimpleGeometry>(
        type === "Polygon" ? new Polygon([line]) : new LineString(line),
      );
      feature.setStyle(lineStyle(line.length > 24 ? [line[0]!, line[line.length - 1]!] : line));
      shown.addFeature(feature);
    }
    setTool({ drawn: points });
  }

  draw.on("drawstart", () => {
    isDrawing = true;
    hold([]);
    setPlan({ kept: null });
    discard();
    ready();
  });
  draw.on("drawend", (event: DrawEvent) => {
    isDrawing = false;
    places = [];
    ways = new WeakMap();
    const geometry = event.feature.getGeometry() as LineString | Polygon;
    const line =
      geometry instanceof Polygon ? geometry.getCoordinates()[0] : geometry.getCoordinates();
    const points = lonLat(line ?? []);
    keep(type === "Polygon" ? points.slice(0, -1) : points);
    hold(points);
    onDone(points);
  });
  draw.on("drawabort", () => {
    isDrawing = false;
    places = [];
    ways = new WeakMap();
  });

  /** Forget the finished shape: it has become an edit, or leads to none. */
  function release(): void {
    if (held.length === 0) return;
    hold([]);
    if (!isDrawing) dropSketch();
  }

  function resume(points: readonly Point[]): void {
    draw.appendCoordinates(points.map((point) => fromLonLat(point)));
  }

  function finish(): void {
    if (places.length >= fewest) draw.finishDrawing();
  }

  function rightClick(event: Event): void {
    event.preventDefault();
    if (isDrawing) finish();
  }

  let wasFine = true;
  function moved(): void {
    if (ground.isFine() !== wasFine && !isAsked(planStore.getState())) ready();
    wasFine = ground.isFine();
  }

  return {
    ready,
    release,
    resume,
    enter(): void {
      setCursor(map, "crosshair");
      layer.setMap(map);
      map.addInteraction(draw);
      map.addInteraction(snap); // after Draw: it hands the snapped place on
      map.on("moveend", moved);
      map.getViewport()?.addEventListener("contextmenu", rightClick);
      wasFine = ground.isFine();
      stop = planStore.subscribe((now, before) => {
        if (!isAsked(before) || isAsked(now)) return;
        // Between an answer and the refusal it becomes nothing is asked for a moment.
        queueMicrotask(() => {
          if (!isAsked(planStore.getState())) release();
        });
      });
      ready();
    },
    exit(): void {
      stop();
      if (isDrawing) {
        draw.abortDrawing();
        dropSketch();
      }
      release();
      map.getViewport()?.removeEventListener("contextmenu", rightClick);
      map.un("moveend", moved);
      map.removeInteraction(snap);
      map.removeInteraction(draw);
      layer.setMap(null);
      setCursor(map, "");
    },
    /** Whether clicks draw: not while the tool asks for grids to be clicked. */
    setActive(isActive: boolean): void {
      draw.setActive(isActive);
      snap.setActive(isActive);
      setCursor(map, isActive ? "crosshair" : "pointer");
    },
    /** Enter finishes, Backspace takes the last place back, A follows borders or not. */
    key(event: KeyboardEvent): boolean {
      if (event.key.toUpperCase() === "A" && !event.shiftKey) {
        setPlan(({ tracing }) => ({ tracing: !tracing }));
      } else if (event.key === "Backspace" && held.length > 0) {
        const points = held.slice(0, type === "Polygon" ? -2 : -1);
        discard();
        hold([]);
        resume(points);
      } else if (!isDrawing) {
        return false;
      } else if (event.key === "Enter") {
        finish();
      } else if (event.key === "Backspace") {
        draw.removeLastPoint();
      } else {
        return false;
      }
      return true;
    },
    escape(): boolean {
      if (!isDrawing) return false;
      draw.abortDrawing();
      dropSketch();
      ready();
      return true;
    },
  };
}

export type Drawing = ReturnType<typeof createDrawing>;
