/** How answers of service analyses look: orange hatching for gaps, readable in grey print. */
import type { FeatureLike } from "ol/Feature";
import { Circle, Fill, RegularShape, Stroke, Style } from "ol/style";
import type { ReachState } from "../api/service";
import { CENTER_RED, GAP_ORANGE } from "./styles";

export const REACH_GREEN = "#14532d";
export const NO_WAY = "#4a1d0b";

const fill = (color: string | CanvasPattern) => new Fill({ color });
const stroke = (color: string, width: number, lineDash?: number[]) =>
  new Stroke({ color, width, ...(lineDash ? { lineDash } : {}) });

function hatching(): CanvasPattern | string {
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

export const gapStyle = () =>
  new Style({ fill: fill(hatching()), stroke: stroke(GAP_ORANGE, 1.1, [6, 4]) });

export const gapFocusStyle = new Style({ stroke: stroke(GAP_ORANGE, 4) });

export const reachStyle = new Style({
  fill: fill("rgba(20,83,45,.05)"),
  stroke: stroke(REACH_GREEN, 1.4, [2, 3]),
});

/** Each reason for not being served has a shape of its own, not only a colour. */
const UNSERVED: Partial<Record<ReachState, Style>> = {
  far: new Style({
    image: new Circle({ radius: 2.6, fill: fill(GAP_ORANGE), stroke: stroke("#fff", 0.7) }),
  }),
  unreachable: new Style({
    image: new RegularShape({
      points: 4,
      radius: 4.4,
      angle: Math.PI / 4,
      fill: fill(NO_WAY),
      stroke: stroke("#fff", 0.7),
    }),
  }),
  off_network: new Style({
    image: new RegularShape({
      points: 3,
      radius: 4.2,
      fill: fill("#fff"),
      stroke: stroke(NO_WAY, 1.4),
    }),
  }),
};

export function unservedStyle(feature: FeatureLike): Style | undefined {
  return UNSERVED[feature.get("status") as ReachState] ?? UNSERVED.far;
}

export const overflowStyle = new Style({
  image: new RegularShape({
    points: 4,
    radius: 4.2,
    fill: fill(GAP_ORANGE),
    stroke: stroke("#fff", 0.8),
  }),
});

/** A place where one new center would serve most of a gap. */
export const siteStyle = new Style({
  image: new RegularShape({
    points: 5,
    radius: 11,
    radius2: 5,
    fill: fill("#fff"),
    stroke: stroke(GAP_ORANGE, 2.6),
  }),
});

export const areaStyle = (isOver: (code: string) => boolean) => {
  const usual = new Style({
    fill: fill("rgba(255,255,255,.01)"),
    stroke: stroke(REACH_GREEN, 1.1),
  });
  const over = new Style({ fill: fill("rgba(255,255,255,.01)"), stroke: stroke(GAP_ORANGE, 1.6) });
  return (feature: FeatureLike) => (isOver(String(feature.get("code"))) ? over : usual);
};

export const areaFocusStyle = new Style({
  fill: fill("rgba(255,255,255,.01)"),
  stroke: stroke(REACH_GREEN, 3.4),
});

export const wayStyle = [
  new Style({ stroke: stroke("rgba(255,255,255,.95)", 7) }),
  new Style({ stroke: stroke(CENTER_RED, 3) }),
];

export const fromStyle = new Style({
  image: new Circle({ radius: 5.5, fill: fill("#fff"), stroke: stroke(CENTER_RED, 3) }),
});
