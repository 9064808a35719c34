import { describe, expect, it } from "vitest";
import { createBorders } from "../src/tools/trace";

// Two squares side by side: 0..10 and 10..20, with a corner in the middle of their common border.
const west = [
  [0, 0],
  [10, 0],
  [10, 5],
  [10, 10],
  [0, 10],
  [0, 0],
];
const east = [
  [10, 0],
  [20, 0],
  [20, 10],
  [10, 10],
  [10, 5],
  [10, 0],
];
const borders = createBorders([west, east]);

describe("the way along borders", () => {
  it("takes the corners between two corners", () => {
    expect(borders.way([10, 0], [10, 10])).toEqual([[10, 5]]);
  });

  it("starts and ends between corners", () => {
    expect(borders.way([10, 2], [10, 7])).toEqual([[10, 5]]);
    expect(borders.way([4, 0], [16, 10])).toEqual([
      [10, 0],
      [10, 5],
      [10, 10],
    ]);
  });

  it("is straight on one piece of border", () => {
    expect(borders.way([2, 0], [7, 0])).toEqual([]);
    expect(borders.way([0, 0], [7, 0])).toEqual([]);
    expect(borders.way([0, 0], [10, 0])).toEqual([]);
  });

  it("goes from one grid's border over to another's, the shorter way", () => {
    expect(borders.way([2, 0], [18, 0])).toEqual([[10, 0]]);
    expect(borders.way([0, 9], [20, 9])).toEqual([
      [0, 10],
      [10, 10],
      [20, 10],
    ]);
  });

  it("is none beside the borders, nor between borders that do not meet", () => {
    expect(borders.way([3, 3], [10, 10])).toBeNull();
    const apart = createBorders([west, east.map(([x = 0, y = 0]) => [x + 50, y])]);
    expect(apart.way([0, 0], [60, 0])).toBeNull();
  });
});
