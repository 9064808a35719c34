/** Natural villages being painted into a grid: what may be painted, what it amounts to, the edit. */
import { createStore } from "zustand/vanilla";
import type { DraftGridProperties, Edit, NaturalVillageProperties } from "../api/plans";
import { withdraw } from "./pending";
import { ask } from "./session";
import { planStore, say } from "./store";

type Cell = NaturalVillageProperties;
export type Taker = Pick<
  DraftGridProperties,
  "code" | "name" | "village_code" | "households" | "residents"
>;

export const SMALLEST = 2;
export const LARGEST = 60;

export interface Painting {
  /** Everything the pointer passes over, or everything that is encircled. */
  how: "brush" | "lasso";
  /** Of the brush, in pixels. */
  radius: number;
  /** Slivers and what is cut off go along. */
  tidy: boolean;
  /** Clicks choose the grids that are taken from. */
  picking: boolean;
  taker: Taker | null;
  painted: readonly Cell[];
}

export const paintStore = createStore<Painting>(() => ({
  how: "brush",
  radius: 10,
  tidy: false,
  picking: false,
  taker: null,
  painted: [],
}));
export const setPaint = paintStore.setState;

export function resizeBrush(by: number): void {
  setPaint(({ radius }) => ({ radius: Math.min(LARGEST, Math.max(SMALLEST, radius + by)) }));
}

export interface Rules {
  taker: Taker | null;
  sources: readonly string[];
  isLocked: (code: string) => boolean;
}

/** Whether a natural village can go to the taker: `own` has nothing left to give. */
export function mayPaint(cell: Cell, { taker, sources, isLocked }: Rules): "yes" | "own" | "no" {
  if (!cell.editable) return "no";
  if (!taker) return "yes";
  if (cell.village_code !== taker.village_code) return "no";
  if (cell.grid === taker.code) return "own";
  const givers = cell.grids.filter((code) => code !== taker.code);
  const from = sources.length > 0 ? givers.filter((code) => sources.includes(code)) : givers;
  if (sources.length > 0 && from.length === 0) return "no";
  return from.some(isLocked) ? "no" : "yes";
}

/** Add what was brushed over, or take it away again. */
export function repaint(painted: readonly Cell[], under: readonly Cell[], isOff: boolean): Cell[] {
  const ids = new Set(under.map(({ id }) => id));
  const others = painted.filter(({ id }) => !ids.has(id));
  if (isOff) return others;
  const known = new Set(painted.map(({ id }) => id));
  return [...painted, ...under.filter(({ id }) => !known.has(id))];
}

export interface Totals {
  households: number;
  residents: number;
  /** Some natural village is shared out among grids: only the server knows what moves. */
  isRough: boolean;
}

/** What the painted natural villages bring, by their own numbers. */
export function totalsOf(painted: readonly Cell[]): Totals {
  const sum = (pick: (cell: Cell) => number | null) =>
    painted.reduce((total, cell) => total + (pick(cell) ?? 0), 0);
  return {
    households: sum((cell) => cell.households),
    residents: sum((cell) => cell.residents),
    isRough: painted.some((cell) => cell.grid === null),
  };
}

export function assignment(
  { painted, taker, tidy }: Pick<Painting, "painted" | "taker" | "tidy">,
  sources: readonly string[],
): Edit | null {
  if (!taker || painted.length === 0) return null;
  return {
    type: "assign",
    // Codes outlive the store's numbers: a plan is a file that others read.
    natural_villages: painted.map((cell) => cell.code ?? cell.id),
    to: taker.code,
    ...(sources.length > 0 ? { from: [...sources] } : {}),
    ...(tidy ? { tidy } : {}),
  };
}

/** Ask what the painted natural villages would do; without any, drop what was asked before. */
export async function askPainted(): Promise<void> {
  const edit = assignment(paintStore.getState(), planStore.getState().sources);
  if (!edit) {
    withdraw();
    return;
  }
  if (await ask(edit)) say("paint.preview");
}
