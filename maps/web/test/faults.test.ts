import { describe, expect, it } from "vitest";
import type { Problem } from "../src/api/types";
import { collectFaults, faultOf, faultsOf, remediesOf } from "../src/plan/faults";

const VILLAGE = "500229001001";
const [A, B, C] = [`${VILLAGE}001`, `${VILLAGE}002`, `${VILLAGE}003`] as const;
const place = { type: "Polygon", coordinates: [] };

const problem = (key: string, grids: string[], more: object = {}): Problem => ({
  key,
  severity: "error",
  message: key,
  message_zh: key,
  details: {},
  row: null,
  field: null,
  grids,
  geometry: place,
  ...more,
});
const fault = (key: string, grids: string[], more: object = {}) => {
  const found = faultOf(problem(key, grids, more));
  if (!found) throw new Error(`${key} is no fault`);
  return found;
};

describe("a fault", () => {
  it("is a problem of the lines that has a place", () => {
    expect(faultOf(problem("grid_below_minimum", [A]))).toBeNull();
    expect(faultOf(problem("overlap", [A, B], { geometry: null }))).toBeNull();
    expect(fault("overlap", [A, B]).kind).toBe("overlap");
  });

  it("belongs to the village it names, else to that of an ordinary code", () => {
    expect(fault("gap_in_village", [A], { details: { village: "500229009009" } }).village).toBe(
      "500229009009",
    );
    expect(fault("overlap", ["500229-003A", B]).village).toBe(VILLAGE);
    expect(fault("edge_mismatch", [A, B], { village: "500229009009" }).village).toBe(
      "500229009009",
    );
  });

  it("of a village the draft has is told by the draft, not by the lines in force", () => {
    const drafted = [problem("overlap", [A, B], { village: VILLAGE })];
    const inForce = [problem("overlap", [A, C]), problem("overlap", ["500229002001001", "x"])];
    const found = collectFaults(drafted, inForce, new Set([VILLAGE]));
    expect(found.map(({ problem: { grids } }) => grids)).toEqual([
      [A, B],
      ["500229002001001", "x"],
    ]);
    expect(faultsOf(["gap"], found)).toEqual([]);
  });
});

describe("the remedies", () => {
  it("of a gap: the longest border, a neighbour, or who was drawn elsewhere", () => {
    const gap = fault("gap_in_village", [A, B], { village: VILLAGE });
    const astray = fault("outside_village", [C], { village: VILLAGE });
    expect(remediesOf(gap, [1, 2], [gap, astray])).toEqual([
      { grid: null, edit: { type: "fill_gap", at: [1, 2] } },
      { grid: A, edit: { type: "fill_gap", at: [1, 2], to: A } },
      { grid: B, edit: { type: "fill_gap", at: [1, 2], to: B } },
      { grid: C, edit: { type: "fill_gap", at: [1, 2], to: C } },
    ]);
  });

  it("of an overlap: either grid", () => {
    const edits = remediesOf(fault("overlap", [A, B]), [1, 2]).map(({ edit }) => edit);
    expect(edits).toEqual([
      { type: "resolve_overlap", grids: [A, B], winner: A },
      { type: "resolve_overlap", grids: [A, B], winner: B },
    ]);
  });

  it("of land outside and of borders that do not match: one", () => {
    expect(remediesOf(fault("outside_village", [A]), [1, 2])).toEqual([
      { grid: A, edit: { type: "clip_to_village", grid: A } },
    ]);
    expect(remediesOf(fault("edge_mismatch", [A, B]), [1, 2])).toEqual([
      { grid: null, edit: { type: "match_borders", village: VILLAGE } },
    ]);
  });
});
