import { describe, expect, it } from "vitest";
import { colourOf, distanceClasses, householdClasses, NO_DATA } from "../src/map/classes";
import { binsOf } from "../src/panels/Histogram";
import { ruleMarks } from "../src/panels/RuleBar";

describe("classes", () => {
  const classes = householdClasses([25, 50, 75, 100]);

  it("have one colour more than breaks, all different", () => {
    expect(classes.colours).toHaveLength(5);
    expect(new Set(classes.colours).size).toBe(5);
    expect(distanceClasses().colours).toHaveLength(distanceClasses().breaks.length + 1);
  });

  it("take a break into the higher class", () => {
    expect(colourOf(classes, 24)).toBe(classes.colours[0]);
    expect(colourOf(classes, 25)).toBe(classes.colours[1]);
    expect(colourOf(classes, 100)).toBe(classes.colours[4]);
    expect(colourOf(classes, 5000)).toBe(classes.colours[4]);
  });

  it("leave the unknown white", () => {
    expect(colourOf(classes, null)).toBe(NO_DATA);
    expect(colourOf(classes, Number.NaN)).toBe(NO_DATA);
  });

  it("darken with the number, also in grey print", () => {
    const grey = classes.colours.map((colour) => {
      const numbers = colour.match(/\w\w/g) ?? [];
      const [r, g, b] = numbers.map((part) => Number.parseInt(part, 16));
      return 0.299 * (r ?? 0) + 0.587 * (g ?? 0) + 0.114 * (b ?? 0);
    });
    expect([...grey].sort((a, b) => b - a)).toEqual(grey);
  });
});

describe("binsOf", () => {
  it("counts every grid once, outliers in the last bin", () => {
    const values = [...Array.from({ length: 300 }, (_, index) => index % 120), 5000];
    const { counts } = binsOf(values);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(values.length);
    expect(counts.length).toBeLessThanOrEqual(17);
  });

  it("stands an empty and a constant list", () => {
    expect(binsOf([]).counts).toEqual([0]);
    expect(binsOf([0, 0]).counts).toEqual([2]);
  });
});

describe("ruleMarks", () => {
  it("puts minimum, target and maximum in order and keeps the value on the bar", () => {
    const marks = ruleMarks(400, { minimum: 30, target: 60, maximum: 100 });
    expect(marks.minimum).toBeLessThan(marks.target ?? 0);
    expect(marks.target).toBeLessThan(marks.maximum ?? 0);
    expect(marks.value).toBe(100);
  });

  it("works without a rule", () => {
    expect(ruleMarks(12, null)).toMatchObject({ minimum: null, maximum: null });
    expect(ruleMarks(null, null).value).toBe(0);
  });
});
