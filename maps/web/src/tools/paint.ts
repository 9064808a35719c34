/** Paint natural villages into a grid: choose the taker, then brush over them or encircle them. */
import type { Coordinate } from "ol/coordinate";
import Feature from "ol/Feature";
import { type Geometry, LineString, Point } from "ol/geom";
import PointerInteraction from "ol/interaction/Pointer";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, Stroke, Style } from "ol/style";
import { setCursor } from "../modes/mode";
import {
  askPainted,
  mayPaint,
  paintStore,
  repaint,
  resizeBrush,
  setPaint,
  type Taker,
} from "../plan/painting";
import { watchSettled } from "../plan/pending";
import { choose, planStore, say, setPlan } from "../plan/store";
import { brushed, encircled } from "./brush";
import { cellOf, type CellFeature, createCells } from "./cells";
import { hush } from "./hush";
import type { CreateTool } from "./tool";

const BRUSH_STEP = 3;

const lassoStyle = new Style({
  stroke: new Stroke({ color: "#1d4ed8", width: 2, lineDash: [6, 4] }),
});

const brushStyle = (radius: number) =>
  new Style({
    image: new Circle({
      radius,
      fill: new Fill({ color: "rgba(255,255,255,.25)" }),
      stroke: new Stroke({ color: "#1d4ed8", width: 1.6 }),
    }),
  });

