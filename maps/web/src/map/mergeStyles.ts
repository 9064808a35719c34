/** How merge suggestions look: blue for what would change, orange hatching for what stays too small. */
import type { FeatureLike } from "ol/Feature";
import { Fill, Stroke, Style } from "ol/style";
import type { MergeUnit } from "../api/merges";
import { gapStyle } from "./serviceStyles";

export const MERGE_BLUE = "#1d4ed8";
export const PIN_VIOLET = "#6d28d9";
export const ACCEPTED_GREEN = "#14532d";
export const ABOVE_BROWN = "#7c2d12";

const fill = (color: string) => new Fill({ color });
const stroke = (color: string, width: number, lineDash?: number[]) =>
  new Stroke({ color, width, ...(lineDash ? { lineDash } : {}) });

const left = gapStyle();
const BY_STATE: Record<string, Style> = {
  merged: new Style({
    fill: fill("rgba(174,203,250,.78)"),
    stroke: stroke("rgba(29,78,216,.55)", 0.8),
  }),
  left,
  below: left,
  above: new Style({ fill: fill("rgba(205,176,166,.85)"), stroke: stroke(ABOVE_BROWN, 1) }),
  locked: new Style({ fill: fill("rgba(195,202,211,.85)"), stroke: stroke("#475569", 1, [4, 3]) }),
  empty: new Style({ fill: fill("rgba(255,255,255,.85)"), stroke: stroke("#64748b", 0.8, [1, 3]) }),
  within: new Style({
    fill: fill("rgba(255,255,255,.74)"),
    stroke: stroke("rgba(71,85,105,.35)", 0.6),
  }),
};

export const unitStyle = (feature: FeatureLike): Style | undefined =>
  BY_STATE[String(feature.get("state"))] ?? BY_STATE.within;

/** Units too small and too large for the sizes in the form, before anything is asked. */
export interface Tried {
  unit: MergeUnit;
  /** Code of the division that is looked at; null: everything. */
  scope: string | null;
  below: readonly string[];
  above: readonly string[];
}

/** Units while sizes are being tried: those of other places are left as they are. */
export function triedStyle({ scope, below, above }: Tried) {
  const state = new Map([
    ...below.map((code) => [code, "below"] as const),
    ...above.map((code) => [code, "above"] as const),
  ]);
  return (feature: FeatureLike): Style | undefined => {
    const code = String(feature.get("code"));
    const isLookedAt = String(feature.get("village_code") ?? code).startsWith(scope ?? "");
    return isLookedAt ? BY_STATE[state.get(code) ?? "within"] : undefined;
  };
}

export type GroupSign = "applied" | "pinned" | "rejected";

const GROUP = new Style({ stroke: stroke(MERGE_BLUE, 2) });
const SIGNS: Record<GroupSign, Style> = {
  applied: new Style({ fill: fill("rgba(20,83,45,.28)"), stroke: stroke(ACCEPTED_GREEN, 2.6) }),
  pinned: new Style({ stroke: stroke(PIN_VIOLET, 3) }),
  rejected: new Style({
    fill: fill("rgba(255,255,255,.6)"),
    stroke: stroke("#475569", 1.4, [5, 4]),
  }),
};

export const groupStyle = (signOf: (id: string) => GroupSign | null) => (feature: FeatureLike) => {
  const sign = signOf(String(feature.get("id")));
  return sign ? SIGNS[sign] : GROUP;
};

export const mergeFocusStyle = [
  new Style({ stroke: stroke("rgba(255,255,255,.95)", 8) }),
  new Style({ stroke: stroke(PIN_VIOLET, 4) }),
];
export const mergeHoverStyle = [
  new Style({ stroke: stroke("rgba(255,255,255,.9)", 6) }),
  new Style({ stroke: stroke(MERGE_BLUE, 3) }),
];
