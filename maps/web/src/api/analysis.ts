/** Shapes of imports and partition checks. */
import type { ImportLayer, Problem } from "./types";

export interface PartitionReport {
  version: string;
  checked_villages: number;
  problems: Problem[];
}

/** Add and update, or also close what the file lacks in the area it covers. */
export type ImportMode = "upsert" | "replace";

export interface ImportReport {
  id: string;
  layer: ImportLayer;
  filename: string;
  state: string;
  rows: number;
  good_rows: number;
  crs: string | null;
  mapping: Record<string, string>;
  columns: string[];
  unused_columns: string[];
  dropped_columns: string[];
  counts: { error?: number; warning?: number };
  by_key: {
    key: string;
    severity: "error" | "warning";
    count: number;
    message: string;
    message_zh: string;
  }[];
  problems: Problem[];
  preview: Record<string, unknown>[];
  can_commit: boolean;
}

export interface CommitResult {
  state: string;
  added: number;
  changed: number;
  unchanged: number;
  closed: number;
}
