import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Run, RunState } from "../src/api/runs";
import type { AccessResult, VillageVerdict } from "../src/api/service";
import type { Profile, Workspace } from "../src/api/types";
import { queries } from "../src/app/queries";
import { loadLanguage, translator } from "../src/i18n/translate";
import { hearRun, newestOf } from "../src/panels/service/follow";
import { limitsOf, paintingOf } from "../src/panels/service/painting";
import {
  FIRST_QUESTION,
  hasStandard,
  loadedModes,
  questionOf,
  questionText,
  requestOf,
} from "../src/panels/service/question";
import { sorted } from "../src/panels/service/ResultTable";
import { claimedVillages } from "../src/panels/service/ThreeDistances";
import { costFigure, costText, scoreText, shareText } from "../src/panels/service/words";

const run = (change: Partial<Run> = {}): Run => ({
  id: "r1",
  analysis: "service_gaps",
  state: "running",
  progress: 0.2,
  step: "reach",
  parameters: {
    level: "village",
    mode: "straight",
    means: "walk",
    measure: "distance",
    standard_m: null,
    standard_min: null,
    weight: "residents",
    scope: null,
  },
  plan: null,
  stale: false,
  created_at: "2026-11-22T00:00:00Z",
  finished_at: null,
  error: null,
  ...change,
});

const told = (state: RunState, progress: number, step: string | null = null) => ({
  id: "r1",
  analysis: "service_gaps" as const,
  state,
  progress,
  step,
});

