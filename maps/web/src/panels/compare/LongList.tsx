/** A list of which only what is in sight is in the page. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

interface LongListProps {
  label: string;
  count: number;
  rowHeight: number;
  /** The row to bring into sight whenever it changes. */
  at?: number | null;
  row: (index: number) => ReactNode;
}

export function LongList({ label, count, rowHeight, at = null, row }: LongListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  useEffect(() => {
    if (at !== null) virtual.scrollToIndex(at, { align: "auto" });
    // The virtualizer is another object with every scroll.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at]);
  return (
    <div className="long-list" ref={scroller}>
      <ul aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <li key={index} style={{ transform: `translateY(${start}px)`, height: rowHeight }}>
            {row(index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
