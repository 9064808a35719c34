/** Fill gaps: land in no grid goes to a grid beside it, or to one that was drawn elsewhere. */
import { createFaultTool } from "./faultTool";
import type { CreateTool } from "./tool";

export const createGap: CreateTool = (context) =>
  createFaultTool({
    context,
    kinds: ["gap"],
    hints: { none: "gap.none", pick: "gap.pick", choose: () => "gap.choose" },
    first: (_, remedies) => remedies[0]?.edit ?? null,
    give: (_, at, code) => ({ type: "fill_gap", at, to: code }),
  });