describe("a run that is told of", () => {
  beforeEach(() => queries.clear());
  afterEach(() => vi.restoreAllMocks());

  it("moves on at once, and is asked for again only when it is over", () => {
    const ask = vi.spyOn(queries, "invalidateQueries").mockResolvedValue();
    queries.setQueryData(["run", "r1"], run());
    hearRun(told("running", 0.6, "drawing"));
    expect(queries.getQueryData(["run", "r1"])).toMatchObject({ progress: 0.6, step: "drawing" });
    expect(ask).not.toHaveBeenCalled();
    hearRun(told("done", 1));
    expect(queries.getQueryData(["run", "r1"])).toMatchObject({ state: "done" });
    expect(ask.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([["run", "r1"], ["runs"]]);
  });

  it("is nobody's here when it was asked elsewhere", () => {
    hearRun(told("running", 0.5));
    expect(queries.getQueryData(["run", "r1"])).toBeUndefined();
  });
});

describe("the answer that is shown unasked", () => {
  it("is the newest that is there or on its way, of these lines", () => {
    const runs = [
      run({ id: "failed", state: "failed" }),
      run({ id: "other", state: "done", plan: "p2" }),
      run({ id: "mine", state: "queued", plan: "p1" }),
      run({ id: "old", state: "done" }),
    ];
    expect(newestOf(runs, "p1")?.id).toBe("mine");
    expect(newestOf(runs, null)?.id).toBe("old");
    expect(newestOf(runs.slice(0, 2), null)).toBeNull();
  });
});

describe("what is kept for a reload", () => {
  const start = async () => {
    vi.resetModules();
    const service = await import("../src/app/service");
    const { store } = await import("../src/app/state");
    return { ...service, panel: () => store.getState().panel, store };
  };
  beforeEach(() => sessionStorage.clear());

  it("is the run of each tab, the tab, and that the panel was open", async () => {
    const before = await start();
    const stop = before.followService();
    before.store.setState({ panel: "service" });
    before.setService({ tab: "service_radius" });
    before.showRun("service_radius", "r7");
    before.showRun("service_gaps", null);
    stop();
    const after = await start();
    expect(after.shownRun(after.serviceStore.getState())).toBe("r7");
    expect(after.serviceStore.getState().runs.service_gaps).toBeNull();
    expect(after.serviceStore.getState().runs.accessibility).toBeUndefined();
    expect(after.panel()).toBe("layers");
    after.followService()();
    expect(after.panel()).toBe("service");
  });

  it("is nothing when the panel was closed, and no harm when it is broken", async () => {
    sessionStorage.setItem("wangge.service", "{broken");
    const service = await start();
    service.followService()();
    expect(service.panel()).toBe("layers");
    expect(service.serviceStore.getState().tab).toBe("service_gaps");
  });

  it("leaves out a run that is gone, so that the newest is looked for", async () => {
    const { showRun, forgetRun, serviceStore } = await start();
    showRun("service_gaps", "r1");
    showRun("accessibility", "r2");
    forgetRun("r1");
    expect(serviceStore.getState().runs).toEqual({ accessibility: "r2" });
  });
});

describe("a question", () => {
  it("gives the standard in its own measure, and each analysis what it asks", () => {
    const asked = { ...FIRST_QUESTION, measure: "time", standard: 30 } as const;
    const gaps = requestOf("service_gaps", asked, "p1");
    expect(gaps.parameters).toMatchObject({ standard_m: null, standard_min: 30, measure: "time" });
    expect(gaps.parameters).not.toHaveProperty("share");
    expect(gaps.plan).toBeNull();
    const radius = requestOf("service_radius", { ...asked, draft: true }, "p1");
    expect(radius.parameters).toMatchObject({ share: 0.95, capacity: false });
    expect(radius.plan).toBe("p1");
    expect(requestOf("accessibility", asked, null).parameters).toMatchObject({ method: "e2sfca" });
  });

  it("drives by road only", () => {
    const means = (mode: "straight" | "road") =>
      requestOf("service_gaps", { ...FIRST_QUESTION, mode, means: "drive" }, null).parameters.means;
    expect([means("straight"), means("road")]).toEqual(["walk", "drive"]);
  });

  it("is read back from a run as it was put", () => {
    const question = {
      ...FIRST_QUESTION,
      mode: "road",
      means: "drive",
      measure: "time",
      standard: 7.5,
      scope: "500229109",
      share: 0.8,
      capacity: true,
      draft: true,
    } as const;
    const { parameters, plan } = requestOf("service_radius", question, "p1");
    const back = questionOf(run({ parameters: parameters as Run["parameters"], plan }));
    expect({ ...FIRST_QUESTION, ...back }).toEqual(question);
  });

  it("needs a standard, the rules' or one's own", () => {
    const profile = {
      standards: { village: { mountain: { distance_m: 2000, walk_min: 30 } } },
    } as unknown as Profile;
    const byCar = { ...FIRST_QUESTION, mode: "road", means: "drive", measure: "time" } as const;
    expect(hasStandard(profile, FIRST_QUESTION)).toBe(true);
    expect(hasStandard(profile, byCar)).toBe(false);
    expect(hasStandard(profile, { ...byCar, mode: "terrain" })).toBe(true);
    expect(hasStandard(profile, { ...byCar, standard: 15 })).toBe(true);
    expect(hasStandard(null, FIRST_QUESTION)).toBe(false);
  });

  it("offers only ways there is data for", () => {
    const layer = (count: number) => ({ count, version: "1", extent: null });
    const workspace = { layers: { roads: layer(0), terrain: layer(1) } } as unknown as Workspace;
    expect(loadedModes(workspace)).toEqual(["straight", "terrain"]);
    expect(loadedModes(undefined)).toEqual(["straight"]);
  });

  it("is said in one line", async () => {
    await Promise.all([loadLanguage("en"), loadLanguage("zh")]);
    const { parameters } = run();
    const named = (code: string) => `<${code}>`;
    expect(questionText(translator("zh"), parameters, named)).toBe(
      "直线 · 村级及以上 · 按规则距离 · 常住人口 · 全县",
    );
    expect(
      questionText(
        translator("en"),
        {
          ...parameters,
          mode: "road",
          means: "drive",
          standard_min: 20,
          measure: "time",
          scope: "1",
        },
        named,
      ),
    ).toBe("By road, by car · Village and above · standard 20 min · Residents · <1>");
  });
});

describe("figures", () => {
  it("name their unit, and are a dash when unknown", async () => {
    await loadLanguage("zh");
    const t = translator("zh");
    expect([950, 2430, null].map((value) => costText(t, value, "m"))).toEqual([
      "950 m",
      "2.4 km",
      "—",
    ]);
    expect([7.5, 32.4, undefined].map((value) => costText(t, value, "min"))).toEqual([
      "7.5 分钟",
      "32 分钟",
      "—",
    ]);
    expect(costText(t, Number.POSITIVE_INFINITY, "m")).toBe("—");
    expect([costFigure(2430, "m"), costFigure(32.4, "min"), costFigure(null, "m")]).toEqual([
      "2.43",
      "32",
      "—",
    ]);
    expect([0.6543, 0.0342, 0.00123, 0, null].map(scoreText)).toEqual([
      "654",
      "34.2",
      "1.23",
      "0.00",
      "—",
    ]);
    expect([shareText(t, 0), shareText(t, null)]).toEqual(["0.0%", "—"]);
  });
});

describe("lists", () => {
  it("keep what is unknown at the end of either order", () => {
    const rows = [{ n: 2 }, { n: null }, { n: 10 }];
    const value = (row: { n: number | null }) => row.n;
    expect(sorted(rows, value, "asc").map(value)).toEqual([2, 10, null]);
    expect(sorted(rows, value, "desc").map(value)).toEqual([10, 2, null]);
  });

  it("name the villages that only the straight line claims, most first", () => {
    const village = (code: string, straight_only: number) =>
      ({ code, straight_only, straight_only_residents: 0 }) as VillageVerdict;
    const villages = [village("a", 0), village("c", 3), village("b", 3), village("d", 9)];
    expect(claimedVillages(villages).map(({ code }) => code)).toEqual(["d", "b", "c"]);
  });

  it("colour grids by classes without doubled limits, the least served darkest", () => {
    expect(limitsOf([0, 0, 0.2, 0.4])).toEqual([0, 0.2, 0.4]);
    const result = {
      breaks: [0.1, 0.2, 0.3, 0.4],
      grid: [{ code: "g", score: null }],
      supply: "one",
      weight: "residents",
    } as unknown as AccessResult;
    const { classes, words, scores, title, per } = paintingOf(result);
    expect(classes.colours).toHaveLength(5);
    const light = (colour = "") => Number.parseInt(colour.slice(3, 5), 16);
    expect(light(classes.colours[0])).toBeLessThan(light(classes.colours[4]));
    expect(words).toEqual(["100", "200", "300", "400"]);
    expect(scores.get("g")).toBeNull();
    expect([title, per]).toEqual(["access.score.one", "per.residents"]);
  });
});
