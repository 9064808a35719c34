import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/api/client";
import type { Edit, EditAnswer, Plan } from "../src/api/plans";
import {
  apply,
  ask,
  change,
  discard,
  keepAsBranch,
  make,
  openPlan,
  putOnTop,
  rename,
  resume,
  take,
  takeTheirs,
  undo,
  watchEdits,
} from "../src/plan/session";
import { CLOSED, planStore, setPlan } from "../src/plan/store";

const PLAN = {
  id: "p",
  name: "甲案",
  state: "draft",
  revision: 4,
  head: 2,
  undone: 0,
  touched_villages: [],
} as unknown as Plan;
const MERGE: Edit = { type: "merge", grids: ["g1", "g2"] };

const answer = (revision: number, more: Partial<EditAnswer> = {}): EditAnswer => ({
  id: "p",
  state: "draft",
  revision,
  head: 3,
  preview: false,
  edit: MERGE,
  changed: [],
  created: [],
  removed: ["g2"],
  villages: ["v"],
  problems: [],
  ...more,
});

const changed = (details: object = {}) => ({
  status: 409,
  body: {
    error: { key: "plan_changed", message: "It has changed.", message_zh: "已被改动。", details },
  },
});

type Reply = { status: number; body: unknown };
type Request = { method: string; path: string; seen: string | null; body: unknown };

/** A server that is the test: it answers what it is told, and writes down what it was asked. */
function serve(reply: (request: Request) => Reply | object): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    const request = {
      method: init.method ?? "GET",
      path,
      seen: headers.get("If-Match"),
      body: init.body ? (JSON.parse(init.body as string) as unknown) : null,
    };
    asked.push(request);
    const said = reply(request);
    const { status, body } =
      "status" in said && "body" in said ? said : { status: 200, body: said };
    if (status === 0) return Promise.reject(new TypeError("refused"));
    return Promise.resolve(new Response(JSON.stringify(body), { status: status }));
  });
  return asked;
}

const AWAY: Reply = { status: 0, body: null };
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const state = () => planStore.getState();

beforeEach(() => openPlan(PLAN));
afterEach(() => {
  vi.unstubAllGlobals();
  setPlan({ ...CLOSED });
});

describe("asking what an edit would do", () => {
  it("keeps the answer as the preview, and a refusal with its place", async () => {
    serve(() => answer(4));
    expect(await ask(MERGE)).toBe(true);
    expect(state().preview?.edit).toBe(MERGE);
    const error = {
      key: "not_adjacent",
      message: "No.",
      message_zh: "不相邻。",
      details: { grids: ["g1"], fix: { type: "merge", grids: ["g1", "g3"] } },
    };
    serve(() => ({ status: 422, body: { error } }));
    expect(await ask(MERGE)).toBe(false);
    expect(state()).toMatchObject({
      preview: null,
      refusal: { edit: MERGE, grids: ["g1"], fix: { type: "merge" } },
    });
    expect(discard()).toBe(true);
    expect(discard()).toBe(false);
  });

  it("is asked of the plan as it is now when somebody was faster, without a question", async () => {
    const asked = serve(({ method, seen }) => {
      if (method === "GET") return { ...PLAN, revision: 5 };
      return seen === '"4"' ? changed() : answer(5);
    });
    expect(await ask(MERGE)).toBe(true);
    expect(state()).toMatchObject({ conflict: null, plan: { revision: 5 } });
    expect(asked.filter(({ method }) => method === "POST").map(({ seen }) => seen)).toEqual([
      '"4"',
      '"5"',
    ]);
  });

  it("is asked again when the plan changes under a preview", async () => {
    const asked = serve(() => answer(4));
    await ask(MERGE);
    take({ ...PLAN, revision: 6 });
    await settled();
    expect(asked.map(({ seen }) => seen)).toEqual(['"4"', '"6"']);
    take({ ...PLAN, revision: 5 });
    expect(state().plan?.revision).toBe(6);
  });
});

