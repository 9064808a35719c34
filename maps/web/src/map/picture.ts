/** Pictures of the map for paper: the same place with two kinds of lines, at a round scale. */
import type { Difference } from "../api/difference";
import type { Lines } from "../api/lines";
import type { Bbox } from "../api/types";
import { createComparison } from "./compare";
import type { WanggeMap } from "./map";

/** A picture is taken this much larger than it is printed: sharper, and names of the right size. */
const ENLARGED = 1.7;

export interface PictureSize {
  width_mm: number;
  height_mm: number;
}

export interface PicturePair {
  before: string;
  after: string;
  /** One to so much, on paper. */
  scale: number;
}

/** The next larger number that reads well: 1:25,000, say, for 1:23,170. */
export function roundScale(scale: number): number {
  const power = 10 ** Math.floor(Math.log10(scale));
  const step =
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((factor) => factor * power >= scale * 0.999) ?? 10;
  return step * power;
}

/** What is drawn in the map's layers, as one picture. */
function paint(map: WanggeMap): string {
  const [width = 1, height = 1] = map.ol.getSize() ?? [];
  const ratio = window.devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (!context) return "";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const layers = map.ol.getViewport()?.querySelectorAll<HTMLCanvasElement>(".ol-layer canvas");
  for (const layer of layers ?? []) {
    if (layer.width === 0) continue;
    context.globalAlpha = Number(layer.style.opacity || layer.parentElement?.style.opacity || 1);
    const matrix = /^matrix\(([^)]*)\)$/.exec(layer.style.transform);
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = (matrix?.[1] ?? "")
      .split(",")
      .filter(Boolean)
      .map(Number);
    context.setTransform(a * ratio, b, c, d * ratio, e * ratio, f * ratio);
    context.drawImage(layer, 0, 0);
  }
  return canvas.toDataURL("image/png");
}

/** Lay the map out for the pictures; returns the way back. */
function enlarge({ width_mm, height_mm }: PictureSize): () => void {
  const root = document.documentElement;
  root.style.setProperty("--sheet-width", `${width_mm * ENLARGED}mm`);
  root.style.setProperty("--sheet-height", `${height_mm * ENLARGED}mm`);
  root.dataset.printing = "pictures";
  return () => {
    root.style.removeProperty("--sheet-width");
    root.style.removeProperty("--sheet-height");
    delete root.dataset.printing;
  };
}

interface PairOptions {
  bbox: Bbox;
  size: PictureSize;
  version: string;
  before: Lines;
  after: Lines;
  /** FeatureCollection of the difference, and its grids. */
  shapes: object | null;
  difference: Difference;
  resolution: () => number;
}

interface Shapes {
  type: string;
  features: { properties: { layer: string; change?: string } }[];
}

/** What each side has to show: a new grid is not on the old map, a removed one not on the new. */
function shapesOf(shapes: object | null, side: "before" | "after"): Shapes | null {
  const all = shapes as Shapes | null;
  if (!all) return null;
  const isShown = ({ properties: { layer, change } }: Shapes["features"][number]) =>
    layer !== "grids" || (change === "removed") === (side === "before");
  return { ...all, features: all.features.filter(isShown) };
}

/** Take both pictures; the map is as before afterwards. */
export async function takePair(map: WanggeMap, options: PairOptions): Promise<PicturePair> {
  const { bbox, size, version, before, after, shapes, difference } = options;
  const restore = enlarge(size);
  const view = map.ol.getView();
  const center = view.getCenter();
  const zoom = view.getZoom();
  const comparison = createComparison(map);
  try {
    map.updateSize();
    map.fit(bbox, 17, 0);
    const pixels = map.ol.getSize()?.[0] ?? 1;
    const exact = (options.resolution() * pixels * 1000) / size.width_mm;
    const scale = roundScale(exact);
    view.setResolution(((view.getResolution() ?? 1) * scale) / exact);
    const taken: string[] = [];
    for (const [side, lines] of [
      ["before", before],
      ["after", after],
    ] as const) {
      map.setLines(lines);
      comparison.show({ view: "overlay", lines: before, version, split: 0 });
      comparison.showChanges(shapesOf(shapes, side), difference.grids);
      await map.whenDrawn();
      map.settle();
      await map.whenDrawn();
      taken.push(paint(map));
    }
    return { before: taken[0] ?? "", after: taken[1] ?? "", scale };
  } finally {
    comparison.dispose();
    map.setLines(after);
    restore();
    map.updateSize();
    view.setCenter(center);
    if (zoom !== undefined) view.setZoom(zoom);
  }
}
