/** One function per route of the HTTP contract. */
import type { CommitResult, ImportMode, ImportReport, PartitionReport } from "./analysis";
import { getJson, postForm, postJson, query, remove } from "./client";
import { askedOf, IN_FORCE, type Lines } from "./lines";
import type {
  Bbox,
  GridDetail,
  GridPage,
  GridSort,
  ImportLayer,
  ProfileStatus,
  Thing,
  Workspace,
} from "./types";

export interface GridQuery {
  bbox?: Bbox | null;
  village?: string | null;
  township?: string | null;
  q?: string;
  status?: ProfileStatus | null;
  /** Of a draft only what is locked; only the villages it has touched. */
  locked?: true | null;
  drafted?: true | null;
  /** Code whose place in the list is asked. */
  find?: string;
  sort?: GridSort;
  order?: "asc" | "desc";
  offset?: number;
  limit?: number;
}

export type ThingKind = "divisions" | "natural_villages" | "centers" | "households";

export const fetchHealth = () => getJson<{ status: string }>("/api/health");
export const fetchWorkspace = () => getJson<Workspace>("/api/workspace");

export function fetchGrids(
  filter: GridQuery,
  lines: Lines = IN_FORCE,
  signal?: AbortSignal,
): Promise<GridPage> {
  const { bbox, ...rest } = filter;
  const box = bbox ? bbox.map((value) => value.toFixed(6)).join(",") : null;
  return getJson<GridPage>(`/api/grids${query({ ...rest, ...askedOf(lines), bbox: box })}`, signal);
}

export const fetchGrid = (code: string, lines: Lines = IN_FORCE, signal?: AbortSignal) =>
  getJson<GridDetail>(`/api/grids/${encodeURIComponent(code)}${query(askedOf(lines))}`, signal);

export const fetchThing = (kind: ThingKind, id: string, signal?: AbortSignal) =>
  getJson<Thing>(`/api/${kind}/${encodeURIComponent(id)}`, signal);

export const fetchPartitionProblems = (scope: string | null) =>
  getJson<PartitionReport>(`/api/partition/problems${query({ scope })}`);

/** How a file is read; null leaves it to the file. */
export interface ImportSettings {
  crs: string | null;
  encoding: string | null;
  /** Which layer of the file, where it holds several. */
  sourceLayer: string | null;
  mapping: Record<string, string> | null;
  mode: ImportMode;
}

export interface ImportRequest extends ImportSettings {
  layer: ImportLayer;
  file: File;
}

export function sendImport(options: ImportRequest): Promise<ImportReport> {
  const form = new FormData();
  form.set("file", options.file);
  form.set("layer", options.layer);
  form.set("mode", options.mode);
  if (options.crs) form.set("crs", options.crs);
  if (options.encoding) form.set("encoding", options.encoding);
  if (options.sourceLayer) form.set("source_layer", options.sourceLayer);
  if (options.mapping) form.set("mapping", JSON.stringify(options.mapping));
  return postForm<ImportReport>("/api/imports", form);
}

export const commitImport = (id: string, skipBadRows: boolean) =>
  postJson<CommitResult>(`/api/imports/${id}/commit${query({ skip_bad_rows: skipBadRows })}`);
export const discardImport = (id: string) => remove(`/api/imports/${id}`);
export const importProblemsUrl = (id: string) => `/api/imports/${id}/problems.csv`;
export const exportUrl = (layer: ImportLayer, format: string, lines: Lines = IN_FORCE) =>
  `/api/exports/${layer}.${format}${query(layer === "grids" ? askedOf(lines) : {})}`;
