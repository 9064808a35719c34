/** The shape being drawn is kept in this browser until it is used: a crash loses nothing else. */
import type { Point } from "../api/types";
import type { ToolId } from "./tools";

export interface Sketch {
  plan: string;
  tool: ToolId;
  /** Places drawn so far, lon, lat. */
  points: Point[];
  /** The grids it is about, where they were chosen before. */
  chosen: string[];
  sources: string[];
}

const KEY = "wangge.sketch";

/** Remember the shape as far as it is drawn. */
export function keepSketch(sketch: Sketch): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(sketch));
  } catch {
    // Storage is full or forbidden: then a crash loses the shape, and only that.
  }
}

/** Forget it: it has become an edit, or was given up. */
export function dropSketch(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept, then.
  }
}

const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** The shape kept for a plan; null when there is none worth offering. */
export function keptSketch(plan: string): Sketch | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Sketch> | null;
    if (!kept || kept.plan !== plan || !kept.tool || !kept.points?.every(isPoint)) return null;
    if (kept.points.length < 2) return null;
    return {
      plan,
      tool: kept.tool,
      points: kept.points,
      chosen: strings(kept.chosen),
      sources: strings(kept.sources),
    };
  } catch {
    return null;
  }
}
