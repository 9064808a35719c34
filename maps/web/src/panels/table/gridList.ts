/** The list behind the grid table: the server filters and sorts, pages are read where one looks. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchGrids, type GridQuery } from "../../api/endpoints";
import type { GridChange } from "../../api/difference";
import { keyOf, type Lines } from "../../api/lines";
import type { Bbox, GridPage, GridRow, GridSort, GridTotals, ProfileStatus } from "../../api/types";
import { useApp, usePlan, useWorkspace } from "../../app/hooks";

export const PAGE = 200;
/** The most the server sends at once. */
const BULK = 2000;

export interface Sorting {
  by: GridSort;
  order: "asc" | "desc";
}

export interface Question {
  where: "view" | "scope" | "all";
  text: string;
  status: ProfileStatus | null;
  locked: boolean;
  /** Only what the open plan changes. */
  changed: boolean;
  sorting: Sorting;
}

export interface GridList {
  total: number;
  totals: GridTotals;
  /** Undefined while its page is on the way. */
  rowAt: (index: number) => GridRow | undefined;
}

export function filterOf(question: Question, box: Bbox | null, scope: string | null): GridQuery {
  return {
    bbox: question.where === "view" ? box : null,
    village: question.where === "scope" ? scope : null,
    q: question.text,
    status: question.status,
    locked: question.locked || null,
    drafted: question.changed || null,
    sort: question.sorting.by,
    order: question.sorting.order,
  };
}

/** Every row that matches, page after page. */
export async function fetchEvery(
  filter: GridQuery,
  lines: Lines,
  signal?: AbortSignal,
): Promise<GridRow[]> {
  const rows: GridRow[] = [];
  for (;;) {
    const page = await fetchGrids({ ...filter, offset: rows.length, limit: BULK }, lines, signal);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) return rows;
  }
}

/** Totals of rows that only the page has chosen. */
export function sumUp(rows: readonly GridRow[]): GridTotals {
  const totals = { households: 0, residents: 0, registered: 0 };
  const statuses = { within: 0, below: 0, above: 0, empty: 0 };
  for (const row of rows) {
    totals.households += row.households ?? 0;
    totals.residents += row.residents ?? 0;
    totals.registered += row.registered ?? 0;
    if (row.profile_status) statuses[row.profile_status] += 1;
  }
  return { ...totals, ...statuses };
}

/** What is asked, once the planner's hands rest. */
export function useGridFilter(question: Question) {
  const version = useWorkspace()?.layers.grids.version;
  const { lines, view } = useApp((state) => ({ lines: state.lines, view: state.view }));
  const scope = usePlan((state) => state.plan?.scope ?? null);
  const [box] = useDebouncedValue(question.where === "view" ? (view?.bbox ?? null) : null, 250);
  const filter = filterOf(question, box, scope);
  const ready = version !== undefined && (question.where !== "view" || box !== null);
  return { filter, lines, ready, key: [version, keyOf(lines), filter] as const };
}

export type GridFilter = ReturnType<typeof useGridFilter>;

function usePage({ filter, lines, ready, key }: GridFilter, page: number, enabled: boolean) {
  return useQuery<GridPage>({
    queryKey: ["grids", page, ...key],
    enabled: enabled && ready,
    // After an edit, or a step on the map, the same page stays until it is read anew.
    placeholderData: (before, query) => (query?.queryKey[1] === page ? before : undefined),
    queryFn: ({ signal }) =>
      fetchGrids({ ...filter, offset: page * PAGE, limit: PAGE }, lines, signal),
  });
}

/** The list around the first row in sight. */
export function useGridList(
  asked: GridFilter,
  firstRow: number,
  changes: ReadonlyMap<string, GridChange> | null,
  enabled: boolean,
) {
  const changedOnly = asked.filter.drafted === true;
  const near = Math.floor(firstRow / PAGE);
  const head = usePage(asked, 0, enabled && !changedOnly);
  const here = usePage(asked, near, enabled && !changedOnly);
  const next = usePage(asked, near + 1, enabled && !changedOnly && hasPage(head.data, near + 1));
  const drafted = useQuery<GridRow[]>({
    queryKey: ["grids", "drafted", ...asked.key],
    enabled: enabled && changedOnly && asked.ready,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchEvery(asked.filter, asked.lines, signal),
  });
  const shown = changedOnly ? drafted : head;
  const more = {
    error: shown.error,
    refetch: shown.refetch,
    /** The rows are those asked for, not those of a moment ago. */
    isSettled: shown.data !== undefined && !shown.isPlaceholderData,
  };
  if (changedOnly) {
    const rows = changes && drafted.data?.filter((row) => changes.has(row.code));
    if (!rows) return { list: null, ...more };
    const list: GridList = {
      total: rows.length,
      totals: sumUp(rows),
      rowAt: (index) => rows[index],
    };
    return { list, ...more };
  }
  if (!head.data) return { list: null, ...more };
  const pages = new Map([
    [0, head.data],
    [near + 1, next.data],
    [near, here.data],
  ]);
  const list: GridList = {
    total: head.data.total,
    totals: head.data.totals,
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.rows[index % PAGE],
  };
  return { list, ...more };
}

const hasPage = (head: GridPage | undefined, page: number) =>
  head !== undefined && page * PAGE < head.total;
