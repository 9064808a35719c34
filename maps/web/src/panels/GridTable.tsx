/** Everything in view as a table, linked both ways with the map. */
import { ActionIcon, Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchGrids } from "../api/endpoints";
import { keyOf } from "../api/lines";
import type { GridPage, GridSort } from "../api/types";
import { useApp, useSentence, useT, useWorkspace } from "../app/hooks";
import { set } from "../app/state";
import { count } from "../i18n/format";
import { GridRows } from "./GridRows";

const PAGE = 100;

export interface Sorting {
  by: GridSort;
  order: "asc" | "desc";
}

function useGridPages(where: string, filter: string, sorting: Sorting, enabled: boolean) {
  const version = useWorkspace()?.layers.grids.version;
  const lines = useApp((state) => state.lines);
  const bbox = useApp((state) => (where === "view" ? (state.view?.bbox ?? null) : null));
  const [box] = useDebouncedValue(bbox, 250);
  return useInfiniteQuery({
    queryKey: ["grids", version, keyOf(lines), where, box, filter, sorting],
    enabled: enabled && version !== undefined && (where === "all" || box !== null),
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      fetchGrids(
        {
          bbox: box,
          q: filter,
          sort: sorting.by,
          order: sorting.order,
          offset: pageParam,
          limit: PAGE,
        },
        lines,
        signal,
      ),
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((total, page) => total + page.rows.length, 0);
      return last.rows.length > 0 && loaded < last.total ? loaded : undefined;
    },
  });
}

function Totals({ page }: { page: GridPage }) {
  const t = useT();
  const { totals } = page;
  return (
    <div className="totals figures" role="status">
      <strong>{t("table.totals", { n: count(page.total) })}</strong>
      <span>{t("table.totalHouseholds", { n: count(totals.households) })}</span>
      <span className="totals-residents">
        {t("table.totalResidents", { n: count(totals.residents) })}
      </span>
      {(["within", "below", "above", "empty"] as const).map((status) =>
        totals[status] > 0 ? (
          <span key={status} className="totals-part" data-status={status}>
            {t(`table.${status}`, { n: count(totals[status]) })}
          </span>
        ) : null,
      )}
    </div>
  );
}

export default function GridTable() {
  const t = useT();
  const sentence = useSentence();
  const open = useApp((state) => state.drawer);
  const [where, setWhere] = useState("view");
  const [typed, setTyped] = useState("");
  const [filter] = useDebouncedValue(typed.trim(), 250);
  const [sorting, setSorting] = useState<Sorting>({ by: "code", order: "asc" });
  const pages = useGridPages(where, filter, sorting, open);
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const first = pages.data?.pages[0];

  return (
    <section className="drawer" data-open={open} aria-label={t("table.title")}>
      <div className="drawer-bar">
        <strong className="drawer-title">{t("table.title")}</strong>
        {open && (
          <>
            <SegmentedControl
              size="xs"
              flex="none"
              value={where}
              onChange={setWhere}
              aria-label={t("table.title")}
              data={[
                { value: "view", label: t("table.view") },
                { value: "all", label: t("table.all") },
              ]}
            />
            <TextInput
              className="drawer-filter"
              aria-label={t("table.filter")}
              placeholder={t("table.filter")}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            {first && <Totals page={first} />}
          </>
        )}
        <ActionIcon
          className="drawer-fold"
          variant="subtle"
          color="gray.7"
          aria-label={t(open ? "table.fold" : "table.unfold")}
          aria-expanded={open}
          onClick={() => set({ drawer: !open })}
        >
          {open ? <IconChevronDown size={18} /> : <IconChevronUp size={18} />}
        </ActionIcon>
      </div>
      {open &&
        (pages.error && rows.length === 0 ? (
          <div className="drawer-message" role="alert">
            {sentence(pages.error)}{" "}
            <Button size="compact-xs" variant="light" onClick={() => void pages.refetch()}>
              {t("app.retry")}
            </Button>
          </div>
        ) : first && rows.length === 0 ? (
          <div className="drawer-message">{t("table.none")}</div>
        ) : (
          <GridRows
            rows={rows}
            total={first?.total ?? 0}
            sorting={sorting}
            onSort={setSorting}
            onEnd={() => {
              if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
            }}
          />
        ))}
    </section>
  );
}
