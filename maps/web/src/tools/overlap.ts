/** Mend the other faults of lines: overlaps, land outside the village, borders that differ by a hair. */
import { createFaultTool } from "./faultTool";
import type { CreateTool } from "./tool";

const CHOOSE = {
  overlap: "overlap.choose",
  outside: "overlap.outside",
  mismatch: "overlap.mismatch",
  gap: "gap.choose",
} as const;

export const createOverlap: CreateTool = (context) =>
  createFaultTool({
    context,
    kinds: ["overlap", "outside", "mismatch"],
    hints: { none: "overlap.none", pick: "overlap.pick", choose: ({ kind }) => CHOOSE[kind] },
    // Who wins an overlap is the planner's to say; the rest has one way only.
    first: ({ kind }, remedies) => (kind === "overlap" ? null : (remedies[0]?.edit ?? null)),
    give({ kind, problem }, _, code) {
      const [one, other] = problem.grids;
      if (kind !== "overlap" || !one || !other || !problem.grids.includes(code)) return null;
      return { type: "resolve_overlap", grids: [one, other], winner: code };
    },
  });
