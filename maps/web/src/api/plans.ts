/** Plans: their shapes and one function per route (docs/plans.md). Coordinates are lon, lat. */
import { getJson, patchJson, postJson, query } from "./client";
import type { Bbox, GeoJsonGeometry, Point, Problem, ProfileStatus, SizeRule } from "./types";

export type PlanStateName = "draft" | "submitted" | "published" | "withdrawn";

export interface Plan {
  id: string;
  name: string;
  scope: string;
  scope_name: string | null;
  network: string;
  state: PlanStateName;
  revision: number;
  head: number;
  edits: number;
  undone: number;
  base_at: string;
  created_by: string;
  created_at: string;
  changed_at: string;
  submitted_at: string | null;
  published_at: string | null;
  withdrawn_at: string | null;
  note: string;
  copied_from: string | null;
  touched_villages: { code: string; name: string }[];
  bbox: Bbox | null;
}

export interface LineString {
  type: "LineString";
  coordinates: Point[];
}

export interface Polygon {
  type: "Polygon";
  coordinates: Point[][];
}

export interface GridAttributes {
  name?: string;
  kind?: "basic" | "dedicated";
}

/** An edit as the server reads it. */
export type Edit =
  | { type: "split"; grids: string[]; line: LineString; tidy?: boolean }
  | { type: "merge"; grids: string[]; keep?: string }
  | { type: "reshape"; grids: [string, string]; line: LineString }
  | { type: "transfer"; to: string; area: Polygon; from?: string[]; tidy?: boolean }
  | {
      type: "assign";
      natural_villages: (string | number)[];
      to: string;
      from?: string[];
      tidy?: boolean;
    }
  | { type: "move_vertex"; from: Point; to: Point }
  | { type: "fill_gap"; at: Point; to?: string }
  | { type: "resolve_overlap"; grids: [string, string]; winner: string }
  | { type: "clip_to_village"; grid: string }
  | { type: "match_borders"; village: string }
  | { type: "set_attributes"; grid: string; attributes: GridAttributes }
  | { type: "renumber"; village: string }
  | { type: "join_villages"; villages: string[]; name?: string; code?: string; within?: "county" }
  | { type: "leave_joint_village"; village: string }
  | { type: "apply_suggestion"; run: string; group: string; edit?: Edit }
  | { type: "lock" | "unlock"; grids?: string[]; villages?: string[] };

export type EditType = Edit["type"];

/** Numbers of a grid; null where nothing is known. */
export interface Indicators {
  households: number | null;
  residents: number | null;
  registered: number | null;
  children: number | null;
  elderly: number | null;
  aged_80: number | null;
  area_m2: number | null;
  compactness: number | null;
  reock: number | null;
  span_m: number | null;
  center_median_m: number | null;
  center_p90_m: number | null;
  center_max_m: number | null;
  profile_status: ProfileStatus | null;
}

/** A grid of a draft, as it is listed for the editor. */
export interface DraftGridProperties extends Indicators {
  code: string;
  name: string;
  village_code: string;
  kind: "basic" | "dedicated";
  parent_code: string | null;
  drafted: boolean;
  locked: boolean;
  /** Whether its village lies in the plan's scope. */
  editable: boolean;
}

/** A grid as an edit answers it. */
export interface DraftGrid extends Indicators {
  code: string;
  name: string;
  village_code: string;
  kind: "basic" | "dedicated";
  parent_code: string | null;
  locked: boolean;
  geometry: GeoJsonGeometry;
  /** Null for a grid that was not there before. */
  before: Indicators | null;
}

export interface EditAnswer {
  id: string;
  state: PlanStateName;
  revision: number;
  head: number;
  preview: boolean;
  edit: Edit | null;
  changed: DraftGrid[];
  created: string[];
  removed: string[];
  villages: string[];
  problems: Problem[];
}

export interface FeatureCollection<P> {
  type: "FeatureCollection";
  revision: number;
  features: { type: "Feature"; geometry: GeoJsonGeometry; properties: P }[];
}

export interface NaturalVillageProperties {
  id: number;
  code: string | null;
  name: string;
  village_code: string;
  households: number | null;
  residents: number | null;
  area_m2: number;
  /** The draft's grid that holds all of it. */
  grid: string | null;
  /** The grids that have a part of it, the largest first. */
  grids: string[];
  editable: boolean;
}

export interface NumberedProblem extends Problem {
  number: number;
  village: string | null;
  bbox: Bbox | null;
}

export interface PlanProblems {
  id: string;
  state: PlanStateName;
  revision: number;
  errors: number;
  warnings: number;
  needs_note: boolean;
  can_publish: boolean;
  problems: NumberedProblem[];
  next: NumberedProblem | null;
}

