/** Which grids of an answer the planner meant, how they are told apart, and what they add up to. */
import type { DraftGrid, DraftGridProperties } from "../api/plans";

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

/** Digits of a grid's number within its village. */
const NUMBER_DIGITS = 3;
const WITH_VILLAGE_DIGITS = 6;

/** How grids are called in short: by their number, with the village's where there are several villages. */
export function shortCode(code: string, among: readonly string[]): string {
  const village = (one: string) => one.slice(0, -NUMBER_DIGITS);
  const isAlone = among.every((one) => village(one) === village(code));
  return isAlone ? code.slice(-NUMBER_DIGITS) : code.slice(-WITH_VILLAGE_DIGITS);
}

export interface Sum {
  households: number | null;
  residents: number | null;
  area_m2: number | null;
}

type Countable = Partial<Sum>;

/** What grids have together; a number nobody knows makes the sum unknown. */
export function addUp(grids: readonly Countable[]): Sum {
  const sum = (pick: (grid: Countable) => number | null | undefined) =>
    grids.reduce<number | null>((total, grid) => {
      const value = pick(grid);
      return total === null || value === null || value === undefined ? null : total + value;
    }, 0);
  return {
    households: sum((grid) => grid.households),
    residents: sum((grid) => grid.residents),
    area_m2: sum((grid) => grid.area_m2),
  };
}

/** Before and after of everything an edit touches; `removed` are the grids that are gone after it. */
export function totals(changed: readonly DraftGrid[], removed: readonly DraftGridProperties[]) {
  const before = changed.flatMap((grid) => grid.before ?? []);
  return { before: addUp([...before, ...removed]), after: addUp(changed) };
}
