/** Runs of the service analyses: what they are asked, how far they are, where their answers are. */
import { deleteJson, getJson, postJson, query } from "./client";
import type { MergeRequest, MergeResult, MergeRun } from "./merges";
import type { ServiceResult, Way } from "./service";
import type { CenterLevel, Point } from "./types";

export const ANALYSES = ["service_gaps", "service_radius", "accessibility"] as const;

export type AnalysisName = (typeof ANALYSES)[number];
export type Mode = "straight" | "road" | "terrain";
export type Means = "walk" | "drive";
export type Measure = "distance" | "time";
export type Weight = "households" | "residents" | "elderly";
export type Method = "2sfca" | "e2sfca" | "3sfca";
export type Supply = "capacity" | "floor_area" | "one";
export type RunState = "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";

export interface RunParameters {
  level: CenterLevel;
  mode: Mode;
  means: Means;
  measure: Measure;
  standard_m: number | null;
  standard_min: number | null;
  weight: Weight;
  scope: string | null;
  /** Of a radius. */
  share?: number;
  capacity?: boolean;
  /** Of accessibility. */
  method?: Method;
  supply?: Supply;
}

export interface RunRequest {
  analysis: AnalysisName;
  parameters: Partial<RunParameters>;
  plan: string | null;
}

/** A run of some analysis: what it was asked, and how far it is. */
export interface RunOf<Name, Parameters> {
  id: string;
  analysis: Name;
  state: RunState;
  progress: number;
  step: string | null;
  parameters: Parameters;
  plan: string | null;
  stale: boolean;
  created_at: string;
  finished_at: string | null;
  error: { message: string; message_zh: string } | null;
}

export type Run = RunOf<AnalysisName, RunParameters>;
/** What is asked, followed and cancelled in the same way. */
export type AnyRun = Run | MergeRun;
export type AnyRequest = RunRequest | MergeRequest;

/** Over, with or without an answer. */
export const isOver = (state: RunState): boolean => state !== "queued" && state !== "running";

/** Asked for and answered at once; the run is followed by its events. */
export const startRun = (request: AnyRequest) =>
  postJson<AnyRun>(`/api/runs${query({ wait: 0 })}`, request);
export const fetchRun = <R extends AnyRun>(id: string, signal?: AbortSignal) =>
  getJson<R>(`/api/runs/${id}`, signal);
/** The latest runs, the newest first; asking also makes a worker ready. */
export const fetchRuns = <R extends AnyRun>(analysis: R["analysis"], signal?: AbortSignal) =>
  getJson<{ runs: R[] }>(`/api/runs${query({ analysis })}`, signal);
export const cancelRun = (id: string) => deleteJson<AnyRun>(`/api/runs/${id}`);
export const restartRun = (id: string) =>
  postJson<AnyRun>(`/api/runs/${id}/restart${query({ wait: 0 })}`);

export const fetchResult = <T extends ServiceResult | MergeResult>(
  id: string,
  signal?: AbortSignal,
) => getJson<T>(`/api/runs/${id}/result`, signal);
export const fetchRunLayer = (id: string, layer: string, signal?: AbortSignal) =>
  getJson<object>(`/api/runs/${id}/layers/${layer}`, signal);
export const fetchWay = (
  id: string,
  [lon, lat]: Point,
  center: string | null,
  signal?: AbortSignal,
) => getJson<Way>(`/api/runs/${id}/way${query({ lon, lat, center: center ?? undefined })}`, signal);
export const reportUrl = (id: string, language: string) =>
  `/api/runs/${id}/report.html${query({ language })}`;
export const tableUrl = (id: string, table: string, format: string, language: string) =>
  `/api/runs/${id}/tables/${table}.${format}${query({ language })}`;
