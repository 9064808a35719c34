import { describe, expect, it } from "vitest";
import type { DraftGrid, DraftGridProperties } from "../src/api/plans";
import { addUp, isRealChange, shortCode, totals } from "../src/plan/changes";

const numbers = (households: number | null, area_m2 = 1e6) => ({
  households,
  residents: 10,
  area_m2,
});
const grid = (after: object, before: object | null) => ({ ...after, before }) as DraftGrid;

describe("what an edit changes", () => {
  it("is no change where a border only got a node", () => {
    expect(isRealChange(grid(numbers(5), numbers(5, 1e6 + 0.4)))).toBe(false);
    expect(isRealChange(grid(numbers(5), numbers(5, 1e6 + 40)))).toBe(true);
    expect(isRealChange(grid(numbers(5), numbers(6)))).toBe(true);
    expect(isRealChange(grid(numbers(5), null))).toBe(true);
  });

  it("adds up before and after, with the grids that are gone", () => {
    const gone = numbers(7) as DraftGridProperties;
    const { before, after } = totals([grid(numbers(12), numbers(5))], [gone]);
    expect([before.households, after.households]).toEqual([12, 12]);
    expect([before.area_m2, after.area_m2]).toEqual([2e6, 1e6]);
  });

  it("has no sum where a number is not known", () => {
    expect(addUp([numbers(3), numbers(null)]).households).toBeNull();
    expect(addUp([numbers(3), numbers(null)]).residents).toBe(20);
    expect(addUp([]).households).toBe(0);
  });
});

describe("short codes", () => {
  it("name the village only where there are several", () => {
    const [a, b, c] = ["500229001001001", "500229001001002", "500229001002001"] as const;
    expect(shortCode(a, [a, b])).toBe("001");
    expect(shortCode(a, [a, b, c])).toBe("001001");
  });
});
