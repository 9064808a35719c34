/** Which edit locks or unlocks what the planner means. */
import { createStore } from "zustand/vanilla";
import type { DraftGridProperties, Edit } from "../api/plans";

export type Lockable = Pick<DraftGridProperties, "code" | "village_code" | "locked" | "editable">;

/** The grids in view that may be changed, for the buttons beside the map. */
export const lockStore = createStore<{ inView: readonly Lockable[] }>(() => ({ inView: [] }));

const villagesOf = (grids: readonly Lockable[]) => [
  ...new Set(grids.map(({ village_code: village }) => village)),
];

/** Turn the lock of one grid. */
export const toggleGrid = ({ code, locked }: Lockable): Edit => ({
  type: locked ? "unlock" : "lock",
  grids: [code],
});

/** Turn the lock of a grid's whole village: unlocking, the locks of its grids as well. */
export function toggleVillage(grid: Lockable, grids: readonly Lockable[]): Edit {
  const villages = [grid.village_code];
  if (!grid.locked) return { type: "lock", villages };
  const own = grids.filter(({ village_code: village }) => village === grid.village_code);
  return { type: "unlock", villages, grids: codesOf(own, true) };
}

const codesOf = (grids: readonly Lockable[], locked: boolean) =>
  grids.filter((grid) => grid.locked === locked).map(({ code }) => code);

/** Lock what is not locked among these; null when nothing is. */
export function lockAll(grids: readonly Lockable[]): Edit | null {
  const codes = codesOf(grids, false);
  return codes.length > 0 ? { type: "lock", grids: codes } : null;
}

/** Lock everything but the chosen grids. */
export const lockOthers = (grids: readonly Lockable[], chosen: readonly string[]): Edit | null =>
  lockAll(grids.filter(({ code }) => !chosen.includes(code)));

/** Unlock all of these, and their villages. */
export function unlockAll(grids: readonly Lockable[]): Edit | null {
  const locked = grids.filter((grid) => grid.locked);
  if (locked.length === 0) return null;
  return { type: "unlock", grids: codesOf(locked, true), villages: villagesOf(locked) };
}
