/** The grid whose name and kind are being changed. */
import { createStore } from "zustand/vanilla";
import type { DraftGridProperties } from "../api/plans";

export type Named = Pick<DraftGridProperties, "code" | "name" | "kind" | "village_code">;

export const formStore = createStore<{ grid: Named | null }>(() => ({ grid: null }));

/** Another grid of the village that has this name already. */
export const namesake = (name: string, mine: Named, others: readonly Named[]): Named | null =>
  others.find((grid) => grid.code !== mine.code && grid.name === name.trim()) ?? null;
