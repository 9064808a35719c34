/** Shapes of what service analyses answer. Costs are in `unit`: metres or minutes. */
import type { Named } from "./addresses";
import type { Means, Measure, Method, Mode, Supply, Weight } from "./runs";
import type { AreaType, Bbox, CenterLevel, GeoJsonGeometry, Point, Problem } from "./types";

export type Unit = "m" | "min";

/** What a household's way to its center may be: four kinds of "no" that are never one number. */
export const STATES = [
  "served",
  "far",
  "unreachable",
  "off_network",
  "unlocated",
  "no_center",
] as const;
export type ReachState = (typeof STATES)[number];

export interface People {
  households: number;
  residents: number;
  people: number;
}

export interface ServiceResult {
  unit: Unit;
  level: CenterLevel;
  mode: Mode;
  means: Means;
  measure: Measure;
  weight: Weight;
  standards: Partial<Record<AreaType, number>>;
  households: number;
  residents: number;
  people: number;
  centers_counted: number;
  states: Partial<Record<ReachState, People>>;
  loaded: Mode[];
  problems: Problem[];
}

export interface GapArea {
  rank: number;
  households: number;
  residents: number;
  people: number;
  elderly: number | null;
  children: number | null;
  area_m2: number;
  nearest_center: Named | null;
  nearest_cost: number | null;
  farthest_cost: number | null;
  mean_cost: number | null;
  /** What the standard must grow by to serve 90 % of the people; null: no way leads there. */
  extension_90: number | null;
  extension_all: number | null;
  excess: number;
  without_way: number;
  site: { point: Point; people: number } | null;
  villages: Named[];
  bbox: Bbox;
  point: Point;
}

export interface GapShare extends Named {
  households: number;
  served: number;
  share: number | null;
  residents: number;
  residents_served: number;
  far: number;
  unreachable: number;
  off_network: number;
  unlocated: number;
}

export type ShareUnit = "township" | "village" | "grid" | "area_type";
export type Verdict = "covered" | "partly" | "not_covered" | "unknown";

export interface ModeCount {
  mode: Mode;
  served: number;
  residents_served: number;
  share: number | null;
}

export interface VillageVerdict extends Named {
  households: number;
  residents: number;
  served: Partial<Record<Mode, number>>;
  straight_only: number;
  straight_only_residents: number;
  verdict: Verdict;
}

export interface GapResult extends ServiceResult {
  served: number;
  share: number | null;
  unserved_households: number;
  unserved_residents: number;
  unserved_elderly: number | null;
  areas: GapArea[];
  shares: Record<ShareUnit, GapShare[]>;
  comparison: { based_on: Mode; modes: ModeCount[]; villages: VillageVerdict[] };
}

/** People whose way lies in `from` < cost ≤ `to`; `share` is of everybody, up to `to`. */
export interface HistogramBar {
  from: number;
  to: number;
  households: number;
  people: number;
  share: number;
}

export interface CenterRadius extends Named {
  level: CenterLevel;
  village: Named | null;
  point: Point;
  households: number;
  people: number;
  radius_50: number | null;
  radius_80: number | null;
  radius_90: number | null;
  radius_95: number | null;
  radius_100: number | null;
  radius: number | null;
  mean_cost: number | null;
  farthest_cost: number | null;
  within: number;
  capacity: number | null;
  load: number | null;
  over: number | null;
  only_here: number;
  shared: number;
  /** One more place here takes in somebody who is left out. */
  takes_in: boolean;
  worth: number | null;
}

export interface CapacityResult {
  limit: number;
  assigned: number;
  overflow: number;
  overflow_households: number;
  reasons: Record<string, number>;
  split: number;
  mean_cost: number | null;
  mean_cost_nearest: number | null;
  proved: boolean;
  without_capacity: number;
}

export interface RadiusResult extends ServiceResult {
  share: number;
  uniform: {
    radius: number | null;
    attainable: number;
    /** By share: "0.5", "0.8", "0.9", "0.95", "1". */
    percentiles: Record<string, number | null>;
    with_capacity: number | null;
    attainable_with_capacity: number | null;
    histogram: HistogramBar[];
  };
  centers: CenterRadius[];
  overlap: { none: number; one: number; several: number };
  capacity: CapacityResult | null;
}

export interface AccessUnit extends Named {
  households: number;
  people: number;
  score: number | null;
}

export interface AccessResult extends ServiceResult {
  method: Method;
  supply: Supply;
  mean: number | null;
  without: number;
  breaks: number[];
  grid: AccessUnit[];
  village: AccessUnit[];
  township: AccessUnit[];
  unreached: Named[];
}

/** The way from a place to its center; whether it is short enough is for its place's area type. */
export interface Way {
  state: "reached" | Exclude<ReachState, "served" | "far">;
  cost: number | null;
  unit: Unit;
  center: Named | null;
  line: GeoJsonGeometry | null;
  straight_m: number | null;
}
