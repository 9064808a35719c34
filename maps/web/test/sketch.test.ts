import { afterEach, describe, expect, it } from "vitest";
import { dropSketch, keepSketch, keptSketch, type Sketch } from "../src/plan/sketch";

const sketch: Sketch = {
  plan: "p",
  tool: "transfer",
  points: [
    [108.6, 31.9],
    [108.7, 31.9],
  ],
  chosen: ["500229001001001"],
  sources: [],
};

afterEach(() => localStorage.clear());

describe("the shape being drawn", () => {
  it("is kept for its plan, and for no other", () => {
    keepSketch(sketch);
    expect(keptSketch("p")).toEqual(sketch);
    expect(keptSketch("q")).toBeNull();
  });

  it("is forgotten", () => {
    keepSketch(sketch);
    dropSketch();
    expect(keptSketch("p")).toBeNull();
  });

  it("is not offered with a single place", () => {
    keepSketch({ ...sketch, points: sketch.points.slice(0, 1) });
    expect(keptSketch("p")).toBeNull();
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '{"plan":"p"}',
    '{"plan":"p","tool":"split","points":[["a",1],[2]]}',
  ])("survives what is no shape: %s", (text) => {
    localStorage.setItem("wangge.sketch", text);
    expect(keptSketch("p")).toBeNull();
  });

  it("is read as an older page kept it", () => {
    const { plan, tool, points } = sketch;
    localStorage.setItem("wangge.sketch", JSON.stringify({ plan, tool, points }));
    expect(keptSketch("p")).toEqual({ ...sketch, chosen: [] });
  });
});
