/** The problems of a plan in the order they are gone through, and where one is. */
import type { Edit, NumberedProblem } from "../api/plans";
import type { ToolId } from "./tools";

export interface ProblemAt {
  index: number;
  /** Numbers shift with every edit: what the problem is tells it apart. */
  identity: string;
}

export const identityOf = ({ key, village, grids, bbox }: NumberedProblem): string =>
  JSON.stringify([key, village, grids, grids.length > 0 ? null : bbox]);

/** Errors stop publishing, so they come first; otherwise in the server's order. */
export function errorsFirst(problems: readonly NumberedProblem[]): NumberedProblem[] {
  const errors = problems.filter(({ severity }) => severity === "error");
  return [...errors, ...problems.filter(({ severity }) => severity !== "error")];
}

/** Where a problem is in the list; -1 when it is solved. */
export const placeOf = (problems: readonly NumberedProblem[], at: ProblemAt | null): number =>
  at ? problems.findIndex((problem) => identityOf(problem) === at.identity) : -1;

/** Step on, round and round. When the last one is solved the next has moved up to its place. */
export function stepAt(
  problems: readonly NumberedProblem[],
  at: ProblemAt | null,
  by: 1 | -1,
): number | null {
  const total = problems.length;
  if (total === 0) return null;
  if (!at) return by === 1 ? 0 : total - 1;
  const place = placeOf(problems, at);
  if (place >= 0) return (place + by + total) % total;
  return by === 1 ? at.index % total : (at.index - 1 + total) % total;
}

/** How a problem is mended: with a tool, or by an edit that needs no drawing. */
export type Mending = { tool: ToolId } | { edit: Edit } | { rebase: true };

const TOOLS: Record<string, ToolId> = {
  gap_in_village: "gap",
  household_in_no_grid: "gap",
  overlap: "overlap",
  grid_below_minimum: "merge",
  grid_empty: "merge",
  grid_above_maximum: "split",
};

/** The way out of a problem; null where the planner has to find it. */
export function mendingOf({ key, village, grids }: NumberedProblem): Mending | null {
  const tool = TOOLS[key];
  if (tool) return { tool };
  if (key === "plan_conflict") return { rebase: true };
  if (key === "outside_village" && grids[0]) {
    return { edit: { type: "clip_to_village", grid: grids[0] } };
  }
  if (!village) return null;
  if (key === "edge_mismatch") return { edit: { type: "match_borders", village } };
  if (key === "code_taken") return { edit: { type: "renumber", village } };
  return null;
}
