/** Move a node: every grid that shares it is redrawn while it is dragged; the server decides. */
import type { Coordinate } from "ol/coordinate";
import Feature from "ol/Feature";
import { type Geometry, MultiLineString, Point, Polygon } from "ol/geom";
import PointerInteraction from "ol/interaction/Pointer";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, RegularShape, Stroke, Style } from "ol/style";
import { setCursor } from "../modes/mode";
import { watchSettled, withdraw } from "../plan/pending";
import { ask } from "../plan/session";
import { choose, planStore, type PlanStore, say } from "../plan/store";
import { hush } from "./hush";
import { type Node, nodesNear, partsOf, storedPlace } from "./nodes";
import { isPressing } from "./pressed";
import { isTangled, moveNode, neighboursOf } from "./tangle";
import type { CreateTool } from "./tool";

/** Nodes are shown as far around the pointer, and taken hold of within, in pixels. */
const SHOWN = 90;
const HOLD = 12;
const NUDGES: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const small = new Style({
  image: new RegularShape({
    points: 4,
    radius: 5,
    angle: Math.PI / 4,
    fill: new Fill({ color: "#fff" }),
    stroke: new Stroke({ color: "#1d4ed8", width: 1.4 }),
  }),
});
const held = new Style({
  image: new Circle({
    radius: 7,
    fill: new Fill({ color: "#1d4ed8" }),
    stroke: new Stroke({ color: "#fff", width: 2.4 }),
  }),
});
const was = new Style({ stroke: new Stroke({ color: "#475569", width: 2, lineDash: [5, 5] }) });
const area = (colour: string, fill: string) => [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 5 }) }),
  new Style({ stroke: new Stroke({ color: colour, width: 2.4 }), fill: new Fill({ color: fill }) }),
];
const will = area("#1d4ed8", "rgba(37,99,235,.10)");
const tangled = area("#b91c1c", "rgba(185,28,28,.30)");

export const createVertex: CreateTool = ({ map, ground }) => {
  const source = new VectorSource<Feature<Geometry>>();
  const layer = new VectorLayer({ source, zIndex: 73 });
  let near: Node[] = [];
  let node: Node | null = null;
  let at: Coordinate | null = null;
  /** Moved since the server was asked last. */
  let isLoose = false;
  let pointer: Coordinate | null = null;
  let stops: (() => void)[] = [];

  const resolution = () => map.getView().getResolution() ?? 1;

  function put(geometry: Geometry, style: Style | Style[]): void {
    const feature = new Feature(geometry);
    feature.setStyle(style);
    source.addFeature(feature);
  }

  function show(): void {
    source.clear(true);
    const { preview } = planStore.getState();
    if (node && at && at !== node.at) {
      const from = node.at;
      const parts = node.grids.flatMap(partsOf);
      for (const part of preview ? [] : parts) {
        const next = moveNode(part, from, at);
        if (next.moved === 0) continue;
        put(new Polygon(next.rings), isTangled(next.rings, at) ? tangled : will);
      }
      const ends = neighboursOf(parts.flat(), from);
      put(new MultiLineString(ends.map((end) => [end, from])), was);
    } else {
      for (const one of near) put(new Point(one.at), small);
    }
    if (at) put(new Point(at), held);
  }

  function hold(next: Node | null): void {
    node = next;
    at = next?.at ?? null;
    isLoose = false;
    if (next) say("vertex.held", { n: next.grids.length });
    else hint();
    show();
  }

  function moveTo(place: Coordinate): void {
    // What was previewed is about another place.
    withdraw();
    at = place;
    isLoose = true;
    show();
  }

  async function askMove(): Promise<void> {
    if (!node || !at || !isLoose) return;
    isLoose = false;
    const edit = { type: "move_vertex", from: storedPlace(node.at), to: storedPlace(at) } as const;
    await ask(edit);
    show();
  }

  const drag = new PointerInteraction({
    handleDownEvent(event) {
      if ((event.originalEvent as PointerEvent).button !== 0) return false;
      const isBack = at !== null && distance(at, event.coordinate) <= HOLD * resolution();
      if (isBack) return true;
      const found = nodesNear(ground, event.coordinate, HOLD * resolution())[0] ?? null;
      if (!found) return false;
      withdraw();
      hold(found);
      return true;
    },
    handleDragEvent: (event) => moveTo(event.coordinate),
    handleUpEvent() {
      void askMove();
      return false;
    },
  });

  function move(event: MapBrowserEvent): void {
    pointer = event.coordinate;
    if (event.dragging) return;
    near = nodesNear(ground, pointer, SHOWN * resolution());
    const isOver = near[0] && distance(near[0].at, pointer) <= HOLD * resolution();
    setCursor(map, isOver ? "move" : "");
    show();
  }

  function follow(now: PlanStore, before: PlanStore): void {
    if (now.preview !== before.preview) show();
  }

  function hint(): void {
    say(ground.isFine() ? "vertex.hint" : "village.closer");
  }

  function clear(): void {
    near = [];
    hold(null);
  }

  return {
    enter(): void {
      layer.setMap(map);
      map.addInteraction(drag);
      map.on("pointermove", move);
      map.on("moveend", show);
      stops = [hush(map, { keys: true }), watchSettled(clear), planStore.subscribe(follow)];
      choose([]);
      clear();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("pointermove", move);
      map.un("moveend", show);
      map.removeInteraction(drag);
      source.clear(true);
      layer.setMap(null);
      [near, node, at, pointer] = [[], null, null, null];
      setCursor(map, "");
    },
    ready: hint,
    key(event): boolean {
      const nudge = NUDGES[event.key];
      if (nudge && at) {
        const step = resolution() * (event.shiftKey ? 10 : 1);
        moveTo([at[0]! + nudge[0] * step, at[1]! + nudge[1] * step]);
        return true;
      }
      if (event.key !== "Enter" || isPressing(event)) return false;
      if (node && isLoose) void askMove();
      else if (!node) {
        const place = pointer ?? map.getView().getCenter() ?? [0, 0];
        hold(nodesNear(ground, place, SHOWN * resolution())[0] ?? null);
      } else return false;
      return true;
    },
    escape(): boolean {
      if (!node) return false;
      withdraw();
      clear();
      return true;
    },
  };
};

const distance = ([x0 = 0, y0 = 0]: Coordinate, [x1 = 0, y1 = 0]: Coordinate) =>
  Math.hypot(x1 - x0, y1 - y0);
