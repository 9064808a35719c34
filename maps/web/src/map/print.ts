/** Puts the map on a sheet of paper: resize, redraw, print, put back. */
import type { Bbox } from "../api/types";
import type { WanggeMap } from "./map";

export const PAPERS = ["A4-landscape", "A4-portrait", "A3-landscape", "A3-portrait"] as const;
export type Paper = (typeof PAPERS)[number];

const LONG_MM = { A4: 297, A3: 420 };
const SHORT_MM = { A4: 210, A3: 297 };
const MARGIN_MM = 10;
/** Heading above and lines below the map. */
const TEXT_MM = 26;

/** Size of the map on the paper, in millimetres. */
export function mapSize(paper: Paper): { width_mm: number; height_mm: number } {
  const [size, turn] = paper.split("-") as ["A4" | "A3", "landscape" | "portrait"];
  const wide = turn === "landscape";
  const width = (wide ? LONG_MM : SHORT_MM)[size] - 2 * MARGIN_MM;
  const height = (wide ? SHORT_MM : LONG_MM)[size] - 2 * MARGIN_MM - TEXT_MM;
  return { width_mm: width, height_mm: height };
}

/** Lay the page out for paper and return the way back. */
function layOut(paper: Paper): () => void {
  const { width_mm, height_mm } = mapSize(paper);
  const root = document.documentElement;
  const page = document.createElement("style");
  page.textContent = `@page { size: ${paper.replace("-", " ")}; margin: ${MARGIN_MM}mm }`;
  document.head.append(page);
  root.style.setProperty("--sheet-width", `${width_mm}mm`);
  root.style.setProperty("--sheet-height", `${height_mm}mm`);
  root.dataset.printing = paper;
  return () => {
    page.remove();
    root.style.removeProperty("--sheet-width");
    root.style.removeProperty("--sheet-height");
    delete root.dataset.printing;
  };
}

/** Print what is in view on the paper; the screen is as before afterwards. */
export async function printMap(map: WanggeMap, bbox: Bbox | null, paper: Paper): Promise<void> {
  const restore = layOut(paper);
  const refit = () => {
    map.updateSize();
    if (bbox) map.fit(bbox, 20, 0);
  };
  try {
    refit();
    await map.whenDrawn();
    map.settle();
    await map.whenDrawn();
    window.print();
  } finally {
    restore();
    refit();
  }
}
