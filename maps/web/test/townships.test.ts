import { describe, expect, it } from "vitest";
import type { GridRow } from "../src/api/types";
import { listTownships } from "../src/app/allGrids";

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
