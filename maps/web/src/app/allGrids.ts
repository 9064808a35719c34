/** The numbers of every grid, fetched once for the histogram and the distance colouring. */
import { useQuery } from "@tanstack/react-query";
import { fetchGrids } from "../api/endpoints";
import type { GridRow } from "../api/types";
import { useWorkspace } from "./hooks";

const PAGE = 1000;
const MOST = 20_000;

async function fetchAll(signal: AbortSignal): Promise<GridRow[]> {
  const rows: GridRow[] = [];
  let total = 1;
  while (rows.length < Math.min(total, MOST)) {
    const page = await fetchGrids({ sort: "code", offset: rows.length, limit: PAGE }, signal);
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
    total = page.total;
  }
  return rows;
}

export function useAllGrids(enabled = true) {
  const version = useWorkspace()?.layers.grids.version;
  return useQuery({
    queryKey: ["all-grids", version],
    enabled: enabled && version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => fetchAll(signal),
  });
}
