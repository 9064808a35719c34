import { describe, expect, it } from "vitest";
import type { GridRow } from "../src/api/types";
import { boxOfPoints, inTownship, listTownships } from "../src/app/allGrids";

const row = (village_code: string | null, township: string | null) =>
  ({ village_code, township }) as GridRow;

describe("listTownships", () => {
  it("names each township once, by code", () => {
    const rows = [
      row("500229102203", "修齐镇"),
      row("500229001001", "葛城街道"),
      row("500229102204", "修齐镇"),
      row(null, null),
    ];
    expect(listTownships(rows)).toEqual([
      { code: "500229001", name: "葛城街道" },
      { code: "500229102", name: "修齐镇" },
    ]);
    expect(listTownships([])).toEqual([]);
  });
});

describe("the place of a township", () => {
  it("is the box around its grids", () => {
    expect([row("500229102203", "修齐镇"), row(null, null)].map(inTownship("500229102"))).toEqual([
      true,
      false,
    ]);
    expect(
      boxOfPoints([
        [108.5, 31.9],
        [108.4, 32],
      ]),
    ).toEqual([108.4, 31.9, 108.5, 32]);
    expect(boxOfPoints([])).toBeNull();
  });
});
