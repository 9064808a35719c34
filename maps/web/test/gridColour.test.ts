import Feature from "ol/Feature";
import { describe, expect, it } from "vitest";
import { distanceClasses, NO_DATA } from "../src/map/classes";
import { colourByNumber } from "../src/map/styles";

describe("colour by distance to center", () => {
  const colour = colourByNumber("center_max_m", distanceClasses());
  const of = (center_max_m?: number) => colour(new Feature({ center_max_m }));

  it("reads the tile's own number", () => {
    expect(of(999)).toBe(distanceClasses().colours[0]);
    expect(of(1000)).toBe(distanceClasses().colours[1]);
    expect(of(80_000)).toBe(distanceClasses().colours.at(-1));
  });

  it("leaves a grid white that has none", () => {
    expect(of()).toBe(NO_DATA);
  });
});
