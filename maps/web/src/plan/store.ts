/** The open draft as the browser knows it. The truth is on the server; nothing here is unsaved. */
import { createStore } from "zustand/vanilla";
import type { ApiError } from "../api/client";
import type { Edit, EditAnswer, EditType, Plan } from "../api/plans";
import type { GeoJsonGeometry } from "../api/types";
import type { Values } from "../i18n/translate";
import type { Key } from "../i18n/zh";
import type { ProblemAt } from "./problems";
import type { Sketch } from "./sketch";
import type { ToolId } from "./tools";

/** What an edit would do, shown before it is made. */
export interface Preview {
  edit: Edit;
  answer: EditAnswer;
}

/** Why an edit is not possible, where, and what would be. */
export interface Refusal {
  edit: Edit | null;
  error: ApiError;
  geometry: GeoJsonGeometry | null;
  grids: string[];
  fix: Edit | null;
}

/** Somebody was faster. `edit` is what was to be made: null for another write (an undo, say). */
export interface Conflict {
  edit: Edit | null;
  error: ApiError;
  /** The plan as it was when the write was made. */
  seen: Plan;
  /** Codes of the grids the edit is about. */
  grids: string[];
  /** The planner looks at the map before choosing: the dialog stands in the panel meanwhile. */
  aside: boolean;
}

export type PlanDialog = "submit" | "publish" | "withdraw" | "rebase" | "branch";

export interface Made {
  type: EditType | "undo" | "redo";
  revision: number;
}

/** What a tool wants next, in the planner's words. */
export interface Hint {
  key: Key;
  values?: Values;
}

export interface PlanStore {
  plan: Plan | null;
  tool: ToolId;
  hint: Hint | null;
  /** Codes of the grids an edit is about, in the order they were chosen. */
  chosen: readonly string[];
  /** "Only take from …": empty for whichever grid. */
  sources: readonly string[];
  /** Drawn lines follow the borders that are there. */
  tracing: boolean;
  /** A preview is being computed. */
  asking: boolean;
  preview: Preview | null;
  refusal: Refusal | null;
  /** A write is on its way. */
  writing: boolean;
  conflict: Conflict | null;
  /** What the planner is asked before it is done. */
  dialog: PlanDialog | null;
  /** The problem gone to last: its place in the list, and what it was. */
  problemAt: ProblemAt | null;
  /** A shape that was being drawn when the page went away. */
  kept: Sketch | null;
  /** People who have this plan open, oneself included; null when not known. */
  editors: number | null;
  /** The last edit made here, for a word of confirmation. */
  made: Made | null;
}

export const CLOSED: PlanStore = {
  plan: null,
  tool: "select",
  hint: null,
  chosen: [],
  sources: [],
  tracing: false,
  asking: false,
  preview: null,
  refusal: null,
  writing: false,
  conflict: null,
  dialog: null,
  problemAt: null,
  kept: null,
  editors: null,
  made: null,
};

export const planStore = createStore<PlanStore>(() => ({ ...CLOSED }));
export const setPlan = planStore.setState;

/** Whether lines can be drawn: a plan is open and still a draft. */
export const isEditable = (state: PlanStore) => state.plan?.state === "draft";

/** Whether keys on the map are a tool's, not the map's own. */
export const isToolOn = (state: PlanStore) =>
  isEditable(state) && (state.tool !== "select" || state.preview !== null);

/** Choose a tool; what the last one was about is dropped. */
export function chooseTool(tool: ToolId): void {
  setPlan({ tool, preview: null, refusal: null });
}

/** Choose grids, or add and remove them one by one. */
export function choose(codes: readonly string[], how: "only" | "toggle" | "add" = "only"): void {
  setPlan(({ chosen }) => {
    if (how === "only") return { chosen: [...codes] };
    const left = how === "toggle" ? chosen.filter((code) => !codes.includes(code)) : [...chosen];
    return { chosen: [...left, ...codes.filter((code) => !chosen.includes(code))] };
  });
}

export function say(key: Key, values?: Values): void {
  setPlan({ hint: values ? { key, values } : { key } });
}