export const createPaint: CreateTool = (context) => {
  const { map, ground } = context;
  const cells = createCells(context);
  const hand = new VectorSource<Feature<Geometry>>();
  const handLayer = new VectorLayer({ source: hand, zIndex: 74 });
  let stroke: Coordinate[] | null = null;
  /** Strokes made before the natural villages were there: painted once they are. */
  let early: (() => void)[] = [];
  let pointer: Coordinate | null = null;
  let stops: (() => void)[] = [];

  const isMouse = (event: MapBrowserEvent) =>
    event.originalEvent instanceof MouseEvent ? event.originalEvent : null;

  /** Clicks that choose a grid instead of painting. */
  const choosesGrid = (event: MapBrowserEvent) =>
    paintStore.getState().taker === null ||
    paintStore.getState().picking ||
    Boolean(isMouse(event)?.altKey);

  function showHand(): void {
    hand.clear(true);
    const { how, radius, taker, picking } = paintStore.getState();
    if (how === "lasso") {
      if (stroke && stroke.length > 1) {
        const ring = new Feature<Geometry>(new LineString([...stroke, stroke[0] as Coordinate]));
        ring.setStyle(lassoStyle);
        hand.addFeature(ring);
      }
    } else if (pointer && taker && !picking) {
      const brush = new Feature<Geometry>(new Point(pointer));
      brush.setStyle(brushStyle(radius));
      hand.addFeature(brush);
    }
  }

  function paint(found: readonly CellFeature[], isOff: boolean): void {
    const rules = cells.rules();
    const under = found.map(cellOf).filter((cell) => isOff || mayPaint(cell, rules) === "yes");
    if (under.length === 0) return;
    setPaint(({ painted }) => ({ painted: repaint(painted, under, isOff) }));
  }

  const reachNow = () => paintStore.getState().radius * (map.getView().getResolution() ?? 1);

  function pass(places: Coordinate[], isOff: boolean, reach = reachNow()): void {
    paint(brushed(places, reach, cells.source.getFeatures()), isOff);
  }

  function encircle(places: Coordinate[], isOff: boolean): void {
    paint(encircled(places, cells.source.getFeatures()), isOff);
  }

  const strokes = new PointerInteraction({
    handleDownEvent(event) {
      const mouse = isMouse(event);
      if (!mouse || mouse.button !== 0 || choosesGrid(event)) return false;
      stroke = [event.coordinate];
      if (paintStore.getState().how === "brush") pass(stroke, mouse.shiftKey);
      return true;
    },
    handleDragEvent(event) {
      if (!stroke) return;
      const last = stroke[stroke.length - 1] as Coordinate;
      stroke.push(event.coordinate);
      pointer = event.coordinate;
      if (paintStore.getState().how === "brush") {
        pass([last, event.coordinate], Boolean(isMouse(event)?.shiftKey));
      }
      showHand();
    },
    handleUpEvent(event) {
      const drawn = stroke;
      const { how } = paintStore.getState();
      const isOff = Boolean(isMouse(event)?.shiftKey);
      stroke = null;
      showHand();
      if (drawn && ground.isFine() && !cells.isHere()) {
        const reach = reachNow();
        early.push(() => (how === "lasso" ? encircle(drawn, isOff) : pass(drawn, isOff, reach)));
        hint();
        return false;
      }
      if (drawn && how === "lasso") encircle(drawn, isOff);
      askOrTell();
      return false;
    },
  });

  function askOrTell(): void {
    if (paintStore.getState().painted.length > 0 || planStore.getState().preview) {
      void askPainted();
    } else {
      say("paint.nothing");
    }
  }

  function paintEarly(): void {
    if (early.length === 0 || !cells.isHere()) return;
    for (const again of early) again();
    early = [];
    askOrTell();
  }

  function move(event: MapBrowserEvent): void {
    pointer = event.coordinate;
    showHand();
  }

  function hint(): void {
    const { taker, picking } = paintStore.getState();
    if (!ground.isFine()) say("village.closer");
    else if (picking) say("paint.sources");
    else if (early.length > 0) say("paint.loading");
    else if (taker) say("paint.hint", { grid: taker.name || taker.code });
    else say("paint.taker");
  }

  function click(event: MapBrowserEvent): void {
    if (!choosesGrid(event)) return;
    const grid = ground.at(event.coordinate);
    const code = String(grid?.get("code") ?? "");
    if (!grid?.get("editable")) return say(ground.isFine() ? "tool.outside" : "village.closer");
    const { picking, taker } = paintStore.getState();
    if (picking && taker && code !== taker.code && !isMouse(event)?.altKey) {
      setPlan(({ sources }) => ({
        sources: sources.includes(code)
          ? sources.filter((one) => one !== code)
          : [...sources, code],
      }));
      sift();
    } else if (grid.get("locked")) {
      say("paint.locked");
    } else {
      choose([code]);
    }
  }

  /** What may not be painted any more (another taker, other sources) is left out. */
  function sift(): void {
    const { painted } = paintStore.getState();
    if (painted.length === 0) return;
    const rules = cells.rules();
    setPaint({ painted: painted.filter((cell) => mayPaint(cell, rules) === "yes") });
    void askPainted();
  }

  /** The taker is the chosen grid, with the numbers it has now. */
  function follow(): void {
    const grid = ground.grid(planStore.getState().chosen[0] ?? "");
    const before = paintStore.getState().taker;
    if (!grid && planStore.getState().chosen.length > 0 && before) return; // not loaded here
    const taker = grid?.get("editable") ? (grid.getProperties() as Taker) : null;
    if (taker?.code !== before?.code) {
      setPaint({ taker });
      sift();
      hint();
    } else if (taker) {
      setPaint({ taker });
    }
  }

  return {
    enter(): void {
      choose(planStore.getState().chosen.slice(0, 1));
      setPlan({ sources: [] });
      setPaint({ painted: [], picking: false, taker: null });
      setCursor(map, "crosshair");
      cells.enter();
      handLayer.setMap(map);
      map.addInteraction(strokes);
      map.on("click", click);
      map.on("pointermove", move);
      map.on("moveend", hint);
      stops = [
        hush(map),
        ground.watch(follow),
        cells.watch(paintEarly),
        planStore.subscribe((now, before) => {
          if (now.chosen !== before.chosen) follow();
        }),
        paintStore.subscribe((now, before) => {
          if (now.picking !== before.picking) hint();
          if (now.radius !== before.radius || now.how !== before.how) showHand();
        }),
        watchSettled(() => {
          if (stroke) return;
          setPaint({ painted: [] });
        }),
      ];
      follow();
      hint();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      map.un("pointermove", move);
      map.un("moveend", hint);
      map.removeInteraction(strokes);
      hand.clear(true);
      handLayer.setMap(null);
      cells.exit();
      stroke = null;
      early = [];
      setPlan({ sources: [] });
      setPaint({ painted: [], picking: false, taker: null });
      setCursor(map, "");
    },
    ready: hint,
    key(event): boolean {
      if (event.key === "[") resizeBrush(-BRUSH_STEP);
      else if (event.key === "]") resizeBrush(BRUSH_STEP);
      else if (event.key.toUpperCase() === "Q") {
        setPaint(({ how }) => ({ how: how === "brush" ? "lasso" : "brush" }));
      } else return false;
      return true;
    },
    escape(): boolean {
      if (!paintStore.getState().picking) return false;
      setPaint({ picking: false });
      return true;
    },
  };
};
