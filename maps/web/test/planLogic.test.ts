import { describe, expect, it } from "vitest";
import { ApiError } from "../src/api/client";
import type { NumberedProblem, Plan, PlanProblems } from "../src/api/plans";
import type { GridRow } from "../src/api/types";
import { boxOfDrawing, unionOf } from "../src/app/goTo";
import { branchPosition, isElsewhere, meeting } from "../src/plan/conflicts";
import { gateLines } from "../src/plan/gate";
import { freeName, listScopes } from "../src/plan/naming";
import { errorsFirst, identityOf, mendingOf, placeOf, stepAt } from "../src/plan/problems";

const problem = (key: string, more: Partial<NumberedProblem> = {}) =>
  ({
    key,
    severity: "error",
    village: "v1",
    grids: [],
    bbox: null,
    geometry: null,
    ...more,
  }) as NumberedProblem;

describe("problems", () => {
  const gap = problem("gap_in_village", { bbox: [1, 1, 2, 2] });
  const other = problem("gap_in_village", { bbox: [3, 3, 4, 4] });
  const small = problem("grid_below_minimum", { severity: "warning", grids: ["g1"] });
  const all = [gap, other, small];
  const at = (index: number) => ({ index, identity: identityOf(all[index] as NumberedProblem) });

  it("come errors first, otherwise as the server has them", () => {
    expect(errorsFirst([small, gap, other])).toEqual(all);
  });

  it("are stepped through round and round, both ways", () => {
    expect(stepAt(all, null, 1)).toBe(0);
    expect(stepAt(all, at(0), 1)).toBe(1);
    expect(stepAt(all, at(2), 1)).toBe(0);
    expect(stepAt(all, at(0), -1)).toBe(2);
    expect(stepAt([], at(0), 1)).toBeNull();
  });

  it("are not skipped when the one before is solved", () => {
    const left = [gap, small];
    expect(placeOf(left, at(1))).toBe(-1);
    expect(stepAt(left, at(1), 1)).toBe(1);
    expect(stepAt([gap], at(1), 1)).toBe(0);
  });

  it("say how they are mended", () => {
    expect(mendingOf(gap)).toEqual({ tool: "gap" });
    expect(mendingOf(problem("outside_village", { grids: ["g"] }))).toEqual({
      edit: { type: "clip_to_village", grid: "g" },
    });
    expect(mendingOf(problem("edge_mismatch"))).toEqual({
      edit: { type: "match_borders", village: "v1" },
    });
    expect(mendingOf(problem("plan_conflict"))).toEqual({ rebase: true });
    expect(mendingOf(problem("multipart_grid"))).toBeNull();
  });
});

describe("the gate", () => {
  const list = (problems: NumberedProblem[]) => ({ problems }) as PlanProblems;
  const states = (problems: NumberedProblem[], note = "") =>
    Object.fromEntries(gateLines(list(problems), note).map((one) => [one.check, one.state]));

  it("is passed where nothing is in the way", () => {
    expect(new Set(Object.values(states([])))).toEqual(new Set(["passed"]));
  });

  it("tells apart what is in the way; odd sizes need a note", () => {
    const small = problem("grid_below_minimum", { severity: "warning" });
    const found = [problem("overlap"), problem("household_in_no_grid"), small];
    expect(states(found)).toEqual({
      partition: "failed",
      codes: "passed",
      households: "failed",
      base: "passed",
      sizes: "note",
    });
    expect(states([small], "  ").sizes).toBe("note");
    expect(states([small], "山区").sizes).toBe("passed");
    expect(states([problem("plan_conflict"), problem("code_taken")])).toMatchObject({
      codes: "failed",
      base: "failed",
    });
  });
});

describe("a conflict", () => {
  const seen = { head: 5 } as Plan;
  const told = (positions: number[], more: object = {}) =>
    new ApiError(409, "plan_changed", "", "", {
      state: "draft",
      edits: positions.map((position) => ({ position, changed: [`g${position}`], removed: [] })),
      ...more,
    });
  const conflict = (error: ApiError, grids: string[]) => ({
    edit: null,
    error,
    seen,
    grids,
    aside: false,
  });

  it("branches off where the plan was seen, also before an undo", () => {
    expect(branchPosition(seen, told([6, 7]))).toBe(5);
    expect(branchPosition(seen, told([]))).toBe(5);
  });

  it("branches off the present where what was seen is gone", () => {
    expect(branchPosition(seen, told([5, 6]))).toBeNull();
    expect(branchPosition(seen, told([6], { state: "published" }))).toBeNull();
    expect(branchPosition(seen, told(Array.from({ length: 50 }, (_, i) => i + 9)))).toBeNull();
  });

  it("knows whether the other was at the same grids", () => {
    expect(isElsewhere(conflict(told([6]), ["g1"]))).toBe(true);
    expect(meeting(conflict(told([6, 7]), ["g1", "g7"]))).toEqual(["g7"]);
    expect(isElsewhere(conflict(told([]), ["g1"]))).toBe(false);
  });
});

describe("a new plan", () => {
  const row = (village_code: string, village: string, township: string) =>
    ({ village_code, village, township }) as GridRow;
  const rows = [
    row("500229102203", "河鱼村", "修齐镇"),
    row("500229001001", "土城社区", "葛城街道"),
  ];

  it("may be made for the county, a township or a village that has grids", () => {
    expect(
      listScopes(rows, "城口县").map(({ code, name, within }) => [code, name, within]),
    ).toEqual([
      ["500229", "城口县", ""],
      ["500229001", "葛城街道", ""],
      ["500229102", "修齐镇", ""],
      ["500229001001", "土城社区", "葛城街道"],
      ["500229102203", "河鱼村", "修齐镇"],
    ]);
  });

  it("gets a name nobody has", () => {
    expect(freeName("甲", [])).toBe("甲");
    expect(freeName("甲", ["甲", "甲 2"])).toBe("甲 3");
  });
});

describe("places", () => {
  it("join boxes, and know where an edit was drawn", () => {
    expect(unionOf([])).toBeNull();
    expect(
      unionOf([
        [1, 2, 3, 4],
        [0, 3, 2, 9],
      ]),
    ).toEqual([0, 2, 3, 9]);
    expect(boxOfDrawing({ type: "move_vertex", from: [1, 5], to: [2, 4] })).toEqual([1, 4, 2, 5]);
    expect(boxOfDrawing({ type: "merge", grids: ["a", "b"] })).toBeNull();
  });
});
