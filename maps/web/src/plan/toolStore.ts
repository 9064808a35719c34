/** What the tools on the map and their options in the panel tell each other. */
import { createStore } from "zustand/vanilla";
import type { DraftGridProperties } from "../api/plans";
import type { Point } from "../api/types";

export interface ToolStore {
  /** How grids are chosen with the select tool. */
  pickBy: "click" | "box" | "lasso";
  /** What clicks on the map name now, instead of drawing. */
  picking: "taker" | "sources" | "pair" | null;
  /** Merge: the grid whose code and name stay; null leaves it to the server. */
  keep: string | null;
  /** Pieces too small to stay alone go to a neighbour. */
  tidy: boolean;
  /** Numbers of the chosen grids, as far as they are known. */
  chosen: readonly DraftGridProperties[];
  /** Numbers of the grids that the previewed edit would remove. */
  removed: readonly DraftGridProperties[];
  /** The shape that is drawn and asked about, lon, lat. */
  drawn: readonly Point[];
}

const FRESH: ToolStore = {
  pickBy: "click",
  picking: null,
  keep: null,
  tidy: false,
  chosen: [],
  removed: [],
  drawn: [],
};

export const toolStore = createStore<ToolStore>(() => ({ ...FRESH }));
export const setTool = toolStore.setState;

/** Another plan: nothing of the last one is left. */
export const resetTools = () => setTool({ ...FRESH });
