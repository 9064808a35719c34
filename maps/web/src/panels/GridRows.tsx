/** The rows of the grid table: only those on screen are in the page. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import type { GridRow, GridSort } from "../api/types";
import { useApp, useT } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { select, set } from "../app/state";
import { count, kilometres, spacedCode, squareKilometres } from "../i18n/format";
import type { Key } from "../i18n/zh";
import { StatusBadge } from "./GridInspector";
import type { Sorting } from "./GridTable";
import { SizeBar } from "./RuleBar";

const ROW_HEIGHT = 30;

interface Column {
  label: Key;
  sort?: GridSort;
  figures?: boolean;
  cell: (row: GridRow) => ReactNode;
}

const COLUMNS: readonly Column[] = [
  { label: "table.code", sort: "code", cell: (row) => spacedCode(row.code) },
  { label: "table.name", sort: "name", cell: (row) => row.name || "—" },
  { label: "table.village", cell: (row) => row.village ?? "—" },
  {
    label: "table.households",
    sort: "households",
    figures: true,
    cell: (row) => count(row.households),
  },
  {
    label: "table.residents",
    sort: "residents",
    figures: true,
    cell: (row) => count(row.residents),
  },
  {
    label: "table.size",
    cell: (row) => <SizeBar value={row.households} rule={row.rule} status={row.profile_status} />,
  },
  {
    label: "table.area",
    sort: "area_m2",
    figures: true,
    cell: (row) => squareKilometres(row.area_m2),
  },
  {
    label: "table.farthest",
    sort: "center_max_m",
    figures: true,
    cell: (row) => kilometres(row.center_max_m),
  },
  {
    label: "table.status",
    sort: "profile_status",
    cell: (row) => <StatusBadge status={row.profile_status} />,
  },
];

function Header({ sorting, onSort }: { sorting: Sorting; onSort: (sorting: Sorting) => void }) {
  const t = useT();
  return (
    <div className="table-row table-head" role="row">
      {COLUMNS.map(({ label, sort, figures }) => {
        const active = sort !== undefined && sorting.by === sort;
        const order = active ? (sorting.order === "asc" ? "ascending" : "descending") : undefined;
        const Arrow = sorting.order === "asc" ? IconArrowUp : IconArrowDown;
        return (
          <div
            key={label}
            role="columnheader"
            aria-sort={order}
            data-figures={figures}
            data-column={label.slice(6)}
          >
            {sort ? (
              <button
                type="button"
                className="sort"
                title={t("table.sort", { column: t(label) })}
                onClick={() =>
                  onSort({ by: sort, order: active && sorting.order === "asc" ? "desc" : "asc" })
                }
              >
                {t(label)}
                {active && <Arrow size={13} aria-hidden />}
              </button>
            ) : (
              t(label)
            )}
          </div>
        );
      })}
    </div>
  );
}

interface GridRowsProps {
  rows: readonly GridRow[];
  total: number;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  onEnd: () => void;
}

export function GridRows({ rows, total, sorting, onSort, onEnd }: GridRowsProps) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const selected = useApp((state) =>
    state.selection?.kind === "grids" ? state.selection.id : null,
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 10) onEnd();
  }, [last, rows.length, onEnd]);
  useEffect(() => {
    const index = rows.findIndex((row) => row.code === selected);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
    // Follow the selection, not every new page of rows.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  function open(row: GridRow): void {
    select({ kind: "grids", id: row.code });
    theMap()?.panTo(row.center, 12.5);
  }

  return (
    <div
      className="table"
      role="grid"
      aria-label={t("table.title")}
      aria-rowcount={total + 1}
      ref={scroller}
    >
      <Header sorting={sorting} onSort={onSort} />
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const row = rows[item.index] as GridRow;
          return (
            <div
              key={row.code}
              role="row"
              tabIndex={0}
              className="table-row"
              data-code={row.code}
              aria-rowindex={item.index + 2}
              aria-selected={row.code === selected}
              style={{ transform: `translateY(${item.start}px)`, position: "absolute" }}
              onClick={() => open(row)}
              onMouseEnter={() => set({ hovered: row.code })}
              onMouseLeave={() => set({ hovered: null })}
              onKeyDown={(event) => {
                if (event.key === "Enter" || event.key === " ") {
                  event.preventDefault();
                  open(row);
                }
                const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
                if (move === 0) return;
                event.preventDefault();
                const target = rows[item.index + move];
                if (!target) return;
                virtual.scrollToIndex(item.index + move);
                scroller.current
                  ?.querySelector<HTMLElement>(`[data-code="${CSS.escape(target.code)}"]`)
                  ?.focus();
              }}
            >
              {COLUMNS.map(({ label, figures, cell }) => (
                <div
                  key={label}
                  role="gridcell"
                  data-figures={figures}
                  data-column={label.slice(6)}
                >
                  {cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
