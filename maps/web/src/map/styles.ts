/** How things look: quiet fills, heavier lines for higher divisions, red centers, orange gaps. */
import type { FeatureLike } from "ol/Feature";
import { Circle, Fill, RegularShape, Stroke, Style } from "ol/style";
import type { StyleFunction } from "ol/style/Style";
import type { CenterLevel, ProfileStatus } from "../api/types";
import { type Classes, colourOf, NO_DATA, STATUS_COLOURS } from "./classes";

export const INK = "#2f4a3d";
export const CENTER_RED = "#b91c1c";
export const GAP_ORANGE = "#c2410c";
export const PROBLEM = "#7c2d12";

export const TOWNSHIP_LINE = { color: "#1f3529", width: 2.6 };
export const VILLAGE_LINE = { color: "#3f5a4c", width: 1.4 };
export const GRID_LINE = { color: "#8aa597", width: 0.7 };

const line = (options: { color: string; width: number; lineDash?: number[] }) =>
  new Style({ stroke: new Stroke(options) });

export const countyStyle = [
  line({ color: "rgba(255,255,255,.8)", width: 6 }),
  line({ color: "#14261c", width: 3.2 }),
];

/** Lines thin out as the county shrinks, or 204 villages turn into a black net. */
export function boundaryStyle(of: { color: string; width: number }): StyleFunction {
  const cache = new Map<number, Style>();
  return (_, resolution) => {
    const factor = resolution > 110 ? 0.55 : resolution > 50 ? 0.75 : 1;
    let style = cache.get(factor);
    if (!style) {
      style = line({ color: of.color, width: of.width * factor });
      cache.set(factor, style);
    }
    return style;
  };
}

export const naturalVillageStyle = new Style({
  fill: new Fill({ color: "rgba(120,113,64,.07)" }),
  stroke: new Stroke({ color: "#7a6f3b", width: 1, lineDash: [2, 3] }),
});

export const ROAD_LINE = "#8d6b3f";
export const WATER_LINE = "#2b6f9e";

/** Wider for roads that lead farther; lanes thin out as the county shrinks. */
const ROAD_WIDTH: Record<string, number> = {
  motorway: 3,
  trunk: 2.6,
  primary: 2.2,
  secondary: 1.8,
  tertiary: 1.3,
};
const roadStyles = new Map<number, Style>();

export const roadStyle: StyleFunction = (feature, resolution) => {
  const kind = String(feature.get("road_class")).replace("_link", "");
  const width = (ROAD_WIDTH[kind] ?? 0.9) * (resolution > 60 ? 0.7 : 1);
  let style = roadStyles.get(width);
  if (!style) {
    style = line({ color: ROAD_LINE, width });
    roadStyles.set(width, style);
  }
  return style;
};

/** Rivers and water blue; railways, walls and cliffs dark and dashed. */
const water = new Style({
  fill: new Fill({ color: "rgba(43,111,158,.25)" }),
  stroke: new Stroke({ color: WATER_LINE, width: 1.6 }),
});
const wall = line({ color: "#4b5563", width: 1.6, lineDash: [6, 3] });

export const barrierStyle: StyleFunction = (feature) =>
  ["river", "water"].includes(String(feature.get("kind"))) ? water : wall;

export type GridColour = (feature: FeatureLike) => string;

type NumberOfGrid = "households" | "residents" | "center_max_m";

export function colourByNumber(property: NumberOfGrid, classes: Classes): GridColour {
  return (feature) => colourOf(classes, feature.get(property) as number | undefined);
}

/** Colours by a number that comes beside the tiles: the score of a grid in an answer. */
export const colourByScore =
  (scores: ReadonlyMap<string, number | null>, classes: Classes): GridColour =>
  (feature) =>
    colourOf(classes, scores.get(String(feature.get("code"))));

export const colourByStatus: GridColour = (feature) =>
  STATUS_COLOURS[feature.get("profile_status") as ProfileStatus] ?? NO_DATA;

export function gridStyle(colour: GridColour): StyleFunction {
  const cache = new Map<string, Style>();
  return (feature, resolution) => {
    const fill = colour(feature);
    const width = resolution > 60 ? GRID_LINE.width * 0.6 : GRID_LINE.width;
    const key = `${fill}|${width}`;
    let style = cache.get(key);
    if (!style) {
      style = new Style({
        fill: new Fill({ color: fill }),
        stroke: new Stroke({ color: GRID_LINE.color, width }),
      });
      cache.set(key, style);
    }
    return style;
  };
}

export const hoverStyle = new Style({
  fill: new Fill({ color: "rgba(255,255,255,.35)" }),
  stroke: new Stroke({ color: INK, width: 1.6 }),
});

/**
 * Images that are never left out for want of room. OpenLayers finds an image of any other kind under
 * the pointer only in layers that place their images by the room there is, which these do not.
 */
const HIT = "none";

/** A dot for one household; for an aggregate the area grows with the number. */
export function householdStyle(): StyleFunction {
  const cache = new Map<number, Style>();
  return (feature) => {
    const number = feature.get("aggregated") ? Number(feature.get("count") ?? 1) : 0;
    const radius = number === 0 ? 2 : Math.min(3.4, 0.7 + 0.3 * Math.sqrt(number));
    const rounded = Math.round(radius * 5) / 5;
    let style = cache.get(rounded);
    if (!style) {
      style = new Style({
        image: new Circle({
          radius: rounded,
          fill: new Fill({ color: "rgba(25,52,40,.55)" }),
          declutterMode: HIT,
        }),
      });
      cache.set(rounded, style);
    }
    return style;
  };
}

const CENTER_RADIUS: Record<CenterLevel, number> = {
  county: 13,
  township: 10.5,
  village: 8,
  station: 6,
};
const CENTER_ORDER: Record<CenterLevel, number> = {
  county: 4,
  township: 3,
  village: 2,
  station: 1,
};

function centerSymbol(radius: number, level: CenterLevel): Style[] {
  const zIndex = CENTER_ORDER[level];
  const disc = new Style({
    zIndex,
    image: new Circle({
      radius,
      fill: new Fill({ color: CENTER_RED }),
      stroke: new Stroke({ color: "#fff", width: radius > 6 ? 1.5 : 0.8 }),
      declutterMode: HIT,
    }),
  });
  if (radius < 5) return [disc];
  const triangle = new Style({
    zIndex,
    image: new RegularShape({
      points: 3,
      radius: radius * 0.58,
      fill: new Fill({ color: "#fff" }),
      declutterMode: HIT,
    }),
  });
  return [disc, triangle];
}

/** Red disc with a white triangle, larger for higher levels, a plain dot while small. */
export function centerStyle(): StyleFunction {
  const cache = new Map<string, Style[]>();
  return (feature, resolution) => {
    const level = (feature.get("level") as CenterLevel) ?? "village";
    const factor = resolution > 110 ? 0.42 : resolution > 50 ? 0.58 : resolution > 20 ? 0.8 : 1;
    const key = `${level}|${factor}`;
    let style = cache.get(key);
    if (!style) {
      style = centerSymbol((CENTER_RADIUS[level] ?? 7) * factor, level);
      cache.set(key, style);
    }
    return style;
  };
}
