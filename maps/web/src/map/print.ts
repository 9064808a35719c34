/** Puts the map on a sheet of paper: resize, redraw, print, put back. */
import type { Bbox } from "../api/types";
import type { WanggeMap } from "./map";

export const PAPERS = ["A4-landscape", "A4-portrait", "A3-landscape", "A3-portrait"] as const;
export type Paper = (typeof PAPERS)[number];

const LONG_MM = { A4: 297, A3: 420 };
const SHORT_MM = { A4: 210, A3: 297 };
export const MARGIN_MM = 10;
/** Heading above and lines below the map. */
const TEXT_MM = 26;

/** Size of the paper, in millimetres. */
export function paperSize(paper: Paper): { width_mm: number; height_mm: number } {
  const [size, turn] = paper.split("-") as ["A4" | "A3", "landscape" | "portrait"];
  const wide = turn === "landscape";
  return {
    width_mm: (wide ? LONG_MM : SHORT_MM)[size],
    height_mm: (wide ? SHORT_MM : LONG_MM)[size],
  };
}

/** Size of the map on the paper, in millimetres. */
export function mapSize(paper: Paper): { width_mm: number; height_mm: number } {
  const { width_mm, height_mm } = paperSize(paper);
  return {
    width_mm: width_mm - 2 * MARGIN_MM,
    height_mm: height_mm - 2 * MARGIN_MM - TEXT_MM,
  };
}

/** Tell the browser the paper, and the page what is printed; returns the way back. */
export function setPage(paper: Paper, what: string): () => void {
  const page = document.createElement("style");
  page.textContent = `@page { size: ${paper.replace("-", " ")}; margin: ${MARGIN_MM}mm }`;
  document.head.append(page);
  document.documentElement.dataset.printing = what;
  return () => {
    page.remove();
    delete document.documentElement.dataset.printing;
  };
}

/** Lay the page out for paper and return the way back. */
function layOut(paper: Paper): () => void {
  const { width_mm, height_mm } = mapSize(paper);
  const root = document.documentElement;
  const unset = setPage(paper, paper);
  root.style.setProperty("--sheet-width", `${width_mm}mm`);
  root.style.setProperty("--sheet-height", `${height_mm}mm`);
  return () => {
    unset();
    root.style.removeProperty("--sheet-width");
    root.style.removeProperty("--sheet-height");
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
