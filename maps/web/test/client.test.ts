import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, getJson, query, watchServer } from "../src/api/client";
import { boxOf } from "../src/panels/ProblemList";

function answer(status: number, body: unknown): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(text, { status })));
}

async function failureOf(path: string): Promise<ApiError> {
  const error: unknown = await getJson(path).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

afterEach(() => vi.unstubAllGlobals());

describe("errors of the server", () => {
  it("keep key and both sentences", async () => {
    const error = {
      key: "not_found",
      message: "No grid.",
      message_zh: "没有。",
      details: { a: 1 },
    };
    answer(404, { error });
    const failure = await failureOf("/api/grids/1");
    expect(failure).toMatchObject({ status: 404, key: "not_found", details: { a: 1 } });
    expect(failure.sentence("zh")).toBe("没有。");
    expect(failure.sentence("en")).toBe("No grid.");
    expect(failure.isOutage).toBe(false);
  });

  it("survive a page that is not ours", async () => {
    answer(502, "<html>bad gateway</html>");
    const failure = await failureOf("/api/grids");
    expect(failure).toMatchObject({ status: 502, key: "http_error", isOutage: true });
  });

  it("tell an outage apart and report it", async () => {
    const seen: boolean[] = [];
    const stop = watchServer((reachable) => seen.push(reachable));
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
    expect((await failureOf("/api/health")).key).toBe("server_unreachable");
    answer(200, { status: "ok" });
    await getJson("/api/health");
    stop();
    expect(seen).toEqual([false, true]);
  });
});

describe("query", () => {
  it("leaves out what is not set", () => {
    expect(query({ a: 1, b: null, c: "", d: "x y" })).toBe("?a=1&d=x+y");
    expect(query({})).toBe("");
  });
});

describe("boxOf", () => {
  it("finds the box of any geometry", () => {
    const line = {
      type: "LineString",
      coordinates: [
        [1, 2],
        [3, -1],
      ],
    };
    expect(boxOf({ type: "Point", coordinates: [5, 6] })).toEqual([5, 6, 5, 6]);
    expect(boxOf(line)).toEqual([1, -1, 3, 2]);
    expect(boxOf({ type: "GeometryCollection", geometries: [line] })).toEqual([1, -1, 3, 2]);
    expect(boxOf(null)).toBeNull();
  });
});
