/** Where a plan can be made, and what it is called until the planner says otherwise. */
import type { Named } from "../api/addresses";
import type { GridRow } from "../api/types";

const COUNTY_DIGITS = 6;

export interface Scope extends Named {
  level: "county" | "township" | "village";
  /** The township of a village. */
  within: string;
}

/** Every county, township and village that has grids, from large to small. */
export function listScopes(rows: readonly GridRow[], county: string): Scope[] {
  const found = new Map<string, Scope>();
  for (const { village_code: code, village, township } of rows) {
    if (!code) continue;
    const top = code.slice(0, COUNTY_DIGITS);
    found.set(top, { code: top, name: county || top, level: "county", within: "" });
    if (township) {
      const middle = code.slice(0, 9);
      found.set(middle, { code: middle, name: township, level: "township", within: "" });
    }
    const name = village ?? code;
    found.set(code, { code, name, level: "village", within: township ?? "" });
  }
  return [...found.values()].sort(
    (a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1),
  );
}

/** The name, or the name with the first number that nobody has. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const known = new Set(taken);
  if (!known.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    if (!known.has(`${wanted} ${number}`)) return `${wanted} ${number}`;
  }
}
