/** A table of an answer: sorted here, only rows in sight in the page, each a click from its place. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useT } from "../../app/hooks";

const ROW_HEIGHT = 29;
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

type Value = number | string | null;

export interface Column<Row> {
  id: string;
  label: string;
  /** What the rows are sorted by; unknown comes last either way. */
  value: (row: Row) => Value;
  cell?: (row: Row) => ReactNode;
  figures?: boolean;
  /** Shown in a widened panel only. */
  wide?: boolean;
  /** A track of the grid. */
  width: string;
}

export interface Sorting {
  by: string;
  order: "asc" | "desc";
}

interface ResultTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  current?: string | null;
  onPick: (row: Row) => void;
  first: Sorting;
}

function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "zh-Hans-CN");
}

/** Rows in order; what is not known stands at the end of either order. */
export function sorted<Row>(
  rows: readonly Row[],
  value: (row: Row) => Value,
  order: Sorting["order"],
): Row[] {
  const sign = order === "asc" ? 1 : -1;
  return [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
    return sign * compare(a, b);
  });
}

const tracks = (columns: readonly { width: string }[]) =>
  columns.map(({ width }) => width).join(" ");

export function ResultTable<Row>(props: ResultTableProps<Row>) {
  const { label, rows, columns, keyOf, current = null, onPick, first } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState(first);
  const by = columns.find(({ id }) => id === sorting.by) ?? columns[0];
  const order = useMemo(
    () => (by ? sorted(rows, by.value, sorting.order) : [...rows]),
    [rows, by, sorting.order],
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
  });
  useEffect(() => {
    const index = current === null ? -1 : order.findIndex((row) => keyOf(row) === current);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
    // Follow what is chosen; a new order does not take the planner away from what they read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [current]);

  function step(event: KeyboardEvent): void {
    const from = Number((event.target as HTMLElement).dataset.index);
    const by = STEPS[event.key];
    if (!by || Number.isNaN(from)) return;
    event.preventDefault();
    const to = Math.min(order.length - 1, Math.max(0, from + by));
    virtual.scrollToIndex(to);
    scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
  }

  const Arrow = sorting.order === "asc" ? IconArrowUp : IconArrowDown;
  const grid = {
    "--narrow": tracks(columns.filter(({ wide }) => !wide)),
    "--wide": tracks(columns),
  } as CSSProperties;
  return (
    <div className="result-table-frame">
      <div
        className="result-table"
        role="grid"
        aria-label={label}
        aria-rowcount={order.length + 1}
        ref={scroller}
        style={grid}
        onKeyDown={step}
      >
        <div className="result-row result-head" role="row">
          {columns.map(({ id, label: heading, figures, wide }) => (
            <div
              key={id}
              role="columnheader"
              data-figures={figures}
              data-wide={wide}
              aria-sort={
                id === sorting.by
                  ? sorting.order === "asc"
                    ? "ascending"
                    : "descending"
                  : undefined
              }
            >
              <button
                type="button"
                className="sort"
                title={t("table.sort", { column: heading })}
                onClick={() =>
                  setSorting({
                    by: id,
                    order: id === sorting.by && sorting.order === "asc" ? "desc" : "asc",
                  })
                }
              >
                {heading}
                {id === sorting.by && <Arrow size={12} aria-hidden />}
              </button>
            </div>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = order[index];
            if (row === undefined) return null;
            const key = keyOf(row);
            return (
              <div
                key={key}
                role="row"
                tabIndex={0}
                className="result-row"
                data-key={key}
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={key === current}
                style={{ transform: `translateY(${start - ROW_HEIGHT}px)` }}
                onClick={() => onPick(row)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" && event.key !== " ") return;
                  event.preventDefault();
                  onPick(row);
                }}
              >
                {columns.map(({ id, figures, wide, cell, value }) => (
                  <div key={id} role="gridcell" data-figures={figures} data-wide={wide}>
                    {cell ? cell(row) : value(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
