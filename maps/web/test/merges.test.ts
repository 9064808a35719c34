import { describe, expect, it } from "vitest";
import type { MergeParameters, MergeRun, RulesApplied } from "../src/api/merges";
import type { LogEntry } from "../src/api/plans";
import { loadLanguage, translator } from "../src/i18n/translate";
import { appliedIn, isOpen } from "../src/panels/merges/accept";
import { barsOf, limitsOf } from "../src/panels/merges/bars";
import {
  isApart,
  isPinned,
  isRejected,
  isTogether,
  NO_DECISIONS,
  prune,
  sameDecisions,
  toggleApart,
  togglePinned,
  toggleRejected,
  toggleTogether,
} from "../src/panels/merges/decisions";
import { plainly } from "../src/panels/merges/names";
import {
  countsOf,
  FIRST_MERGES,
  hasSizes,
  mergeQuestionOf,
  mergeRequestOf,
  mergeText,
  rulesText,
  scopeOf,
} from "../src/panels/merges/question";
import { priceText } from "../src/panels/merges/RunnerUp";

const own = { ...FIRST_MERGES, byRules: false };
const draft = { id: "p1", scope: "500229106" };

describe("the question", () => {
  it("leaves sizes of grids to the rules unless they are set", () => {
    const { parameters, plan } = mergeRequestOf(FIRST_MERGES, NO_DECISIONS, null);
    expect(parameters).toMatchObject({ unit: "grid", minimum: null, target: null, maximum: null });
    expect(parameters.within).toBe("village");
    expect(plan).toBeNull();
    expect(mergeRequestOf(own, NO_DECISIONS, null).parameters.minimum).toEqual({
      households: 30,
      residents: null,
    });
  });

  it("asks for villages in one township, and about the open draft where it can be edited", () => {
    const { parameters, plan } = mergeRequestOf(
      { ...FIRST_MERGES, unit: "village" },
      NO_DECISIONS,
      draft,
    );
    expect(parameters).toMatchObject({ within: "township", scope: "500229106" });
    expect(parameters.maximum).toEqual({ households: null, residents: null });
    expect(plan).toBe("p1");
    expect(scopeOf(FIRST_MERGES, { id: "p2", scope: "500229" })).toBeNull();
    expect(scopeOf({ ...FIRST_MERGES, draft: false }, draft)).toBeNull();
    expect(scopeOf({ ...FIRST_MERGES, scope: "500229001" }, draft)).toBe("500229001");
  });

  it("needs a minimum, and sizes in order", () => {
    const sizes = (minimum: number | null, target: number | null, maximum: number | null) =>
      hasSizes({
        ...own,
        sizes: { ...own.sizes, grid: { measure: "households", minimum, target, maximum } },
      });
    expect(sizes(30, null, null)).toBe(true);
    expect(sizes(30, 60, 100)).toBe(true);
    expect(sizes(null, 60, 100)).toBe(false);
    expect(sizes(30, 20, 100)).toBe(false);
    expect(sizes(120, null, 100)).toBe(false);
    expect(hasSizes(FIRST_MERGES)).toBe(true);
  });

  it("counts grids without a maximum as such: absent would be the rules'", () => {
    const open = { ...own.sizes.grid, maximum: null };
    const counts = countsOf({ ...own, sizes: { ...own.sizes, grid: open } }, null);
    expect(counts.noMaximum).toBe(true);
    expect(countsOf(own, null).noMaximum).toBe(false);
    // the rules' own are what they are
    const byRules = { ...FIRST_MERGES, sizes: { ...own.sizes, grid: open } };
    expect(countsOf(byRules, null)).toMatchObject({ maximum: null, noMaximum: false });
  });

  it("is filled in with what a run was asked, both ways", () => {
    const asked = {
      ...own,
      span: 20,
      unitOfSpan: "min" as const,
      mode: "road" as const,
      means: "drive" as const,
      scope: "500229001",
      objective: "most_groups" as const,
    };
    const request = mergeRequestOf(asked, NO_DECISIONS, null);
    const run = { ...request, id: "r" } as unknown as MergeRun;
    expect(mergeQuestionOf(run, FIRST_MERGES)).toEqual({ ...asked, draft: false });
  });

  it("is told in one line", async () => {
    await loadLanguage("zh");
    await loadLanguage("en");
    const { parameters } = mergeRequestOf(own, NO_DECISIONS, null);
    expect(mergeText(translator("zh"), parameters, (code) => code)).toBe(
      "网格 · 不少于 30 户 · 不超过 100 户 · 每组最多 5 个 · 全县",
    );
    const some: MergeParameters = { ...parameters, max_span_m: 1500, maximum: null };
    expect(mergeText(translator("en"), some, (code) => code)).toBe(
      "Grids · at least 30 households · up to 5 in a group · " +
        "within 1.5 km of each other (Straight) · Whole county",
    );
  });

  it("tells rules as from–to", async () => {
    await loadLanguage("zh");
    const size = (households: number | null) => ({ households, residents: null });
    const rules = (maximum: number | null): RulesApplied => ({
      minimum: size(30),
      target: size(60),
      maximum: size(maximum),
      from_profile: true,
    });
    expect(rulesText(translator("zh"), rules(100))).toBe("30–60–100 户");
    expect(rulesText(translator("zh"), rules(null))).toBe("不少于 30–60 户");
  });
});

