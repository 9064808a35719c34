/** Other lines held beside those on show: over one another, or left and right of a slider. */
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat } from "ol/proj";
import { getRenderPixel } from "ol/render";
import type RenderEvent from "ol/render/Event";
import VectorSource from "ol/source/Vector";
import type { ChangeKind, GridChange, HouseholdMoved } from "../api/difference";
import type { Lines } from "../api/lines";
import { changeStyle, movedStyle, oldLineStyle } from "./compareStyles";
import type { WanggeMap } from "./map";
import { createTileLayer, tileUrl } from "./tiles";

const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });

/** Households are points that can be told apart from here on. */
const MOVED_FROM_ZOOM = 12.5;
/** Of the old lines: beneath villages, above the grids; as dashes above the fills of changes. */
const UNDER_VILLAGES = 10.5;
const OVER_CHANGES = 42;

export interface ComparedLines {
  view: "overlay" | "swipe";
  lines: Lines;
  version: string;
  /** Where the slider stands, as a share of the map's width. */
  split: number;
}

/** What a grid is to the comparison, by either of its codes. */
function kindsByCode(grids: readonly GridChange[]): Map<string, ChangeKind> {
  const kinds = new Map<string, ChangeKind>();
  for (const { code, previous_code, change } of grids) {
    kinds.set(code, change);
    if (previous_code && !kinds.has(previous_code)) kinds.set(previous_code, change);
  }
  return kinds;
}

export function createComparison(map: WanggeMap) {
  const { ol, tiles, labels } = map;
  const before = createTileLayer("grids", "", UNDER_VILLAGES);
  // Pointing and clicking mean the lines on show, on both sides.
  before.set("id", "grids-before");
  const changes = new VectorLayer({ source: new VectorSource(), zIndex: 40 });
  const moved = new VectorLayer({
    source: new VectorSource(),
    zIndex: 43,
    style: movedStyle,
    minZoom: MOVED_FROM_ZOOM,
  });
  const layers = [before, changes, moved];
  let kinds = new Map<string, ChangeKind>();
  let split: number | null = null;

  const widthOf = () => ol.getSize()?.[0] ?? 0;
  const isLeft = (place: number[]) =>
    split !== null && (ol.getPixelFromCoordinate(place)[0] ?? 0) < split * widthOf();

  /** Draw only what lies on one side of the slider. */
  function clip(event: RenderEvent, side: "left" | "right"): void {
    const context = event.context as CanvasRenderingContext2D;
    const [width = 0, height = 0] = ol.getSize() ?? [];
    const x = (split ?? 0) * width;
    const [from, to] = side === "left" ? [0, x] : [x, width];
    const corners = [
      [from, 0],
      [to, 0],
      [to, height],
      [from, height],
    ];
    context.save();
    context.beginPath();
    corners.forEach((corner, index) => {
      const [px = 0, py = 0] = getRenderPixel(event, corner);
      if (index === 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    });
    context.closePath();
    context.clip();
  }

  const clipLeft = (event: RenderEvent) => split !== null && clip(event, "left");
  const clipRight = (event: RenderEvent) => split !== null && clip(event, "right");
  const restore = (event: RenderEvent) =>
    split !== null && (event.context as CanvasRenderingContext2D).restore();
  before.on("prerender", clipLeft);
  before.on("postrender", restore);
  tiles.grids.on("prerender", clipRight);
  tiles.grids.on("postrender", restore);

  function restyle(): void {
    if (split === null) before.setStyle(oldLineStyle((code) => kinds.has(code)));
    else before.setStyle(tiles.grids.getStyleFunction());
  }

  // The old side is coloured like the new one, whatever the planner chooses.
  let known = tiles.grids.getStyleFunction();
  function follow(): void {
    const now = tiles.grids.getStyleFunction();
    if (now === known) return;
    known = now;
    restyle();
  }
  tiles.grids.on("change", follow);
  for (const layer of layers) ol.addLayer(layer);

  return {
    /** Show these lines beside the ones on show. */
    show({ view, lines, version, split: at }: ComparedLines): void {
      const source = before.getSource();
      const url = tileUrl("grids", version, lines);
      if (source?.getUrls()?.[0] !== url) source?.setUrl(url);
      const wasSwipe = split !== null;
      split = view === "swipe" ? at : null;
      before.setZIndex(view === "swipe" ? UNDER_VILLAGES : OVER_CHANGES);
      changes.setVisible(view === "overlay");
      moved.setVisible(view === "overlay");
      if (wasSwipe !== (split !== null) || source?.getUrls()?.[0] === url) restyle();
      labels.setBeside(view === "swipe" ? { grids: before, has: isLeft } : null);
      map.settle();
      ol.render();
    },

    /** What is different: a FeatureCollection of the API, and the grids by their codes. */
    showChanges(collection: object | null, grids: readonly GridChange[]): void {
      kinds = kindsByCode(grids);
      const source = changes.getSource();
      source?.clear(true);
      if (collection) source?.addFeatures(format.readFeatures(collection));
      changes.setStyle(changeStyle((code) => (code === null ? undefined : kinds.get(code))));
      restyle();
    },

    showMoved(households: readonly HouseholdMoved[]): void {
      const source = moved.getSource();
      source?.clear(true);
      source?.addFeatures(households.map(({ point }) => new Feature(new Point(fromLonLat(point)))));
    },

    dispose(): void {
      tiles.grids.un("prerender", clipRight);
      tiles.grids.un("postrender", restore);
      tiles.grids.un("change", follow);
      for (const layer of layers) {
        ol.removeLayer(layer);
        layer.dispose();
      }
      labels.setBeside(null);
      map.settle();
      ol.render();
    },
  };
}

export type MapComparison = ReturnType<typeof createComparison>;