/** An edit somebody made meanwhile, as a 409 `plan_changed` tells it. */
export interface EditSince {
  position: number;
  type: EditType;
  author: string;
  made_at: string;
  changed: string[];
  removed: string[];
}

export interface LogEntry {
  position: number;
  /** Overtaken: undone, then another edit was made. Conflict: left out by a rebase. */
  state: "applied" | "undone" | "overtaken" | "conflict";
  edit: Edit;
  changed: string[];
  created: string[];
  removed: string[];
  author: string;
  made_at: string;
}

export interface PlanLog {
  id: string;
  revision: number;
  head: number;
  total: number;
  edits: LogEntry[];
}

/** An edit that is not possible on the lines in force. */
export interface Failed {
  position: number;
  edit: Edit;
  problem: Problem;
}

export interface PublishedPlan extends Plan {
  counts: { opened: number; closed: number; unchanged: number };
}

export interface RebasedPlan extends Plan {
  replayed: number;
  dropped: Failed[];
}

export interface ImportedPlan extends RebasedPlan {
  problems: Problem[];
}

export interface ScopeNumbers {
  grids: number;
  households: number;
  residents: number;
  rated: number;
  within: number;
  below: number;
  above: number;
  empty: number;
  smallest: number | null;
  largest: number | null;
  sizes: number[];
}

export interface PlanSummary {
  id: string;
  state: PlanStateName;
  revision: number;
  before: ScopeNumbers;
  after: ScopeNumbers;
  rule: SizeRule | null;
}

const path = (id: string, rest = "") => `/api/plans/${encodeURIComponent(id)}${rest}`;
const box = (bbox: Bbox) => bbox.map((value) => value.toFixed(7)).join(",");

export interface PlanPage {
  total: number;
  plans: Plan[];
}

export const fetchPlans = (state?: PlanStateName, limit = 200) =>
  getJson<PlanPage>(`/api/plans${query({ state, limit })}`);
export const fetchPlan = (id: string) => getJson<Plan>(path(id));
export const createPlan = (name: string, scope: string) =>
  postJson<Plan>("/api/plans", { name, scope });
export const renamePlan = (id: string, name: string, seen: number) =>
  patchJson<Plan>(path(id), { name }, { seen });
/** Branch off: with all edits, or (`head`) as the plan was after so many of them. */
export const copyPlan = (id: string, name: string, head: number | null = null) =>
  postJson<Plan>(path(id, "/copy"), head === null ? { name } : { name, head });
export const movePlan = (id: string, step: "submit" | "withdraw" | "reopen", seen: number) =>
  postJson<Plan>(path(id, `/${step}`), undefined, { seen });
export const publishPlan = (id: string, note: string, seen: number) =>
  postJson<PublishedPlan>(path(id, "/publish"), note ? { note } : {}, { seen });
export const rebasePlan = (id: string, drop: boolean, seen: number) =>
  postJson<RebasedPlan>(path(id, "/rebase"), { drop }, { seen });
export const planFileUrl = (id: string) => path(id, "/file");
export const importPlan = (file: unknown, drop: boolean) =>
  postJson<ImportedPlan>(`/api/plans/import${drop ? "?drop=true" : ""}`, file);

export const previewEdit = (id: string, edit: Edit, seen: number, signal?: AbortSignal) =>
  postJson<EditAnswer>(path(id, "/edits?preview=true"), edit, {
    seen,
    ...(signal ? { signal } : {}),
  });
export const makeEdit = (id: string, edit: Edit, seen: number) =>
  postJson<EditAnswer>(path(id, "/edits"), edit, { seen });
export const stepLog = (id: string, step: "undo" | "redo", seen: number) =>
  postJson<EditAnswer>(path(id, `/${step}`), undefined, { seen });

/** The end of the log: the last `limit` edits by position. */
export const fetchPlanLog = (id: string, limit = 200) =>
  getJson<PlanLog>(path(id, `/edits${query({ limit })}`));
export const fetchPlanProblems = (id: string) => getJson<PlanProblems>(path(id, "/problems"));
export const fetchPlanSummary = (id: string) => getJson<PlanSummary>(path(id, "/summary"));

export const fetchDraftGrids = (id: string, bbox: Bbox, signal?: AbortSignal) =>
  getJson<FeatureCollection<DraftGridProperties>>(
    path(id, `/grids${query({ bbox: box(bbox) })}`),
    signal,
  );
/** The draft's grids of a village, or of all villages whose code begins so. */
export const fetchVillageGrids = (id: string, village: string) =>
  getJson<FeatureCollection<DraftGridProperties>>(path(id, `/grids${query({ village })}`));
export const fetchDraftCells = (id: string, bbox: Bbox, signal?: AbortSignal) =>
  getJson<FeatureCollection<NaturalVillageProperties>>(
    path(id, `/natural_villages${query({ bbox: box(bbox) })}`),
    signal,
  );
