import { describe, expect, it } from "vitest";
import type { GridChange } from "../src/api/difference";
import type { GridRow } from "../src/api/types";
import { loadLanguage, translator } from "../src/i18n/translate";
import { pictureSize } from "../src/app/printComparison";
import { roundScale } from "../src/map/picture";
import { binsOf } from "../src/panels/Histogram";
import { changeCells, movesOf } from "../src/panels/compare/moves";
import { filterOf, type Question, sumUp } from "../src/panels/table/gridList";
import { csvOf, gridCells } from "../src/panels/table/listed";

await loadLanguage("en");
const t = translator("en");
const row = (code: string, households: number | null, status: GridRow["profile_status"]) =>
  ({
    code,
    name: `=${code}`,
    kind: "basic",
    households,
    residents: households === null ? null : households * 3,
    registered: null,
    elderly: null,
    area_m2: 1000.4,
    center_max_m: null,
    profile_status: status,
  }) as GridRow;

const QUESTION: Question = {
  where: "scope",
  text: "",
  status: null,
  locked: false,
  changed: false,
  sorting: { by: "code", order: "asc" },
};

describe("what the table asks", () => {
  it("is a box in the view, a division in the plan's scope, neither for all", () => {
    const box: [number, number, number, number] = [1, 2, 3, 4];
    const view = filterOf({ ...QUESTION, where: "view" }, box, "500229102");
    expect([view.bbox, view.village]).toEqual([box, null]);
    const scope = filterOf({ ...QUESTION, locked: true }, box, "500229102");
    expect([scope.bbox, scope.village, scope.locked, scope.drafted]).toEqual([
      null,
      "500229102",
      true,
      null,
    ]);
    const all = filterOf({ ...QUESTION, where: "all", changed: true }, box, "500229102");
    expect([all.bbox, all.village, all.drafted]).toEqual([null, null, true]);
  });

  it("is added up here for rows that only the page has chosen", () => {
    const rows = [row("1", 40, "within"), row("2", 5, "below"), row("3", null, null)];
    expect(sumUp(rows)).toEqual({
      households: 45,
      residents: 135,
      registered: 0,
      within: 1,
      below: 1,
      above: 0,
      empty: 0,
    });
  });
});

describe("files", () => {
  it("open in a spreadsheet, and no cell of them runs", () => {
    expect(csvOf([["a", 'say "x", y', null, -3, "-3", "+1", "@x"]])).toBe(
      `\uFEFFa,"say ""x"", y",,-3,'-3,'+1,'@x\r\n`,
    );
  });

  it("say the households before where a plan is open; of what it leaves alone those of now", () => {
    const change = { code: "1", households_before: 60 } as GridChange;
    const changes = new Map([["1", change]]);
    const [head, first, second] = gridCells(
      t,
      [row("1", 40, "within"), row("2", 5, "below")],
      changes,
    );
    expect(head).toContain("Households before");
    expect(first?.slice(5, 7)).toEqual([40, 60]);
    expect(second?.slice(5, 7)).toEqual([5, 5]);
    const [plain] = gridCells(t, [], null);
    expect(plain).not.toContain("Households before");
    expect(plain).toHaveLength((head?.length ?? 0) - 1);
  });

  it("list what changes with a heading for every column", () => {
    const grids = [{ code: "1", change: "removed" } as GridChange];
    const joint_villages = [
      {
        code: "500229100601",
        change: "changed" as const,
        name: "New",
        members: ["a", "b"],
        before: { name: "Old", members: ["a", "c"] },
      },
    ];
    const villages = ["a", "b", "c"].map((code) => ({ code, name: code.toUpperCase() }));
    const [head, grid, joint] = changeCells(t, { grids, joint_villages, villages });
    expect(grid).toHaveLength(head?.length ?? 0);
    expect(grid?.[4]).toBe("Removed");
    expect(joint).toHaveLength(head?.length ?? 0);
    expect(joint?.slice(0, 5)).toEqual([
      "500229100601",
      null,
      "New",
      null,
      "joint village (Changed)",
    ]);
    expect(joint?.at(-1)).toBe("A, B; Joined: B; Left: C");
  });
});

describe("households that move", () => {
  const moved = (old_grid: string | null, new_grid: string | null, lon: number) => ({
    household: String(lon),
    old_grid,
    new_grid,
    residents: 2,
    point: [lon, 30] as [number, number],
  });

  it("are counted by the pair of grids, the most first", () => {
    const moves = movesOf([
      moved("b", "c", 1),
      moved("a", "b", 2),
      moved("a", "b", 4),
      moved(null, "b", 3),
    ]);
    expect(moves.map(({ from, to, households }) => [from, to, households])).toEqual([
      ["a", "b", 2],
      ["b", "c", 1],
      [null, "b", 1],
    ]);
    expect(moves[0]?.residents).toBe(4);
    expect(moves[0]?.bbox).toEqual([2, 30, 4, 30]);
  });
});

describe("the histogram", () => {
  it("has the same bins before and after", () => {
    const { width, counts, before } = binsOf([10, 20, 90], [10, 150]);
    expect(counts).toHaveLength(before.length);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(3);
    expect(before.reduce((sum, n) => sum + n, 0)).toBe(2);
    expect(before.at(-1)).toBe(1);
    expect(before.length * width).toBeGreaterThan(150);
  });
});

describe("the printed comparison", () => {
  it("has a scale that reads well and shows no less than was asked", () => {
    expect(roundScale(23_170)).toBe(25_000);
    expect(roundScale(25_000)).toBe(25_000);
    expect(roundScale(25_600)).toBe(30_000);
    expect(roundScale(8_100)).toBe(10_000);
  });

  it("gives its maps the room that the register leaves, never less than can be read", () => {
    const few = pictureSize("A4-landscape", 4 * 5.6);
    const many = pictureSize("A4-landscape", 60 * 5.6);
    expect(few.height_mm).toBeGreaterThan(many.height_mm);
    expect(few.height_mm + 50 + 4 * 5.6).toBeLessThanOrEqual(190);
    expect(many.height_mm).toBeGreaterThan(50);
    expect(pictureSize("A4-portrait", 4 * 5.6).width_mm).toBeLessThan(few.width_mm);
  });
});
