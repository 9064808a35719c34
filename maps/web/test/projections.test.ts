import { transform } from "ol/proj";
import { describe, expect, it } from "vitest";
import { GCJ02, registerGcj02 } from "../src/map/projections";

const CHENGKOU = [108.6642, 31.9471];
const METRES_PER_DEGREE = 111_320;

function metresBetween(a: number[], b: number[]): number {
  const [lonA = 0, latA = 0] = a;
  const [lonB = 0, latB = 0] = b;
  const east = (lonA - lonB) * METRES_PER_DEGREE * Math.cos((latA * Math.PI) / 180);
  return Math.hypot(east, (latA - latB) * METRES_PER_DEGREE);
}

describe("GCJ-02", () => {
  registerGcj02();

  it("lies some 480 m off in Chengkou", () => {
    const mercator = transform(CHENGKOU, "EPSG:4326", "EPSG:3857");
    const shifted = transform(transform(mercator, "EPSG:3857", GCJ02), "EPSG:3857", "EPSG:4326");
    expect(metresBetween(shifted, CHENGKOU)).toBeGreaterThan(450);
    expect(metresBetween(shifted, CHENGKOU)).toBeLessThan(510);
  });

  it("comes back to the same place within 5 cm", () => {
    const there = transform(CHENGKOU, "EPSG:4326", GCJ02);
    expect(metresBetween(transform(there, GCJ02, "EPSG:4326"), CHENGKOU)).toBeLessThan(0.05);
  });

  it("is the same by way of Mercator and of degrees", () => {
    const mercator = transform(CHENGKOU, "EPSG:4326", "EPSG:3857");
    const one = transform(mercator, "EPSG:3857", GCJ02);
    const two = transform(CHENGKOU, "EPSG:4326", GCJ02);
    expect(one[0]).toBeCloseTo(two[0] as number, 3);
    expect(one[1]).toBeCloseTo(two[1] as number, 3);
  });
});