describe("decisions", () => {
  it("about a group take each other's place", () => {
    const pinned = togglePinned(NO_DECISIONS, ["a", "b"]);
    expect(isPinned(pinned, ["b", "a"])).toBe(true);
    const rejected = toggleRejected(pinned, ["a", "b"]);
    expect(isPinned(rejected, ["a", "b"])).toBe(false);
    expect(isRejected(rejected, ["a", "b"])).toBe(true);
    expect(toggleRejected(rejected, ["a", "b"])).toEqual(NO_DECISIONS);
  });

  it("about a pair exclude each other, whichever unit is named first", () => {
    const apart = toggleApart(togglePinned(NO_DECISIONS, ["a", "b", "c"]), ["a", "b"]);
    expect(isApart(apart, ["b", "a"])).toBe(true);
    expect(apart.pinned).toEqual([]);
    const together = toggleTogether(apart, ["b", "a"]);
    expect(isApart(together, ["a", "b"])).toBe(false);
    expect(isTogether(together, ["a", "b"])).toBe(true);
    expect(togglePinned(apart, ["a", "b"]).apart).toEqual([]);
  });

  it("say the same in any order, and end with the units they name", () => {
    const one = { ...NO_DECISIONS, locked: ["b", "a"], pinned: [["d", "c"]] };
    const other = { ...NO_DECISIONS, locked: ["a", "b"], pinned: [["c", "d"]] };
    expect(sameDecisions(one, other)).toBe(true);
    expect(sameDecisions(one, NO_DECISIONS)).toBe(false);
    expect(prune(one, ["d", "a"])).toEqual({ ...NO_DECISIONS, locked: ["b"] });
  });
});

describe("suggestions in the draft", () => {
  const entry = (group: string, state: LogEntry["state"], run = "r1") =>
    ({ edit: { type: "apply_suggestion", run, group }, state }) as LogEntry;

  it("are those of this run that were not undone", () => {
    const log = [entry("a", "applied"), entry("b", "undone"), entry("c", "applied", "r2")];
    expect([...appliedIn(log, "r1")]).toEqual(["a"]);
  });

  it("are open until accepted, rejected, or where there is nothing to change", () => {
    const group = {
      id: "a",
      edit: { type: "merge" },
      members: [{ code: "a" }, { code: "b" }],
    } as unknown as Parameters<typeof isOpen>[0];
    expect(isOpen(group, new Set(), [])).toBe(true);
    expect(isOpen(group, new Set(["a"]), [])).toBe(false);
    expect(isOpen(group, new Set(), ["a", "b"])).toBe(false);
    expect(isOpen({ ...group, edit: null }, new Set(), [])).toBe(false);
  });
});

describe("bars", () => {
  it("have an end, but for the one that holds everything beyond", () => {
    expect(barsOf([0, 10, 20, 30], [90, 9, 1])).toMatchObject({ width: 10, openTo: null });
    expect(barsOf([0, 10, 20, 931], [90, 9, 1])).toMatchObject({ width: 10, openTo: 931 });
    expect(barsOf([0, 1], [0])).toMatchObject({ width: 1, openTo: null });
  });

  it("have the limits of every area type once", () => {
    const rules = (minimum: number): RulesApplied => ({
      minimum: { households: minimum, residents: null },
      target: { households: null, residents: null },
      maximum: { households: 100, residents: null },
      from_profile: true,
    });
    const limits = limitsOf({ urban: rules(50), mountain: rules(30) }, "households");
    expect(limits).toEqual({ minima: [50, 30], maxima: [100] });
  });
});

describe("reasons", () => {
  const villageOf = (code: string) => (code === "500229001002003" ? "凤凰社区" : null);

  it("name a unit without its code, and its village when that is another", () => {
    const said = "加上 第三网格(500229001002003) 共 120 户，超过上限 100。";
    expect(plainly(said, villageOf, "凤凰社区")).toBe("加上第三网格共 120 户，超过上限 100。");
    expect(plainly(said, villageOf, "土城社区")).toBe(
      "加上第三网格（凤凰社区）共 120 户，超过上限 100。",
    );
  });

  it("tell the price with its signs", async () => {
    await loadLanguage("zh");
    const t = translator("zh");
    expect(priceText(t, { left: 1, travel: -2830, touched: 0 }, "m")).toBe(
      "不到下限 +1 个 · 路程合计 −2.8 km",
    );
    expect(priceText(t, { left: 0 }, "m")).toBe("不相上下");
  });
});
