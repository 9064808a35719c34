/** Class breaks and their colours: one table for map, legend and tests. */
import { schemeBuGn, schemeYlOrBr } from "d3-scale-chromatic";
import type { ProfileStatus } from "../api/types";

/** Upper bounds are exclusive: values below breaks[0] are class 0, from breaks[i] on class i + 1. */
export interface Classes {
  breaks: readonly number[];
  colours: readonly string[];
}

export const NO_DATA = "#ffffff";

/** Residents per grid: about three to a household, so the household classes times three. */
const PER_HOUSEHOLD = 3;
const DISTANCE_BREAKS_M = [1000, 2000, 3000, 5000] as const;

// ColorBrewer BrBG, safe for colour-blind readers; "above" is the darkest in grey print.
export const STATUS_COLOURS: Record<ProfileStatus, string> = {
  within: "#80cdc1",
  below: "#dfc27d",
  above: "#a6611a",
  empty: "#f5f5f5",
};

// ColorBrewer's ramps are meant for whole maps; without their two darkest steps the lines, names and
// signs above stay readable.
function ramp(scheme: readonly (readonly string[])[], classes: number): readonly string[] {
  const size = Math.min(9, Math.max(3, classes + 2));
  return (scheme[size] ?? []).slice(0, classes);
}

/** The middle of the ramp, for swatches. */
export const GRID_GREEN = schemeBuGn[7]?.[2] ?? "#99d8c9";

export function householdClasses(breaks: readonly number[]): Classes {
  return { breaks, colours: ramp(schemeBuGn, breaks.length + 1) };
}

export function residentClasses(breaks: readonly number[]): Classes {
  return householdClasses(breaks.map((value) => value * PER_HOUSEHOLD));
}

export function distanceClasses(): Classes {
  return { breaks: DISTANCE_BREAKS_M, colours: ramp(schemeYlOrBr, DISTANCE_BREAKS_M.length + 1) };
}

/** Scores of grids: the least served are the darkest, as the farthest are. */
export function scoreClasses(breaks: readonly number[]): Classes {
  return { breaks, colours: [...ramp(schemeYlOrBr, breaks.length + 1)].reverse() };
}

/** Colour of a value; white for unknown, so that it never looks like "few". */
export function colourOf(classes: Classes, value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_DATA;
  let index = 0;
  while (index < classes.breaks.length && value >= (classes.breaks[index] as number)) index += 1;
  return classes.colours[index] ?? NO_DATA;
}
