/** What a plan has to pass before its lines come into force, from the list of its problems. */
import type { NumberedProblem, PlanProblems } from "../api/plans";

export type Check = "partition" | "codes" | "households" | "base" | "sizes";

export interface GateLine {
  check: Check;
  /** Problems that are in the way. */
  problems: NumberedProblem[];
  state: "passed" | "failed" | "note";
}

const SIZES = new Set(["grid_below_minimum", "grid_above_maximum", "grid_empty"]);
const CHECK_OF: Record<string, Check> = {
  code_taken: "codes",
  duplicate_code: "codes",
  household_in_no_grid: "households",
  plan_conflict: "base",
};

/** One line a check: passed, failed, or asking for a note. */
export function gateLines({ problems }: PlanProblems, note: string): GateLine[] {
  const found: Record<Check, NumberedProblem[]> = {
    partition: [],
    codes: [],
    households: [],
    base: [],
    sizes: [],
  };
  for (const problem of problems) {
    if (SIZES.has(problem.key)) found.sizes.push(problem);
    else if (problem.severity === "error") {
      found[CHECK_OF[problem.key] ?? "partition"].push(problem);
    }
  }
  return (Object.keys(found) as Check[]).map((check) => {
    const inTheWay = found[check];
    if (inTheWay.length === 0) return { check, problems: inTheWay, state: "passed" };
    if (check !== "sizes") return { check, problems: inTheWay, state: "failed" };
    return { check, problems: inTheWay, state: note.trim() ? "passed" : "note" };
  });
}
