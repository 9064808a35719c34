/** The orange hatching of service gaps: readable in grey print and over any class colour. */
import { Circle, Fill, Stroke, Style } from "ol/style";
import { GAP_ORANGE, PROBLEM } from "./styles";

function pattern(): CanvasPattern | string {
  const size = 10;
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return "rgba(251,146,60,.4)";
  context.fillStyle = "rgba(255,237,213,.5)";
  context.fillRect(0, 0, size, size);
  context.strokeStyle = GAP_ORANGE;
  context.lineWidth = 1.1;
  context.beginPath();
  // Three strokes, so that the line goes on across the tile's corners.
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return context.createPattern(canvas, "repeat") ?? "rgba(251,146,60,.4)";
}

export function gapStyle(): Style {
  return new Style({
    fill: new Fill({ color: pattern() }),
    stroke: new Stroke({ color: GAP_ORANGE, width: 1.1, lineDash: [6, 4] }),
  });
}

export const strongGapStyle = new Style({
  stroke: new Stroke({ color: GAP_ORANGE, width: 4 }),
});

export const unservedStyle = new Style({
  image: new Circle({
    radius: 2.6,
    fill: new Fill({ color: GAP_ORANGE }),
    stroke: new Stroke({ color: "#fff", width: 0.7 }),
  }),
});

export const problemStyle = [
  new Style({ stroke: new Stroke({ color: "#fff", width: 6 }) }),
  new Style({
    fill: new Fill({ color: "rgba(194,65,12,.35)" }),
    stroke: new Stroke({ color: PROBLEM, width: 2.5 }),
    image: new Circle({
      radius: 7,
      fill: new Fill({ color: "rgba(194,65,12,.35)" }),
      stroke: new Stroke({ color: PROBLEM, width: 2.5 }),
    }),
  }),
];

export const selectionStyle = [
  new Style({
    zIndex: 1,
    stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 7 }),
    image: new Circle({ radius: 16, stroke: new Stroke({ color: "#fff", width: 6 }) }),
  }),
  new Style({
    zIndex: 2,
    stroke: new Stroke({ color: "#111827", width: 3 }),
    image: new Circle({ radius: 16, stroke: new Stroke({ color: "#111827", width: 3 }) }),
  }),
];

export const pickedStyle = new Style({
  image: new Circle({
    radius: 7,
    fill: new Fill({ color: "#111827" }),
    stroke: new Stroke({ color: "#fff", width: 3 }),
  }),
});
