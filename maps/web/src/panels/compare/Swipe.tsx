/** The slider between old and new lines: mouse, finger or arrow keys. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { setCompare, useCompare } from "../../app/comparison";
import { useT } from "../../app/hooks";

const STEPS: Record<string, number> = {
  ArrowLeft: -0.02,
  ArrowRight: 0.02,
  PageUp: -0.1,
  PageDown: 0.1,
  Home: -1,
  End: 1,
};

const between = (share: number) => Math.min(1, Math.max(0, share));

export function Swipe({ left, right }: { left: string; right: string }) {
  const t = useT();
  const line = useRef<HTMLDivElement>(null);
  const split = useCompare((state) => state.split);

  function drag(event: PointerEvent): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const frame = line.current?.parentElement?.getBoundingClientRect();
    if (frame) setCompare({ split: between((event.clientX - frame.left) / frame.width) });
  }

  function step(event: KeyboardEvent): void {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setCompare(({ split: from }) => ({ split: between(from + by) }));
  }

  const percent = Math.round(split * 100);
  return (
    <>
      <div className="swipe-names" aria-hidden="true">
        <span style={{ right: `calc(${100 - split * 100}% + 14px)` }}>{left}</span>
        <span style={{ left: `calc(${split * 100}% + 14px)` }}>{right}</span>
      </div>
      <div
        ref={line}
        className="swipe"
        role="slider"
        tabIndex={0}
        aria-label={t("compare.slider", { left, right })}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        style={{ left: `${split * 100}%` }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          event.currentTarget.focus();
        }}
        onPointerMove={drag}
        onKeyDown={step}
      >
        <span className="swipe-grip" aria-hidden="true">
          ◂▸
        </span>
      </div>
    </>
  );
}
