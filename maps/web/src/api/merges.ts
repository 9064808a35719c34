/** Merges of sparsely populated units: what is asked, what is suggested, what the draft takes over. */
import { getJson, postJson, query } from "./client";
import type { Means, Mode, RunOf } from "./runs";
import type { Bbox, Point, Problem } from "./types";

export const UNITS = ["grid", "natural_village", "village"] as const;

export type MergeUnit = (typeof UNITS)[number];
export type SizeMeasure = "households" | "residents";
export type Objective = "least_change" | "most_groups";
/** Two codes. */
export type Pair = readonly [string, string];

/** Null: nothing is asked of it. */
export interface Size {
  households: number | null;
  residents: number | null;
}

export interface MergeParameters {
  unit: MergeUnit;
  /** Null: the profile's, for grids; of other units only a minimum must be given. */
  minimum: Size | null;
  target: Size | null;
  maximum: Size | null;
  max_units: number;
  max_span_m: number | null;
  max_span_min: number | null;
  mode: Mode;
  means: Means;
  within: "village" | "township" | "county" | null;
  min_shared_border_m: number;
  use_barriers: boolean;
  scope: string | null;
  together: Pair[];
  apart: Pair[];
  pinned: string[][];
  locked: string[];
  objective: Objective;
}

export interface MergeRequest {
  analysis: "merges";
  parameters: MergeParameters;
  plan: string | null;
}

export type MergeRun = RunOf<"merges", MergeParameters>;

export interface Named {
  code: string;
  name: string;
}

/** Why, as a key with its values and as a sentence. */
export interface Reason {
  key: string;
  values: Record<string, unknown>;
  zh: string;
  en: string;
}

export interface Member extends Named {
  households: number | null;
  residents: number | null;
  below: boolean;
  seat: boolean;
  village: Named | null;
}

export interface MergeGroup {
  id: string;
  name: string;
  members: Member[];
  township: Named | null;
  village: Named | null;
  households: number | null;
  residents: number | null;
  span: number | null;
  shared_border_m: number;
  point: Point;
  bbox: Bbox;
  whys: Reason[];
  others: Reason[];
  runner_up: (Reason & { members: string[]; names: string[] }) | null;
  price: Record<string, number> | null;
  pinned: boolean;
  seat: boolean;
  /** Null: there is nothing to change. */
  edit: { type: string } | null;
}

export interface UnitOut extends Named {
  households: number | null;
  residents: number | null;
  township: Named | null;
  village: Named | null;
  point: Point | null;
}

export interface LeftUnit extends UnitOut {
  reason: Reason;
  neighbours: Reason[];
}

export interface AboveUnit extends UnitOut {
  parts:
    | { cells: string[]; names: string[]; households: number | null; residents: number | null }[]
    | null;
  reason: Reason | null;
  edits: unknown[];
}

export interface SizeCounts {
  below: number;
  within: number;
  above: number;
  empty: number;
  unknown: number;
}

export interface RulesApplied {
  minimum: Size;
  target: Size;
  maximum: Size;
  from_profile: boolean;
}

export interface MergeTownship extends Named {
  units: number;
  below: number;
  left: number;
  groups: number;
  proved: boolean;
  gap: number | null;
  candidates: number;
}

export interface MergeResult {
  unit: MergeUnit;
  unit_of_span: "m" | "min";
  within: "village" | "township" | "county";
  objective: Objective;
  rules: Record<string, RulesApplied>;
  units: number;
  counts: SizeCounts;
  counts_after: SizeCounts;
  histogram: { measure: SizeMeasure; edges: number[]; before: number[]; after: number[] };
  proved: boolean;
  levels: { name: string; value: number; proved: boolean; gap: number | null }[];
  townships: MergeTownship[];
  groups: MergeGroup[];
  left: LeftUnit[];
  above: AboveUnit[];
  problems: Problem[];
}

export interface MergeCounts extends SizeCounts {
  units: number;
  /** Which units a map shows while sizes are being tried. */
  codes: { below: string[]; above: string[] };
  rules: Record<string, RulesApplied>;
  histogram: { measure: SizeMeasure; edges: number[]; counts: number[] };
}

export interface CountsAsked {
  unit: MergeUnit;
  minimum: Size | null;
  maximum: Size | null;
  /** Nothing is too large, where the rules in force know a maximum. */
  noMaximum: boolean;
  scope: string | null;
  plan: string | null;
}

/** How many units are below, within and above sizes that are being tried. */
export const fetchMergeCounts = (
  { unit, minimum, maximum, noMaximum, scope, plan }: CountsAsked,
  signal?: AbortSignal,
) =>
  getJson<MergeCounts>(
    `/api/merges/counts${query({
      unit,
      minimum_households: minimum?.households,
      minimum_residents: minimum?.residents,
      maximum_households: maximum?.households,
      maximum_residents: maximum?.residents,
      no_maximum: noMaximum || undefined,
      scope,
      plan,
    })}`,
    signal,
  );

/** What came of suggestions in a draft. */
export interface Accepted {
  id: string;
  revision: number;
  applied: { group: string; code: string | null }[];
  refused: { group: string; problem: Problem }[];
  removed: string[];
}

/** Accept suggestions of a run, null for all: each is an edit of its own that can be undone. */
export const acceptSuggestions = (
  plan: string,
  run: string,
  groups: readonly string[] | null,
  seen: number,
) =>
  postJson<Accepted>(
    `/api/plans/${encodeURIComponent(plan)}/suggestions${query({ geometry: false })}`,
    { run, ...(groups ? { groups } : {}) },
    { seen },
  );

/** Several villages under one organisation (联村). */
export interface JointVillage extends Named {
  township: Named | null;
  members: Named[];
  households: number | null;
  residents: number | null;
  grids: number;
  /** Null for one that is only drafted. */
  valid_from: string | null;
}

export const fetchJointVillages = (plan: string | null, signal?: AbortSignal) =>
  getJson<{ joint_villages: JointVillage[] }>(`/api/joint-villages${query({ plan })}`, signal);