describe("making an edit", () => {
  it("tells who listens, and what is gone is no longer chosen", async () => {
    const heard: number[] = [];
    const stop = watchEdits(({ revision }) => heard.push(revision));
    serve(({ method }) => (method === "GET" ? { ...PLAN, revision: 5, head: 3 } : answer(5)));
    setPlan({ chosen: ["g1", "g2"] });
    expect(await make(MERGE)).toBe(true);
    stop();
    expect(heard).toEqual([5]);
    expect(state()).toMatchObject({
      chosen: ["g1"],
      plan: { revision: 5, head: 3 },
      made: { type: "merge", revision: 5 },
      writing: false,
    });
  });

  it("is one at a time", async () => {
    const asked = serve(() => answer(5));
    const [first, second] = await Promise.all([make(MERGE), make(MERGE)]);
    expect([first, second]).toEqual([true, false]);
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("is not asked about once more when the news of it comes before its answer", async () => {
    serve(() => answer(4));
    await ask(MERGE);
    const asked = serve(({ method }) => {
      if (method === "POST") take({ ...PLAN, revision: 5, head: 3 });
      return method === "GET" ? { ...PLAN, revision: 5, head: 3 } : answer(5);
    });
    expect(await apply()).toBe(true);
    await settled();
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /api/plans/p/edits",
      "GET /api/plans/p",
    ]);
    expect(state()).toMatchObject({ preview: null, refusal: null, asking: false });
  });

  it("is asked about once more when it was refused and somebody else was faster", async () => {
    serve(() => answer(4));
    await ask(MERGE);
    const asked = serve(({ method, path }) => {
      if (method === "GET") return { ...PLAN, revision: 5 };
      if (path.endsWith("preview=true")) return answer(5);
      take({ ...PLAN, revision: 5 });
      return changed({ revision: 5, state: "draft", edits: [] });
    });
    expect(await apply()).toBe(false);
    await settled();
    expect(asked.filter(({ path }) => path.includes("preview")).map(({ seen }) => seen)).toEqual([
      '"5"',
    ]);
    expect(state()).toMatchObject({ asking: false, preview: { answer: { revision: 5 } } });
  });

  it("is undone as often as it was asked, one after the other", async () => {
    let now = PLAN;
    const asked = serve(({ method, seen }) => {
      if (method === "GET") return now;
      expect(seen).toBe(`"${now.revision}"`);
      now = { ...now, revision: now.revision + 1, head: now.head - 1, undone: now.undone + 1 };
      return answer(now.revision, { head: now.head, removed: [] });
    });
    expect(await Promise.all([undo(), undo(), undo()])).toEqual([true, true, false]);
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
    expect(state().plan).toMatchObject({ head: 0, undone: 2 });
  });

  it("undoes nothing where there is nothing", async () => {
    const asked = serve(() => answer(5));
    openPlan({ ...PLAN, head: 0 });
    expect(await undo()).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe("a conflict", () => {
  const since = [{ position: 3, type: "lock", author: "li", changed: ["g9"], removed: [] }];

  async function lose(more: (request: Request) => Reply | object = () => answer(5)) {
    const asked = serve((request) => {
      if (request.method === "POST" && request.seen === '"4"' && request.path.endsWith("/edits")) {
        return changed({ revision: 5, state: "draft", edits: since });
      }
      if (request.method === "GET") return { ...PLAN, revision: 5, head: 3 };
      return more(request);
    });
    expect(await make(MERGE)).toBe(false);
    await settled();
    return asked;
  }

  it("keeps what was to be done, and the plan as it was seen", async () => {
    await lose();
    expect(state().conflict).toMatchObject({
      edit: MERGE,
      seen: { revision: 4, head: 2 },
      grids: ["g1", "g2"],
    });
    expect(state().plan?.revision).toBe(5);
  });

  it("ends on top: asked of the plan as it is now, not made", async () => {
    const asked = await lose();
    await putOnTop();
    expect(state()).toMatchObject({ conflict: null, preview: { edit: MERGE } });
    expect(asked.at(-1)).toMatchObject({ seen: '"5"', path: "/api/plans/p/edits?preview=true" });
  });

  it("stays when the server goes away before the choice is carried out", async () => {
    await lose(() => AWAY);
    await putOnTop();
    expect(state().conflict?.edit).toBe(MERGE);
    await expect(keepAsBranch("乙案")).rejects.toBeInstanceOf(ApiError);
    expect(state().conflict?.edit).toBe(MERGE);
  });

  it("ends in a plan of one's own, as it was seen, with the edit made in it", async () => {
    const copy = { ...PLAN, id: "q", name: "乙案", revision: 7 };
    const asked = await lose(({ path }) =>
      path.endsWith("/copy") ? copy : answer(8, { id: "q", head: 3 }),
    );
    await keepAsBranch("乙案");
    const copied = asked.find(({ path }) => path.endsWith("/copy"));
    expect(copied?.body).toEqual({ name: "乙案", head: 2 });
    expect(asked.filter(({ method }) => method === "POST").at(-1)).toMatchObject({
      path: "/api/plans/q/edits",
      seen: '"7"',
      body: MERGE,
    });
    expect(state()).toMatchObject({ conflict: null, plan: { id: "q" } });
  });

  it("ends with theirs: the edit is dropped", async () => {
    const asked = await lose();
    await takeTheirs();
    expect(state()).toMatchObject({ conflict: null, preview: null, plan: { revision: 5 } });
    expect(asked.filter(({ path }) => path.includes("preview"))).toEqual([]);
  });

  it("is also that the plan is no draft any more", async () => {
    const error = { key: "plan_not_draft", message: "No.", message_zh: "不行。", details: {} };
    serve(({ method }) =>
      method === "GET"
        ? { ...PLAN, state: "submitted", revision: 5 }
        : { status: 409, body: { error } },
    );
    expect(await ask(MERGE)).toBe(false);
    await settled();
    expect(state()).toMatchObject({
      conflict: { edit: MERGE },
      refusal: null,
      plan: { state: "submitted" },
    });
  });
});

describe("an outage", () => {
  it("leaves the preview; back again it is asked anew", async () => {
    serve(() => answer(4));
    await ask(MERGE);
    serve(() => AWAY);
    expect(await apply()).toBe(false);
    expect(state()).toMatchObject({ preview: { edit: MERGE }, refusal: { edit: MERGE } });
    const asked = serve(({ method }) => (method === "GET" ? PLAN : answer(4)));
    await resume();
    expect(asked.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(state()).toMatchObject({ preview: { edit: MERGE }, refusal: null });
  });

  it("may have swallowed the answer only: what was stored is not asked again", async () => {
    serve(() => AWAY);
    await make(MERGE);
    const entry = { position: 3, state: "applied", edit: MERGE };
    const asked = serve(({ path }) =>
      path.includes("/edits") ? { head: 3, edits: [entry] } : { ...PLAN, revision: 5, head: 3 },
    );
    await resume();
    expect(asked.every(({ method }) => method === "GET")).toBe(true);
    expect(state()).toMatchObject({ refusal: null, preview: null, plan: { revision: 5 } });
  });

  it("is not asked about when the news of what was stored comes before the way back is found", async () => {
    serve(() => answer(4));
    await ask(MERGE);
    serve(() => AWAY);
    await make(MERGE);
    const stored = { ...PLAN, revision: 5, head: 3 };
    const entry = { position: 3, state: "applied", edit: MERGE };
    const error = { key: "not_found", message: "Gone.", message_zh: "没有了。", details: {} };
    const asked = serve(({ method, path }) => {
      if (method === "POST") return { status: 422, body: { error } };
      return path.includes("/edits") ? { head: 3, edits: [entry] } : stored;
    });
    take(stored);
    await settled();
    expect(asked).toEqual([]);
    await resume();
    expect(asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
    expect(state()).toMatchObject({ refusal: null, preview: null, plan: { revision: 5 } });
  });

  it("lets nothing else be written before it is known whether the last edit was", async () => {
    serve(() => answer(4));
    await ask(MERGE);
    serve(() => AWAY);
    await make(MERGE);
    const stored = { ...PLAN, revision: 5, head: 3 };
    const entry = { position: 3, state: "applied", edit: MERGE };
    const asked = serve(({ path }) =>
      path.includes("/edits") ? { head: 3, edits: [entry] } : stored,
    );
    take(stored);
    expect(await apply()).toBe(false);
    expect(asked.every(({ method }) => method === "GET")).toBe(true);
    expect(state()).toMatchObject({ refusal: null, preview: null, plan: { revision: 5 } });
    serve(() => answer(6));
    expect(await make(MERGE)).toBe(true);
  });

  it("says why nothing can be written where the plan cannot be read", async () => {
    serve(() => AWAY);
    await make(MERGE);
    const error = { key: "plan_not_found", message: "Gone.", message_zh: "没有了。", details: {} };
    serve(() => ({ status: 404, body: { error } }));
    expect(await make(MERGE)).toBe(false);
    expect(state().refusal?.error.key).toBe("plan_not_found");
  });

  it("keeps a question that was never answered", async () => {
    serve(() => AWAY);
    expect(await ask(MERGE)).toBe(false);
    serve(({ method }) => (method === "GET" ? { ...PLAN, revision: 9 } : answer(9)));
    await resume();
    expect(state()).toMatchObject({ preview: { edit: MERGE }, refusal: null });
  });

  it("that ends twice asks once, and leaves alone what was applied in between", async () => {
    serve(() => AWAY);
    await ask(MERGE);
    const asked = serve(({ method }) => (method === "GET" ? PLAN : answer(4)));
    const read = fetch;
    const held: (() => void)[] = [];
    vi.stubGlobal("fetch", (path: string, init: RequestInit = {}) =>
      init.method || held.length > 0
        ? read(path, init)
        : new Promise<void>((resolve) => held.push(resolve)).then(() => read(path, init)),
    );
    const first = resume();
    await resume();
    const applying = make(MERGE);
    held[0]?.();
    await first;
    expect(await applying).toBe(true);
    await settled();
    const posted = asked.filter(({ method }) => method === "POST").map(({ path }) => path);
    expect(posted.map((path) => path.includes("preview"))).toEqual([true, false]);
    expect(state()).toMatchObject({ preview: null, refusal: null });
  });
});

describe("other writes", () => {
  it("tell a conflict, and throw what else is refused", async () => {
    serve(({ method }) => (method === "GET" ? PLAN : changed({ revision: 5 })));
    const never = () => Promise.reject(new ApiError(409, "plan_changed", "", ""));
    expect(await change(never)).toBeNull();
    expect(state().conflict).toMatchObject({ edit: null });
    const refused = () => Promise.reject(new ApiError(409, "plan_empty", "", ""));
    await expect(change(refused)).rejects.toMatchObject({ key: "plan_empty" });
    expect(state().writing).toBe(false);
  });

  it("a name is simply given to the plan as it is now", async () => {
    const asked = serve(({ method, seen }) => {
      if (method === "GET") return { ...PLAN, revision: 5 };
      return seen === '"4"' ? changed() : { ...PLAN, name: "新名", revision: 6 };
    });
    await rename("新名");
    expect(asked.map(({ method }) => method)).toEqual(["PATCH", "GET", "PATCH"]);
    expect(state()).toMatchObject({ conflict: null, plan: { name: "新名", revision: 6 } });
  });
});
