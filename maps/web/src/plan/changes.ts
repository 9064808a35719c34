/** Which grids of an answer the planner meant, and how they are told apart. */
import type { DraftGrid } from "../api/plans";

/** Blue, violet, teal, pink, amber, slate: apart for every kind of colour vision, none of the map's own. */
const COLOURS = ["#2563eb", "#7c3aed", "#0e7490", "#be185d", "#b45309", "#475569"];

export const colourOfChange = (index: number): string => COLOURS[index % COLOURS.length] as string;

/** A neighbour that only got a node on its border keeps its people and, to a square metre, its land. */
const SAME_AREA_M2 = 1;

export function isRealChange(grid: DraftGrid): boolean {
  const { before } = grid;
  if (!before) return true;
  return (
    before.households !== grid.households ||
    before.residents !== grid.residents ||
    Math.abs((before.area_m2 ?? 0) - (grid.area_m2 ?? 0)) > SAME_AREA_M2
  );
}
