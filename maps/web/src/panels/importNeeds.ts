/** What a report says is missing before the file can be read, so that the planner is asked for it. */
import type { ImportReport } from "../api/analysis";
import { ApiError } from "../api/client";
import type { ImportSettings } from "../api/endpoints";

export interface ImportNeeds {
  crs: boolean;
  encoding: boolean;
  /** Names of the layers to choose from; empty when the file holds one. */
  sourceLayers: string[];
}

const LAYER_KEYS = ["several_layers", "layer_not_in_file"];

function layersNamed(report: ImportReport): string[] {
  const problem = report.problems.find(({ key }) => LAYER_KEYS.includes(key));
  const listed = problem?.details.layers;
  return typeof listed === "string" ? listed.split(", ").filter(Boolean) : [];
}

/** What to ask for; `known` are the layers an earlier reading of the same file named. */
export function findNeeds(
  report: ImportReport | undefined,
  error: unknown,
  known: readonly string[] = [],
): ImportNeeds {
  const keys = (report?.by_key ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ key }) => key);
  if (error instanceof ApiError) keys.push(error.key);
  const named = report ? layersNamed(report) : [];
  return {
    crs: keys.some((key) => key.includes("crs")),
    encoding: keys.some((key) => key === "encoding_unknown" || key === "encoding_wrong"),
    sourceLayers: named.length > 0 ? named : [...known],
  };
}

/** Whether a report was made with other settings than those on the screen now. */
export function isOutdated(used: ImportSettings | undefined, now: ImportSettings): boolean {
  if (!used) return false;
  return (
    used.crs !== now.crs ||
    used.encoding !== now.encoding ||
    used.sourceLayer !== now.sourceLayer ||
    used.mode !== now.mode ||
    JSON.stringify(used.mapping) !== JSON.stringify(now.mapping)
  );
}
