import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ServerEvent, watchEvents, watchPlan } from "../src/api/events";
import type { Workspace } from "../src/api/types";
import { followServer, isOutdated } from "../src/app/live";
import { queries } from "../src/app/queries";

/** An EventSource whose server is the test. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }

  tell(kind: string, details: object): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(details) }));
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

const open = () => FakeSource.opened.filter((source) => source.readyState !== FakeSource.CLOSED);
const latest = () => FakeSource.opened.at(-1) as FakeSource;

function show(state: "visible" | "hidden"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  FakeSource.opened = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.useFakeTimers();
});
afterEach(() => {
  watchPlan(null);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the stream", () => {
  it("is one for all who listen, and ends with the last", () => {
    const heard: ServerEvent[][] = [[], []];
    const stops = heard.map((events) => watchEvents((event) => events.push(event)));
    expect(FakeSource.opened).toHaveLength(1);
    expect(latest().url).toBe("/api/events");
    const plan = { id: "p", scope: "500229", state: "draft", revision: 3 };
    latest().tell("plan", plan);
    latest().tell("resync", {});
    for (const events of heard)
      expect(events).toEqual([{ kind: "plan", ...plan }, { kind: "resync" }]);
    stops[0]?.();
    expect(open()).toHaveLength(1);
    stops[1]?.();
    expect(open()).toHaveLength(0);
  });

  it("is given up while the tab is hidden", () => {
    const stop = watchEvents(() => undefined);
    show("hidden");
    expect(open()).toHaveLength(0);
    show("visible");
    expect(open()).toHaveLength(1);
    show("visible");
    expect(open()).toHaveLength(1);
    stop();
    show("visible");
    expect(open()).toHaveLength(0);
  });

  it("is opened anew for the plan at hand, under one name for the tab", () => {
    const stop = watchEvents(() => undefined);
    watchPlan("p");
    watchPlan("p");
    expect(open()).toHaveLength(1);
    expect(FakeSource.opened).toHaveLength(2);
    const asked = new URL(latest().url, "http://wangge");
    expect(asked.searchParams.get("plan")).toBe("p");
    const client = asked.searchParams.get("client");
    expect(client).toMatch(/^[0-9a-z-]{1,40}$/);
    expect(sessionStorage.getItem("wangge.client")).toBe(client);
    watchPlan("q");
    expect(new URL(latest().url, "http://wangge").searchParams.get("client")).toBe(client);
    watchPlan(null);
    expect(latest().url).toBe("/api/events");
    expect(open()).toHaveLength(1);
    stop();
    watchPlan("p");
    expect(open()).toHaveLength(0);
  });

  it("is left to the browser after an outage, and opened again after a refusal", () => {
    const stop = watchEvents(() => undefined);
    latest().fail(0);
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.opened).toHaveLength(1);
    latest().fail(FakeSource.CLOSED);
    expect(open()).toHaveLength(0);
    vi.advanceTimersByTime(10_000);
    expect(open()).toHaveLength(1);
    latest().fail(FakeSource.CLOSED);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(open()).toHaveLength(0);
  });
});

const layer = (version: string) => ({ count: 1, version, extent: null });
const workspace = {
  layers: { counties: layer("e-1"), villages: layer("e-1"), grids: layer("e-5") },
} as unknown as Workspace;

describe("following", () => {
  function follow() {
    const invalidate = vi.spyOn(queries, "invalidateQueries").mockResolvedValue();
    const stop = followServer();
    const refreshes = () => invalidate.mock.calls.filter(([filter]) => filter?.queryKey).length;
    const pause = () => vi.advanceTimersByTimeAsync(300);
    return { stop, refreshes, pause };
  }

  it("knows versions of divisions by the layer they are stored in", () => {
    const layers = { divisions: "e-1", grids: "e-5", centers: "e-9" };
    expect(isOutdated(workspace, { epoch: "e", layers })).toBe(false);
    expect(isOutdated(workspace, { epoch: "e", layers: { ...layers, grids: "e-6" } })).toBe(true);
    expect(isOutdated(workspace, { epoch: "f", layers: { divisions: "f-1", grids: "f-5" } })).toBe(
      true,
    );
  });

  it("asks once for several changes, and not for plans", async () => {
    const { stop, refreshes, pause } = follow();
    latest().tell("plan", { id: "p" });
    latest().tell("comment", { id: "p" });
    await pause();
    expect(refreshes()).toBe(0);
    for (const name of ["grids", "households", "grids"]) latest().tell("layer", { layer: name });
    await pause();
    expect(refreshes()).toBe(1);
    latest().tell("resync", {});
    await pause();
    expect(refreshes()).toBe(2);
    stop();
  });

  it("asks again when it was away while something changed", async () => {
    queries.setQueryData(["workspace"], workspace);
    const { stop, refreshes, pause } = follow();
    const layers = { divisions: "e-1", grids: "e-5", profiles: "e-1" };
    latest().tell("hello", { epoch: "e", layers });
    latest().tell("hello", { epoch: "e", layers });
    await pause();
    expect(refreshes()).toBe(0);
    latest().tell("hello", { epoch: "e", layers: { ...layers, profiles: "e-2" } });
    await pause();
    expect(refreshes()).toBe(1);
    latest().tell("hello", { epoch: "e", layers: { ...layers, grids: "e-6" } });
    await pause();
    expect(refreshes()).toBe(2);
    stop();
    queries.clear();
  });
});
