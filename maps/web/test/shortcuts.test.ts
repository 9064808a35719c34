import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Plan } from "../src/api/plans";
import { giveKeysTo, handleKey } from "../src/app/shortcuts";
import { openPlan } from "../src/plan/session";
import { CLOSED, setPlan } from "../src/plan/store";

const PLAN = { id: "p", state: "draft", revision: 4, head: 2, undone: 1 } as unknown as Plan;

let asked: string[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit = {}) => {
    if (init.method === "POST") asked.push(path.split("/").at(-1) ?? "");
    return Promise.resolve(new Response("{}", { status: 422 }));
  });
});

afterEach(() => {
  setPlan({ ...CLOSED });
  giveKeysTo(null);
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

async function press(key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...more });
  handleKey(event);
  await settled();
  return event;
}

describe("a step back or forth by key", () => {
  it.each([
    ["z", { ctrlKey: true }, "undo"],
    ["z", { metaKey: true }, "undo"],
    ["Z", { ctrlKey: true, shiftKey: true }, "redo"],
    ["y", { ctrlKey: true }, "redo"],
  ])(
    "is taken as soon as the plan is open, before its tools are there: %s %o",
    async (...given) => {
      const [key, held, step] = given;
      openPlan(PLAN);
      const event = await press(key, held);
      expect(asked).toEqual([step]);
      expect(event.defaultPrevented).toBe(true);
    },
  );

  it("is not taken without a draft, and other keys held with Ctrl stay the browser's", async () => {
    await press("z", { ctrlKey: true });
    openPlan({ ...PLAN, state: "submitted" });
    await press("z", { ctrlKey: true });
    openPlan(PLAN);
    expect((await press("s", { ctrlKey: true })).defaultPrevented).toBe(false);
    await press("z");
    expect(asked).toEqual([]);
  });
});
