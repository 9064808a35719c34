import { fromLonLat } from "ol/proj";
import { describe, expect, it } from "vitest";
import { storedPlace } from "../src/tools/nodes";
import { isTangled, moveNode, neighboursOf } from "../src/tools/tangle";

const SQUARE = [
  [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
    [0, 0],
  ],
];

describe("a node that is moved", () => {
  it("closes the ring it begins", () => {
    const { rings, moved } = moveNode(SQUARE, [0, 0], [1, 2]);
    expect(moved).toBe(2);
    expect(rings[0]?.[0]).toEqual([1, 2]);
    expect(rings[0]?.at(-1)).toEqual([1, 2]);
    expect(moveNode(SQUARE, [5, 5], [1, 2]).moved).toBe(0);
  });

  it("has a neighbour on each side, also at the beginning of the ring", () => {
    expect(neighboursOf(SQUARE, [0, 0])).toEqual([
      [0, 10],
      [10, 0],
    ]);
    const other = [
      [
        [10, 0],
        [20, 0],
        [10, 10],
        [10, 0],
      ],
    ];
    const ends = neighboursOf([...SQUARE, ...other], [10, 0]);
    expect(ends).toEqual([
      [0, 0],
      [10, 10],
      [20, 0],
    ]);
  });

  it("makes a bow-tie when a line at it crosses another one", () => {
    const fine = moveNode(SQUARE, [10, 10], [14, 3]).rings;
    expect(isTangled(fine, [14, 3])).toBe(false);
    const tied = moveNode(SQUARE, [10, 10], [5, -5]).rings;
    expect(isTangled(tied, [5, -5])).toBe(true);
  });

  it("makes one with a hole, too", () => {
    const hole = [
      [4, 4],
      [6, 4],
      [6, 6],
      [4, 6],
      [4, 4],
    ];
    const { rings } = moveNode([...SQUARE, hole], [10, 10], [5.5, 5]);
    expect(isTangled(rings, [5.5, 5])).toBe(true);
  });
});

describe("the stored place of a node", () => {
  it("comes back from the screen to the last digit", () => {
    for (let step = 0; step < 2000; step++) {
      const lon = Number((108.25 + step * 0.000513377).toFixed(9));
      const lat = Number((31.62 + step * 0.000291119).toFixed(9));
      expect(storedPlace(fromLonLat([lon, lat]))).toEqual([lon, lat]);
    }
  });
});
