import { describe, expect, it } from "vitest";
import { type Box, type Pixel, placeBeside } from "../src/plan/place";

const frame: Box = { x: 10, y: 10, width: 780, height: 480 };
const card = { width: 240, height: 180 };
const ring = (x: number, y: number, width: number, height: number): Pixel[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
];
const meets = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function place(shapes: Pixel[][], taken: Box[] = []): Box {
  return { ...placeBeside({ shapes, card, frame, taken }), ...card };
}

describe("a card beside its shapes", () => {
  it.each([
    [300, 150, 120, 100],
    [20, 20, 400, 400],
    [500, 300, 280, 180],
    [20, 20, 700, 250],
  ])("does not cover a shape at %i %i of %i by %i", (x, y, width, height) => {
    const box = place([ring(x, y, width, height)]);
    expect(meets(box, { x, y, width, height })).toBe(false);
    expect(box.x).toBeGreaterThanOrEqual(frame.x);
    expect(box.y).toBeGreaterThanOrEqual(frame.y);
    expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width);
    expect(box.y + box.height).toBeLessThanOrEqual(frame.y + frame.height);
  });

  it("stays near", () => {
    const box = place([ring(300, 150, 120, 100)]);
    expect(box.x - 420).toBeLessThan(60);
  });

  it("uses the room beside a slanted shape, though the box around it fills the frame", () => {
    const slanted: Pixel[] = [
      [10, 10],
      [60, 10],
      [790, 490],
      [740, 490],
      [10, 10],
    ];
    const box = place([slanted]);
    const corners: Pixel[] = [
      [box.x, box.y + box.height],
      [box.x + box.width, box.y],
    ];
    const side = ([x, y]: Pixel) => (y - 10) * 730 - (x - 35) * 480;
    expect(corners.every((at) => side(at) > 0) || corners.every((at) => side(at) < 0)).toBe(true);
  });

  it("keeps away from what else stands on the map", () => {
    const legend: Box = { x: 430, y: 10, width: 200, height: 480 };
    const box = place([ring(300, 150, 120, 100)], [legend]);
    expect(meets(box, legend)).toBe(false);
  });

  it.each([
    ["shapes that fill the map", [ring(-500, -500, 2000, 2000)]],
    ["no shape at all", []],
  ])("stays in the frame with %s", (_, shapes) => {
    const box = place(shapes);
    expect(box.x).toBeGreaterThanOrEqual(frame.x);
    expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width);
    expect(box.y + box.height).toBeLessThanOrEqual(frame.y + frame.height);
  });
});
