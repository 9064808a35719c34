/** Faults of the lines themselves (gaps, overlaps, land outside, unmatched borders) and the edits that mend them. */
import { createStore } from "zustand/vanilla";
import { ApiError } from "../api/client";
import { fetchPartitionProblems } from "../api/endpoints";
import { type Edit, fetchPlan, fetchPlanProblems } from "../api/plans";
import type { Point, Problem } from "../api/types";
import { planStore } from "./store";

export type FaultKind = "gap" | "overlap" | "outside" | "mismatch";

const KINDS: Readonly<Record<string, FaultKind>> = {
  gap_in_village: "gap",
  overlap: "overlap",
  outside_village: "outside",
  edge_mismatch: "mismatch",
};

export interface Fault {
  id: string;
  kind: FaultKind;
  /** Code of the village whose lines are at fault. */
  village: string;
  problem: Problem;
}

const VILLAGE_DIGITS = 12;
const isOrdinary = (code: string) => /^\d{15}$/.test(code);

/** The fault a problem tells of; null for a problem of another kind, or without a place. */
export function faultOf(problem: Problem & { village?: string | null }): Fault | null {
  const kind = KINDS[problem.key];
  if (!kind || !problem.geometry) return null;
  const named = problem.village ?? problem.details["village"];
  const grid = problem.grids.find(isOrdinary) ?? problem.grids[0] ?? "";
  const village = typeof named === "string" && named ? named : grid.slice(0, VILLAGE_DIGITS);
  const id = JSON.stringify([kind, problem.grids, problem.geometry]);
  return { id, kind, village, problem };
}

/** Faults of the draft's villages, then those of villages it has not touched yet. */
export function collectFaults(
  drafted: readonly (Problem & { village?: string | null })[],
  inForce: readonly Problem[],
  touched: ReadonlySet<string>,
): Fault[] {
  const own = drafted.flatMap((problem) => faultOf(problem) ?? []);
  const others = inForce
    .flatMap((problem) => faultOf(problem) ?? [])
    .filter(({ village }) => !touched.has(village));
  return [...own, ...others];
}

/** A way to mend a fault; `grid` is who gets the land (or loses what is outside), if somebody is chosen. */
export interface Remedy {
  grid: string | null;
  edit: Edit;
}

/** What can be done about a fault; `at` is a place in it. The first one of a gap lets the server choose. */
export function remediesOf(fault: Fault, at: Point, all: readonly Fault[] = []): Remedy[] {
  const { kind, village, problem } = fault;
  const [one, other] = problem.grids;
  switch (kind) {
    case "gap":
      return [
        { grid: null, edit: { type: "fill_gap", at } },
        ...takersOf(fault, all).map((grid): Remedy => ({
          grid,
          edit: { type: "fill_gap", at, to: grid },
        })),
      ];
    case "overlap":
      if (!one || !other) return [];
      return [one, other].map((winner) => ({
        grid: winner,
        edit: { type: "resolve_overlap", grids: [one, other], winner },
      }));
    case "outside":
      return problem.grids.map((grid) => ({ grid, edit: { type: "clip_to_village", grid } }));
    case "mismatch":
      return [{ grid: null, edit: { type: "match_borders", village } }];
  }
}

/** Grids beside a gap; and grids of its village that were drawn elsewhere: it is often theirs. */
function takersOf(gap: Fault, all: readonly Fault[]): string[] {
  const astray = all
    .filter(({ kind, village }) => kind === "outside" && village === gap.village)
    .flatMap(({ problem }) => problem.grids);
  return [...new Set([...gap.problem.grids, ...astray])];
}

export interface Faults {
  all: readonly Fault[];
  current: Fault | null;
  /** A place in the current one. */
  at: Point | null;
  isLoading: boolean;
  failed: ApiError | null;
}

export const faultStore = createStore<Faults>(() => ({
  all: [],
  current: null,
  at: null,
  isLoading: false,
  failed: null,
}));

let asked = 0;

/** Ask what is at fault now. */
export async function loadFaults(): Promise<void> {
  const { plan } = planStore.getState();
  if (!plan) return;
  const mine = ++asked;
  faultStore.setState({ isLoading: true });
  try {
    const [now, drafted, inForce] = await Promise.all([
      fetchPlan(plan.id),
      fetchPlanProblems(plan.id),
      fetchPartitionProblems(plan.scope),
    ]);
    if (mine !== asked) return;
    const touched = new Set(now.touched_villages.map(({ code }) => code));
    const all = collectFaults(drafted.problems, inForce.problems, touched);
    const { current } = faultStore.getState();
    const still = all.find(({ id }) => id === current?.id) ?? null;
    faultStore.setState({ all, current: still, isLoading: false, failed: null });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (mine === asked) faultStore.setState({ isLoading: false, failed: error });
  }
}

export const faultsOf = (kinds: readonly FaultKind[], all: readonly Fault[]) =>
  all.filter(({ kind }) => kinds.includes(kind));

export function pickFault(current: Fault | null): void {
  faultStore.setState({ current, at: null });
}

/** Go to the next fault, round and round. */
export function nextFault(kinds: readonly FaultKind[]): void {
  const { all, current } = faultStore.getState();
  const mine = faultsOf(kinds, all);
  const index = mine.findIndex(({ id }) => id === current?.id);
  pickFault(mine[(index + 1) % mine.length] ?? null);
}

/** The remedies of the current fault, once a place in it is known. */
export function currentRemedies(): Remedy[] {
  const { current, at, all } = faultStore.getState();
  return current && at ? remediesOf(current, at, all) : [];
}
