import { Polygon } from "ol/geom";
import { describe, expect, it } from "vitest";
import type { NaturalVillageProperties } from "../src/api/plans";
import { assignment, mayPaint, repaint, type Taker, totalsOf } from "../src/plan/painting";
import { brushed, encircled, insideOf } from "../src/tools/brush";

const VILLAGE = "500229001001";
const A = `${VILLAGE}001`;
const B = `${VILLAGE}002`;
const C = `${VILLAGE}003`;

const cell = (id: number, grids: string[], more: object = {}): NaturalVillageProperties => ({
  id,
  code: `N${id}`,
  name: `湾${id}`,
  village_code: VILLAGE,
  households: id,
  residents: 3 * id,
  area_m2: 1,
  grid: grids.length === 1 ? (grids[0] ?? null) : null,
  grids,
  editable: true,
  ...more,
});
const taker: Taker = {
  code: A,
  name: "一",
  village_code: VILLAGE,
  households: 10,
  residents: 30,
};
const rules = (sources: string[] = [], locked: string[] = []) => ({
  taker,
  sources,
  isLocked: (code: string) => locked.includes(code),
});

describe("what may be painted", () => {
  it("is what other grids of the village have", () => {
    expect(mayPaint(cell(1, [B]), rules())).toBe("yes");
    expect(mayPaint(cell(1, [B, A]), rules())).toBe("yes");
    expect(mayPaint(cell(1, [A]), rules())).toBe("own");
    expect(mayPaint(cell(1, [B], { village_code: "500229001002" }), rules())).toBe("no");
    expect(mayPaint(cell(1, [B], { editable: false }), rules())).toBe("no");
  });

  it("leaves locked grids alone, unless nothing is taken from them", () => {
    expect(mayPaint(cell(1, [B, C]), rules([], [C]))).toBe("no");
    expect(mayPaint(cell(1, [B, C]), rules([B], [C]))).toBe("yes");
    expect(mayPaint(cell(1, [B, A]), rules([], [A]))).toBe("yes");
  });

  it("keeps to the sources", () => {
    expect(mayPaint(cell(1, [C]), rules([B]))).toBe("no");
    expect(mayPaint(cell(1, [C, B]), rules([B]))).toBe("yes");
  });
});

describe("painting", () => {
  it("adds what is new and takes away with Shift", () => {
    const [one, two, three] = [cell(1, [B]), cell(2, [B]), cell(3, [B])];
    expect(repaint([one], [one, two], false)).toEqual([two, one].reverse());
    expect(repaint([one, two, three], [two], true)).toEqual([one, three]);
  });

  it("adds up, and says when the sum is rough", () => {
    expect(totalsOf([cell(2, [B]), cell(3, [C])])).toEqual({
      households: 5,
      residents: 15,
      isRough: false,
    });
    expect(totalsOf([cell(2, [B, C])]).isRough).toBe(true);
  });

  it("becomes an edit that names codes, or ids where there is no code", () => {
    const painted = [cell(1, [B]), cell(7, [B], { code: null })];
    expect(assignment({ painted, taker, tidy: false }, [])).toEqual({
      type: "assign",
      natural_villages: ["N1", 7],
      to: A,
    });
    expect(assignment({ painted, taker, tidy: true }, [B])).toMatchObject({
      from: [B],
      tidy: true,
    });
    expect(assignment({ painted: [], taker, tidy: false }, [])).toBeNull();
    expect(assignment({ painted, taker: null, tidy: false }, [])).toBeNull();
  });
});

class Square {
  constructor(
    readonly x: number,
    readonly y = 0,
  ) {}
  getGeometry(): Polygon {
    const { x, y } = this;
    return new Polygon([
      [
        [x, y],
        [x + 10, y],
        [x + 10, y + 10],
        [x, y + 10],
        [x, y],
      ],
    ]);
  }
}
const row = [new Square(0), new Square(20), new Square(40), new Square(60)];

describe("the brush", () => {
  it("touches what lies within its radius", () => {
    expect(brushed([[5, 5]], 2, row)).toEqual([row[0]]);
    expect(brushed([[15, 5]], 4.9, row)).toEqual([]);
    expect(brushed([[15, 5]], 5, row)).toEqual([row[0], row[1]]);
  });

  it("misses nothing between two places of a fast stroke", () => {
    const stroke = [
      [5, 5],
      [45, 5],
    ];
    expect(brushed(stroke, 1, row)).toEqual(row.slice(0, 3));
  });
});

describe("the lasso", () => {
  it("holds what has its middle inside", () => {
    const ring = [
      [-5, -5],
      [28, -5],
      [28, 15],
      [-5, 15],
    ];
    expect(encircled(ring, row)).toEqual([row[0], row[1]]);
    expect(encircled(ring.slice(0, 2), row)).toEqual([]);
  });

  it("takes a place inside, also of a shape that is bent around its middle", () => {
    const bent = new Polygon([
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [9, 10],
        [9, 1],
        [0, 1],
        [0, 0],
      ],
    ]);
    expect(bent.intersectsCoordinate(insideOf(bent))).toBe(true);
  });
});
