/** The natural villages around the view, as the draft has them: outlined, tinted when painted. */
import { containsExtent, createEmpty, type Extent, getHeight, getWidth } from "ol/extent";
import Feature from "ol/Feature";
import type { MultiPolygon, Polygon } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { Fill, Stroke, Style } from "ol/style";
import { fetchDraftCells, type NaturalVillageProperties } from "../api/plans";
import type { Bbox } from "../api/types";
import { readGeometry } from "../map/overlays";
import { mayPaint, paintStore, type Rules } from "../plan/painting";
import { planStore } from "../plan/store";
import { FINE_RESOLUTION } from "./ground";
import { hatching } from "./patterns";
import type { ToolContext } from "./tool";

/** How much more than the view is fetched, on each side. */
const MARGIN = 0.3;

export type CellFeature = Feature<Polygon | MultiPolygon>;

export const cellOf = (feature: CellFeature) => feature.get("cell") as NaturalVillageProperties;

function createStyles() {
  const outline = new Stroke({ color: "#5b5327", width: 1, lineDash: [2, 5] });
  return {
    yes: new Style({ stroke: outline, fill: new Fill({ color: "rgba(0,0,0,0)" }) }),
    own: new Style({ stroke: outline, fill: new Fill({ color: "rgba(37,99,235,.13)" }) }),
    no: new Style({ stroke: outline, fill: new Fill({ color: hatching("rgba(71,85,105,.3)") }) }),
    painted: [
      new Style({ zIndex: 1, stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 4 }) }),
      new Style({
        zIndex: 2,
        stroke: new Stroke({ color: "#1d4ed8", width: 2 }),
        fill: new Fill({ color: "rgba(37,99,235,.42)" }),
      }),
    ],
  };
}

export function createCells({ map, ground }: ToolContext) {
  const source = new VectorSource<CellFeature>();
  const styles = createStyles();
  let covered: Extent = createEmpty();
  let revision = -1;
  let asked: AbortController | null = null;

  function rules(): Rules {
    return {
      taker: paintStore.getState().taker,
      sources: planStore.getState().sources,
      isLocked: (code) => Boolean(ground.grid(code)?.get("locked")),
    };
  }

  let painted = new Set<number>();
  let now = rules();
  const layer = new VectorLayer({
    source,
    zIndex: 59,
    style: (feature) => {
      const cell = cellOf(feature as CellFeature);
      return painted.has(cell.id) ? styles.painted : styles[mayPaint(cell, now)];
    },
  });

  function restyle(): void {
    painted = new Set(paintStore.getState().painted.map(({ id }) => id));
    now = rules();
    layer.changed();
  }

  async function load(): Promise<void> {
    const { plan } = planStore.getState();
    const view = map.getView().calculateExtent(map.getSize());
    if (!plan || (map.getView().getResolution() ?? Infinity) > FINE_RESOLUTION) return;
    if (revision === plan.revision && containsExtent(covered, view)) return;
    const [dx, dy] = [getWidth(view) * MARGIN, getHeight(view) * MARGIN];
    const wide: Extent = [view[0]! - dx, view[1]! - dy, view[2]! + dx, view[3]! + dy];
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    try {
      const bbox = transformExtent(wide, "EPSG:3857", "EPSG:4326") as Bbox;
      const found = await fetchDraftCells(plan.id, bbox, mine.signal);
      if (mine.signal.aborted || planStore.getState().plan?.id !== plan.id) return;
      if (found.revision < (planStore.getState().plan?.revision ?? 0)) return void load();
      source.clear(true);
      source.addFeatures(
        found.features.map(({ geometry, properties }) => {
          const shape = readGeometry(geometry) as Polygon | MultiPolygon;
          return new Feature({ geometry: shape, cell: properties });
        }),
      );
      covered = wide;
      revision = found.revision;
      for (const listener of listeners) listener();
    } catch (error) {
      // Asked again with the next move; that the server is away is told elsewhere.
      if (!mine.signal.aborted) console.debug(error);
    }
  }

  const reload = () => void load();
  let stops: (() => void)[] = [];
  const listeners = new Set<() => void>();

  return {
    source,
    rules: () => now,
    /** Whether what is in view is there, as the draft has it now. */
    isHere: () =>
      revision === planStore.getState().plan?.revision &&
      containsExtent(covered, map.getView().calculateExtent(map.getSize())),
    /** Be told when more is there; returns the way to stop. */
    watch(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    enter(): void {
      layer.setMap(map);
      map.on("moveend", reload);
      stops = [
        paintStore.subscribe(restyle),
        ground.watch(restyle),
        planStore.subscribe((state, before) => {
          if (state.sources !== before.sources) restyle();
          if (state.plan?.revision !== before.plan?.revision) reload();
        }),
      ];
      restyle();
      reload();
    },
    exit(): void {
      asked?.abort();
      map.un("moveend", reload);
      for (const stop of stops) stop();
      layer.setMap(null);
    },
  };
}

export type Cells = ReturnType<typeof createCells>;
