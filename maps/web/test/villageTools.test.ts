import { describe, expect, it } from "vitest";
import type { PlanComment } from "../src/api/comments";
import type { DraftGrid, DraftGridProperties } from "../src/api/plans";
import { withComment } from "../src/plan/comments";
import { namesake } from "../src/plan/form";
import { lockAll, lockOthers, toggleGrid, toggleVillage, unlockAll } from "../src/plan/locks";
import { newCodes } from "../src/plan/numbering";

const grid = (code: string, locked: boolean, village = "V") => ({
  code,
  village_code: village,
  locked,
  editable: true,
});
const [one, two, three] = [grid("1", false), grid("2", true), grid("3", true, "W")] as const;
const all = [one, two, three];

describe("locks", () => {
  it("are turned by a click", () => {
    expect(toggleGrid(one)).toEqual({ type: "lock", grids: ["1"] });
    expect(toggleGrid(two)).toEqual({ type: "unlock", grids: ["2"] });
  });

  it("of a village go with those of its grids when it is unlocked", () => {
    expect(toggleVillage(one, all)).toEqual({ type: "lock", villages: ["V"] });
    expect(toggleVillage(two, all)).toEqual({ type: "unlock", villages: ["V"], grids: ["2"] });
  });

  it("come in numbers, and not for nothing", () => {
    expect(lockAll(all)).toEqual({ type: "lock", grids: ["1"] });
    expect(lockOthers(all, ["1"])).toBeNull();
    expect(lockOthers([one, grid("4", false)], ["1"])).toEqual({ type: "lock", grids: ["4"] });
    expect(unlockAll([one])).toBeNull();
    expect(unlockAll(all)).toEqual({ type: "unlock", grids: ["2", "3"], villages: ["V", "W"] });
  });
});

describe("a name", () => {
  const named = (code: string, name: string) => ({
    code,
    name,
    kind: "basic" as const,
    village_code: "V",
  });
  it("is taken when another grid of the village has it", () => {
    const grids = [named("1", "一"), named("2", "二")];
    expect(namesake(" 二 ", grids[0]!, grids)?.code).toBe("2");
    expect(namesake("一", grids[0]!, grids)).toBeNull();
  });
});

describe("new codes", () => {
  it("pair the old ones by shape and leave out what stays", () => {
    const shape = (x: number) => ({ type: "Polygon", coordinates: [[[x, 0]]] });
    const before = ["1", "2", "3"].map((code, x) => ({
      type: "Feature" as const,
      geometry: shape(x),
      properties: { code } as DraftGridProperties,
    }));
    const after = [
      { code: "2", name: "甲", geometry: shape(0) },
      { code: "1", name: "乙", geometry: shape(1) },
      { code: "3", name: "丙", geometry: shape(2) },
    ] as DraftGrid[];
    expect(newCodes(before, after)).toEqual([
      { before: "1", after: "2", name: "甲" },
      { before: "2", after: "1", name: "乙" },
    ]);
  });
});

describe("comments", () => {
  const comment = (id: number, resolved = false) => ({ id, resolved }) as PlanComment;
  it("are replaced where they stand, new ones come last", () => {
    const list = [comment(1), comment(2)];
    expect(withComment(list, comment(1, true))).toEqual([comment(1, true), comment(2)]);
    expect(withComment(list, comment(3))).toEqual([comment(1), comment(2), comment(3)]);
  });
});
