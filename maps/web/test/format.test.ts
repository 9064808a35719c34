import { describe, expect, it } from "vitest";
import {
  coordinates,
  count,
  day,
  kilometres,
  length,
  parseCoordinates,
  percent,
  spacedCode,
  squareKilometres,
} from "../src/i18n/format";

describe("numbers", () => {
  it("separate thousands and never show unknown as 0", () => {
    expect(count(197497)).toBe("197,497");
    expect(count(0)).toBe("0");
    expect(count(null)).toBe("—");
    expect(count(undefined)).toBe("—");
    expect(percent(0.9142)).toBe("91.4");
    expect(percent(null)).toBe("—");
  });

  it("carry lengths and areas in the units of planners", () => {
    expect(kilometres(2430)).toBe("2.4");
    expect(length(95)).toBe("95 m");
    expect(length(1830)).toBe("1.8 km");
    expect(squareKilometres(2_940_000)).toBe("2.9");
    expect(squareKilometres(12_000)).toBe("0.01");
    expect(squareKilometres(3_292_000_000)).toBe("3,292");
    expect(squareKilometres(null)).toBe("—");
  });
});

describe("day", () => {
  it("is the county's, not the computer's", () => {
    expect(day("2021-02-28T16:00:00Z")).toBe("2021-03-01");
    expect(day(null)).toBe("—");
    expect(day("yesterday")).toBe("—");
  });
});

describe("codes", () => {
  it("are spaced by level, and left alone when of another shape", () => {
    expect(spacedCode("500229102203007")).toBe("500229 102 203 007");
    expect(spacedCode("500229102")).toBe("500229 102");
    expect(spacedCode("ZRC-12")).toBe("ZRC-12");
    expect(spacedCode(null)).toBe("—");
  });
});

describe("coordinates", () => {
  it("are written with their hemisphere", () => {
    expect(coordinates([108.66423, 31.94712])).toBe("108.6642 E 31.9471 N");
    expect(coordinates([-98.5, -3])).toBe("98.5000 W 3.0000 S");
  });

  it.each([
    ["108.6642,31.9471", [108.6642, 31.9471]],
    ["108.6642，31.9471", [108.6642, 31.9471]],
    [" 108.6642 E 31.9471 N ", [108.6642, 31.9471]],
    ["东经108.6642° 北纬31.9471°", [108.6642, 31.9471]],
    ["31.9471", null],
    ["108.66, 131.9", null],
    ["河鱼村", null],
    ["", null],
  ])("read %s", (text, expected) => {
    expect(parseCoordinates(text)).toEqual(expected);
  });
});
