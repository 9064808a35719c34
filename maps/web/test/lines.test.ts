import Feature from "ol/Feature";
import { Polygon } from "ol/geom";
import { describe, expect, it } from "vitest";
import { crossedBy, walk } from "../src/tools/crossed";
import { encircledBy } from "../src/tools/encircled";
import { findPair } from "../src/tools/pair";

function square(code: string, x: number, y: number, village = "v"): Feature<Polygon> {
  const ring = [
    [x, y],
    [x + 100, y],
    [x + 100, y + 100],
    [x, y + 100],
    [x, y],
  ];
  return new Feature({ code, village_code: village, geometry: new Polygon([ring]) });
}

// Four grids of a village and, east of them, one of another village.
const a = square("a", 0, 100);
const b = square("b", 100, 100);
const c = square("c", 0, 0);
const d = square("d", 100, 0);
const other = square("o", 200, 100, "w");
const grids = [a, b, c, d, other];
const codes = (found: readonly Feature<Polygon>[] | null) =>
  found?.map((grid) => String(grid.get("code"))).sort() ?? null;

describe("the two grids of a new border", () => {
  it.each([
    [
      "from the border into one grid and back",
      [
        [100, 180],
        [60, 150],
        [100, 120],
      ],
      ["a", "b"],
    ],
    [
      "into the other grid",
      [
        [100, 180],
        [140, 150],
        [100, 120],
      ],
      ["a", "b"],
    ],
    [
      "over both sides",
      [
        [100, 190],
        [70, 170],
        [130, 130],
        [100, 110],
      ],
      ["a", "b"],
    ],
    [
      "from corner to corner of the border",
      [
        [100, 200],
        [80, 150],
        [100, 100],
      ],
      ["a", "b"],
    ],
    [
      "from a little beyond the border",
      [
        [104, 180],
        [30, 150],
        [104, 120],
      ],
      ["a", "b"],
    ],
    [
      "beside a border to another village",
      [
        [200, 180],
        [160, 150],
        [200, 120],
      ],
      null,
    ],
    [
      "from one neighbour's border to another's",
      [
        [100, 150],
        [50, 140],
        [50, 100],
      ],
      null,
    ],
    [
      "within one grid",
      [
        [20, 120],
        [80, 180],
      ],
      null,
    ],
    [
      "through three grids",
      [
        [50, 150],
        [150, 150],
        [150, 50],
      ],
      null,
    ],
    [
      "beyond all grids",
      [
        [500, 500],
        [600, 600],
      ],
      null,
    ],
  ])("%s", (_, line, wanted) => {
    expect(codes(findPair(line, grids))).toEqual(wanted);
  });
});

describe("the grids a line divides", () => {
  it("leave a grid alone whose corner the line only clips, unless there is no other", () => {
    const across = [
      [-20, 92],
      [100, 92],
      [110, 103],
    ];
    const clipping = [
      [95, -2],
      [102, 5],
      [101, -8],
    ];
    expect(codes(crossedBy(across, [c, d]))).toEqual(["c"]);
    expect(codes(crossedBy(clipping, [d]))).toEqual(["d"]);
  });

  it.each([
    [
      "one, from outside to outside",
      [
        [-10, 150],
        [105, 150],
      ],
      ["a"],
    ],
    [
      "two at once",
      [
        [-10, 150],
        [210, 150],
      ],
      ["a", "b"],
    ],
    [
      "from border to border",
      [
        [0, 150],
        [100, 150],
      ],
      ["a"],
    ],
    [
      "the one it runs in most, where it ends inside",
      [
        [-10, 150],
        [90, 150],
      ],
      ["a"],
    ],
    [
      "none beside the grids",
      [
        [-10, -50],
        [210, -50],
      ],
      [],
    ],
    [
      "none along a border",
      [
        [100, 210],
        [100, 90],
      ],
      [],
    ],
  ])("%s", (_, line, wanted) => {
    expect(codes(crossedBy(line, [a, b, c, d]))).toEqual(wanted);
  });
});

describe("the places along a line", () => {
  it("are spread evenly over pieces of any length", () => {
    const places = [
      ...walk([
        [0, 0],
        [1, 0],
        [256, 0],
      ]),
    ];
    expect(places.length).toBe(256);
    expect(places[0]).toEqual([0.5, 0]);
    expect(places[255]).toEqual([255.5, 0]);
  });

  it("are none of a line without length", () => {
    expect([
      ...walk([
        [5, 5],
        [5, 5],
      ]),
    ]).toEqual([]);
  });
});

describe("the grids within a lasso", () => {
  it("are those it meets, in part or from within", () => {
    const rope = (ring: number[][]) => new Polygon([ring]);
    expect(
      codes(
        encircledBy(
          rope([
            [40, 140],
            [60, 140],
            [50, 160],
            [40, 140],
          ]),
          grids,
        ),
      ),
    ).toEqual(["a"]);
    expect(
      codes(
        encircledBy(
          rope([
            [90, 90],
            [110, 90],
            [110, 110],
            [90, 110],
            [90, 90],
          ]),
          grids,
        ),
      ),
    ).toEqual(["a", "b", "c", "d"]);
    expect(
      encircledBy(
        rope([
          [-50, -50],
          [-40, -50],
          [-40, -40],
          [-50, -50],
        ]),
        grids,
      ),
    ).toEqual([]);
  });
});
