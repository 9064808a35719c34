/** The rows of the grid table: only those on screen are in the page. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type MouseEvent, useEffect, useRef } from "react";
import type { GridChange } from "../api/difference";
import type { GridRow } from "../api/types";
import { useApp, usePlan, useT } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { select, set } from "../app/state";
import { choose, isEditable, planStore } from "../plan/store";
import { COLUMNS, type Column } from "./table/columns";
import type { GridList, Sorting } from "./table/gridList";

const ROW_HEIGHT = 30;

interface HeaderProps {
  columns: readonly Column[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
}

function Header({ columns, sorting, onSort }: HeaderProps) {
  const t = useT();
  return (
    <div className="table-row table-head" role="row">
      {columns.map(({ label, sort, figures }) => {
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

/** Look at the grid; while lines are drawn it is also what the next edit is about. */
function open(row: GridRow, event: MouseEvent | KeyboardEvent): void {
  const several = event.shiftKey || event.ctrlKey || event.metaKey;
  if (isEditable(planStore.getState())) choose([row.code], several ? "toggle" : "only");
  select({ kind: "grids", id: row.code });
  if (!several) theMap()?.panTo(row.center, 12.5);
}

interface RowProps {
  row: GridRow;
  index: number;
  start: number;
  columns: readonly Column[];
  change: GridChange | undefined;
  isSelected: boolean;
  isPointed: boolean;
  isChosen: boolean;
}

const Row = memo(function Row(props: RowProps) {
  const { row, index, start, columns, change } = props;
  return (
    <div
      role="row"
      tabIndex={0}
      className="table-row"
      data-code={row.code}
      data-index={index}
      data-pointed={props.isPointed}
      data-chosen={props.isChosen}
      aria-rowindex={index + 2}
      aria-selected={props.isSelected || props.isChosen}
      style={{ transform: `translateY(${start}px)`, position: "absolute" }}
      // Shift adds a grid here; it must not mark the words between.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={(event) => open(row, event)}
      onMouseEnter={() => set({ hovered: row.code })}
      onMouseLeave={() => set({ hovered: null })}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open(row, event);
      }}
    >
      {columns.map(({ label, figures, cell }) => (
        <div key={label} role="gridcell" data-figures={figures} data-column={label.slice(6)}>
          {cell(row, change)}
        </div>
      ))}
    </div>
  );
});

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 };

interface GridRowsProps {
  list: GridList;
  changes: ReadonlyMap<string, GridChange> | null;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  /** The first row in sight, whose page is wanted. */
  onFirst: (index: number) => void;
  /** Finds the place of a grid in the list; another key means another list, null one on its way. */
  find: (code: string) => Promise<number | null>;
  listKey: string | null;
}

export function GridRows(props: GridRowsProps) {
  const { list, changes, sorting, onSort, onFirst, find, listKey } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const { selected, pointed } = useApp((state) => ({
    selected: state.selection?.kind === "grids" ? state.selection.id : null,
    pointed: state.hovered,
  }));
  const { chosen, isOpen } = usePlan((state) => ({
    chosen: state.chosen,
    isOpen: state.plan !== null,
  }));
  const columns = isOpen ? COLUMNS : COLUMNS.filter((column) => !column.ofPlan);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count: list.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    // The heading stands above the rows and covers the first one when they scroll.
    scrollMargin: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  useEffect(() => onFirst(first), [first, onFirst]);
  useEffect(() => {
    if (!selected || listKey === null) return;
    let stale = false;
    find(selected).then(
      (index) => {
        if (!stale && index !== null) virtual.scrollToIndex(index, { align: "auto" });
      },
      () => undefined,
    );
    return () => {
      stale = true;
    };
    // Follow the selection and what is listed, not every page that arrives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected, listKey]);

  function step(event: KeyboardEvent): void {
    const from = Number((event.target as HTMLElement).dataset.index);
    const by = STEPS[event.key];
    if (!by || Number.isNaN(from)) return;
    event.preventDefault();
    const to = Math.min(list.total - 1, Math.max(0, from + by));
    virtual.scrollToIndex(to);
    scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
  }

  return (
    <div
      className="table"
      role="grid"
      aria-label={t("table.title")}
      aria-rowcount={list.total + 1}
      aria-multiselectable={isOpen}
      data-plan={isOpen}
      ref={scroller}
      onKeyDown={step}
    >
      <Header columns={columns} sorting={sorting} onSort={onSort} />
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map(({ index, start }) => {
          const row = list.rowAt(index);
          // A page on its way leaves its rows blank; the bar beside them is right already.
          if (!row) return null;
          return (
            <Row
              key={row.code}
              row={row}
              index={index}
              start={start - ROW_HEIGHT}
              columns={columns}
              change={changes?.get(row.code)}
              isSelected={row.code === selected}
              isPointed={row.code === pointed}
              isChosen={chosen.includes(row.code)}
            />
          );
        })}
      </div>
    </div>
  );
}
