/** Whether and how the open plan is held against other lines. */
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { createStore } from "zustand/vanilla";
import { planStore } from "../plan/store";

export type CompareView = "overlay" | "swipe";

export interface Comparison {
  on: boolean;
  view: CompareView;
  /** Another plan; null for the lines this one started from. */
  against: string | null;
  /** Where the slider stands, as a share of the map's width. */
  split: number;
}

const OFF: Comparison = { on: false, view: "overlay", against: null, split: 0.5 };

export const compareStore = createStore<Comparison>(() => ({ ...OFF }));
export const setCompare = compareStore.setState;

export function useCompare<T>(pick: (state: Comparison) => T): T {
  return useStore(compareStore, useShallow(pick));
}

/** Start or end comparing; without an open plan there is nothing to compare. */
export function toggleCompare(): void {
  setCompare(({ on }) => ({ on: !on && planStore.getState().plan !== null }));
}

// A comparison belongs to its plan.
planStore.subscribe(({ plan }, before) => {
  if (plan?.id !== before.plan?.id) setCompare({ ...OFF });
});
