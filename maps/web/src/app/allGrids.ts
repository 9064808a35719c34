/** The numbers of every grid, fetched once for the histogram and the list of townships. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Named } from "../api/addresses";
import { fetchGrids } from "../api/endpoints";
import { keyOf, type Lines } from "../api/lines";
import type { Bbox, GridRow, Point } from "../api/types";
import { useApp, useWorkspace } from "./hooks";

const PAGE = 1000;
const MOST = 20_000;

async function fetchAll(lines: Lines, signal: AbortSignal): Promise<GridRow[]> {
  const rows: GridRow[] = [];
  let total = 1;
  while (rows.length < Math.min(total, MOST)) {
    const filter = { sort: "code", offset: rows.length, limit: PAGE } as const;
    const page = await fetchGrids(filter, lines, signal);
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
    total = page.total;
  }
  return rows;
}

/** Digits of a township's code, the beginning of the codes of its villages. */
const TOWNSHIP_DIGITS = 9;

/** The townships that have grids, in order of their codes. */
export function listTownships(rows: readonly GridRow[]): Named[] {
  const names = new Map<string, string>();
  for (const { village_code, township } of rows) {
    if (township && village_code) names.set(village_code.slice(0, TOWNSHIP_DIGITS), township);
  }
  return [...names]
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

export const inTownship = (code: string) => (row: GridRow) =>
  row.village_code?.startsWith(code) ?? false;

/** The box around points; null without any. */
export function boxOfPoints(points: readonly Point[]): Bbox | null {
  if (points.length === 0) return null;
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** The grids of the lines on show, or of other lines. */
export function useAllGrids(wanted?: Lines) {
  const version = useWorkspace()?.layers.grids.version;
  const shown = useApp((state) => state.lines);
  const lines = wanted ?? shown;
  return useQuery({
    queryKey: ["all-grids", version, keyOf(lines)],
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchAll(lines, signal),
  });
}
