import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AddressCandidate, Batch } from "../src/api/addresses";
import { ApiError } from "../src/api/client";
import { addressStore, askAddress, boxAround, closeAnswer, inOrder } from "../src/app/address";
import { batchStore, dropBatch, followBatch, startBatch } from "../src/app/batch";
import { store } from "../src/app/state";
import { columnsOf } from "../src/panels/address/columns";
import { understood } from "../src/panels/address/parts";

const candidate = (
  matched_address: string,
  households: number | null,
  point: [number, number] | null = [108, 31],
): AddressCandidate => ({ matched_address, households, point, level: "village", grid: null });

describe("a question", () => {
  it("is trimmed, opens the panel and forgets the candidate in focus", () => {
    addressStore.setState({ tab: "reports", focus: 2, asked: 4 });
    askAddress("  枇杷村 ");
    expect(addressStore.getState()).toEqual({
      tab: "look",
      query: "枇杷村",
      asked: 5,
      focus: null,
    });
    expect(store.getState().panel).toBe("lookup");
    closeAnswer();
    expect(addressStore.getState().query).toBe("");
  });

  it("is none when nothing was typed", () => {
    const { asked } = addressStore.getState();
    askAddress(" \t");
    expect(addressStore.getState().asked).toBe(asked);
  });
});

describe("candidates", () => {
  it("are listed by their households, else as they came", () => {
    const listed = inOrder([candidate("a", 1), candidate("b", null), candidate("c", 71)]);
    expect(listed.map((one) => one.matched_address)).toEqual(["c", "a", "b"]);
    expect(inOrder([candidate("x", 1), candidate("y", 1)])[0]?.matched_address).toBe("x");
  });

  it("have a box around those with a place", () => {
    const here = [candidate("a", 1, [108.2, 31.5]), candidate("b", 1, null)];
    expect(boxAround(here)).toEqual([108.2, 31.5, 108.2, 31.5]);
    expect(boxAround([...here, candidate("c", 1, [108.1, 31.9])])).toEqual([
      108.1, 31.5, 108.2, 31.9,
    ]);
    expect(boxAround([candidate("b", 1, null)])).toBeNull();
  });
});

describe("the parts of an address", () => {
  it("are in the order of an address, without those that were not said", () => {
    expect(understood({ number: 3, village: "枇杷村", group: "1", sub: null, room: "" })).toEqual([
      ["village", "枇杷村"],
      ["group", "1"],
      ["number", "3"],
    ]);
    expect(understood({ anything: "else" })).toEqual([]);
  });
});

describe("the columns of a table", () => {
  const refused = (key: string, details: Record<string, unknown>) =>
    new ApiError(422, key, "", "", details);

  it("are offered when none of them is known to hold addresses", () => {
    const names = ["姓名", "甲, 乙", "姓名", ""];
    expect(columnsOf(refused("address_column_unknown", { names }))).toEqual(["姓名", "甲, 乙"]);
  });

  it("are none for other refusals", () => {
    expect(columnsOf(refused("file_unreadable", { names: ["a"] }))).toEqual([]);
    expect(columnsOf(refused("address_column_unknown", {}))).toEqual([]);
    expect(columnsOf(null)).toEqual([]);
  });
});

describe("a table on its way", () => {
  const batch = (done: number): Batch => ({
    id: "b1",
    filename: "list.csv",
    column: "地址",
    columns: ["地址"],
    row_count: 2500,
    done,
    counts: { ok: done },
    preview: [],
    problems: [],
  });
  let asked: string[];

  function answer(status: number, body: unknown): void {
    vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
      asked.push(`${init?.method ?? "GET"} ${path}`);
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    });
  }

  /** A server that answers slice after slice. */
  function serve(from: number): void {
    let done = from;
    vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
      asked.push(`${init?.method ?? "GET"} ${path}`);
      if (init?.method === "POST") done = Math.min(done + 1000, 2500);
      if (init?.method === "DELETE") return Promise.resolve(new Response(null, { status: 204 }));
      return Promise.resolve(new Response(JSON.stringify(batch(done))));
    });
  }

  const NEXT = "POST /api/addresses/batches/b1/next?rows=1000";

  beforeEach(() => {
    asked = [];
    sessionStorage.clear();
  });
  afterEach(async () => {
    await dropBatch();
    vi.unstubAllGlobals();
  });

  it("is answered slice by slice to its end, and kept for a reload", async () => {
    serve(0);
    startBatch(batch(0));
    await vi.waitFor(() => expect(batchStore.getState().batch?.done).toBe(2500));
    expect(asked).toEqual([NEXT, NEXT, NEXT]);
    expect(sessionStorage.getItem("wangge.batch")).toBe("b1");
  });

  it("goes on after a reload where the server is", async () => {
    sessionStorage.setItem("wangge.batch", "b1");
    serve(1000);
    const stop = followBatch();
    expect(store.getState().panel).toBe("lookup");
    await vi.waitFor(() => expect(batchStore.getState().batch?.done).toBe(2500));
    expect(asked).toEqual(["GET /api/addresses/batches/b1", NEXT, NEXT]);
    stop();
  });

  it("is told as gone when the server does not keep it any more", async () => {
    sessionStorage.setItem("wangge.batch", "b1");
    answer(404, { error: { key: "not_found", message: "", message_zh: "", details: {} } });
    followBatch();
    await vi.waitFor(() => expect(batchStore.getState().isGone).toBe(true));
    expect(sessionStorage.getItem("wangge.batch")).toBeNull();
  });

  it("stands still at a refusal", async () => {
    answer(500, { error: { key: "internal", message: "no", message_zh: "", details: {} } });
    startBatch(batch(0));
    await vi.waitFor(() => expect(batchStore.getState().error?.message).toBe("no"));
    expect(asked).toEqual([NEXT]);
  });

  it("is forgotten here and there", async () => {
    serve(2500);
    startBatch(batch(2500));
    await dropBatch();
    expect(asked).toEqual(["DELETE /api/addresses/batches/b1"]);
    expect(sessionStorage.getItem("wangge.batch")).toBeNull();
    expect(batchStore.getState().id).toBeNull();
  });
});
