/** Addresses: which grid is one in, tables of them, and answers that are said to be wrong. */
import { getJson, post, postForm, postJson, query, remove } from "./client";
import { askedOf, IN_FORCE, type Lines } from "./lines";
import type { Bbox, Point, Problem } from "./types";

export interface Named {
  code: string;
  name: string;
}

export type AddressLevel = "house" | "group" | "natural_village" | "village" | "township";
export type AddressStatus = "ok" | "ambiguous" | "none";

export interface AddressCandidate {
  matched_address: string;
  level: AddressLevel | null;
  point: Point | null;
  grid: Named | null;
  households: number | null;
}

export interface AddressFault {
  value: string;
  element: string;
  fault: string;
  meant: string;
  penalty: number;
  message: string;
  message_zh: string;
}

export interface AddressAnswer {
  status: AddressStatus;
  level: AddressLevel | null;
  confidence: number;
  grid: Named | null;
  grids: (Named & { households?: number | null })[];
  point: Point | null;
  matched_address: string | null;
  candidates: AddressCandidate[];
  normalised: string;
  /** The parts as they were understood, by their level. */
  parsed: Record<string, string | number | null>;
  faults: AddressFault[];
  message: string;
  message_zh: string;
}

export interface Suggestion {
  text: string;
  kind: "county" | "township" | "village" | "natural_village" | "grid" | "center" | "address";
  code: string;
  detail: string;
  point: Point | null;
  bbox: Bbox | null;
}

export interface NearAddress {
  matched_address: string;
  distance_m: number;
  point: Point | null;
  grid: Named | null;
}

export interface NearAddresses {
  grid: Named | null;
  village: Named | null;
  township: Named | null;
  addresses: NearAddress[];
}

export interface BatchAnswer {
  address: string;
  status: AddressStatus;
  level: string;
  grid_code: string;
  reason: string;
  reason_zh: string;
}

export interface Batch {
  id: string;
  filename: string;
  column: string;
  columns: string[];
  row_count: number;
  done: number;
  counts: Partial<Record<AddressStatus, number>>;
  preview: BatchAnswer[];
  problems: Problem[];
}

export interface Report {
  id: number;
  query: string;
  note: string;
  answer: AddressAnswer;
  created_at: string;
  settled_at: string | null;
  settled_note: string;
}

export interface Reports {
  total: number;
  reports: Report[];
}

/** More candidates than this are not told apart on a map. */
const CANDIDATES = 50;

export const searchAddress = (q: string, lines: Lines = IN_FORCE, signal?: AbortSignal) =>
  getJson<AddressAnswer>(
    `/api/addresses/search${query({ q, limit: CANDIDATES, ...askedOf(lines) })}`,
    signal,
  );

export const fetchSuggestions = (q: string, lines: Lines = IN_FORCE, signal?: AbortSignal) =>
  getJson<{ suggestions: Suggestion[] }>(
    `/api/addresses/suggest${query({ q, ...askedOf(lines) })}`,
    signal,
  );

export const fetchNearAddresses = ([lon, lat]: Point, lines: Lines, signal?: AbortSignal) =>
  getJson<NearAddresses>(
    `/api/addresses/reverse${query({ lon, lat, limit: 5, ...askedOf(lines) })}`,
    signal,
  );

const BATCHES = "/api/addresses/batches";

/** Hand a table in; without a column it is found by its name. */
export function beginBatch(file: File, column: string | null): Promise<Batch> {
  const form = new FormData();
  form.set("file", file);
  if (column !== null) form.set("column", column);
  return postForm<Batch>(BATCHES, form);
}

export const fetchBatch = (id: string) => getJson<Batch>(`${BATCHES}/${id}`);

export const answerNextRows = (id: string, rows: number, lines: Lines, signal: AbortSignal) =>
  postJson<Batch>(`${BATCHES}/${id}/next${query({ rows, ...askedOf(lines) })}`, undefined, {
    signal,
  });

export const forgetBatch = (id: string) => remove(`${BATCHES}/${id}`);

export const batchFileUrl = (id: string, format: "csv" | "xlsx") =>
  `${BATCHES}/${id}/file${query({ format })}`;

const REPORTS = "/api/addresses/reports";

export const fetchReports = (settled: boolean) => getJson<Reports>(REPORTS + query({ settled }));

export const reportAnswer = (wrong: { query: string; note: string }) =>
  postJson<{ id: number }>(REPORTS, wrong);

export const settleReport = ({ id, note }: { id: number; note: string }) =>
  post(`${REPORTS}/${id}/settle`, { note });
