/** Keeps a card beside what is previewed: placed anew with every answer and view, left where it is dragged. */
import { useMergedRef, useResizeObserver } from "@mantine/hooks";
import { type PointerEvent, useLayoutEffect, useRef, useState } from "react";
import type { GeoJsonGeometry, Point } from "../../api/types";
import { useApp, usePlan } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { isRealChange } from "../../plan/changes";
import { type Box, type Pixel, placeBeside } from "../../plan/place";
import { useTool } from "./options/useTool";

/** What stands on the map and stays readable. */
const STANDING = ".legend, .map-buttons, .map-corner, .scale, .kept-bar, .outage";
const MARGIN = 10;

/** The lists of places in a geometry: lines and rings. */
function* ringsOf(coordinates: unknown): Generator<Point[]> {
  if (!Array.isArray(coordinates) || !Array.isArray(coordinates[0])) return;
  if (typeof (coordinates[0] as unknown[])[0] === "number") yield coordinates as Point[];
  else for (const part of coordinates) yield* ringsOf(part);
}

function pixels(places: readonly Point[]): Pixel[] {
  const map = theMap();
  return places.flatMap((place) => {
    // Null before the map is drawn the first time.
    const at = map?.pixelOf(place) as Pixel | null | undefined;
    return at ? [at] : [];
  });
}

function standing(sheet: Element, own: Element): Box[] {
  const origin = sheet.getBoundingClientRect();
  return [...sheet.querySelectorAll(STANDING)]
    .filter((one) => one !== own)
    .map((one) => one.getBoundingClientRect())
    .map(({ x, y, width, height }) => ({ x: x - origin.x, y: y - origin.y, width, height }));
}

function useShapes(): (GeoJsonGeometry | null)[] {
  const { preview, refusal } = usePlan((state) => ({
    preview: state.preview,
    refusal: state.refusal,
  }));
  const changed = preview?.answer.changed.filter(isRealChange).map((grid) => grid.geometry) ?? [];
  return [...changed, refusal?.geometry ?? null];
}

/** What of the map a card may use: below the hint, which says what its keys do. */
function frameOf(sheet: Element): Box {
  const hint = sheet.querySelector(".hint")?.getBoundingClientRect();
  const top = MARGIN + (hint ? hint.bottom - sheet.getBoundingClientRect().top : 0);
  return {
    x: MARGIN,
    y: top,
    width: sheet.clientWidth - 2 * MARGIN,
    height: sheet.clientHeight - MARGIN - top,
  };
}

interface Place {
  x: number;
  y: number;
}

function within({ x, y }: Place, own: HTMLElement, sheet: Element): Place {
  const frame = frameOf(sheet);
  return {
    x: Math.max(frame.x, Math.min(x, frame.x + frame.width - own.offsetWidth)),
    y: Math.max(frame.y, Math.min(y, frame.y + frame.height - own.offsetHeight)),
  };
}

export function useBeside() {
  const card = useRef<HTMLElement>(null);
  const [observe, size] = useResizeObserver<HTMLElement>();
  const ref = useMergedRef(card, observe);
  const shapes = useShapes();
  const drawn = useTool((state) => state.drawn);
  const view = useApp((state) => state.view);
  const answer = usePlan((state) => state.preview ?? state.refusal);
  const [at, setAt] = useState<Place | null>(null);
  const dragged = useRef(false);
  const grip = useRef<Place | null>(null);

  useLayoutEffect(() => {
    const own = card.current;
    const sheet = own?.parentElement;
    if (!own || !sheet) return;
    if (dragged.current) {
      setAt((now) => now && within(now, own, sheet));
      return;
    }
    const rings = [...shapes.flatMap((shape) => [...ringsOf(shape?.coordinates)]), [...drawn]];
    setAt(
      placeBeside({
        shapes: rings.map(pixels).filter((ring) => ring.length > 0),
        card: { width: own.offsetWidth, height: own.offsetHeight },
        frame: frameOf(sheet),
        taken: standing(sheet, own),
      }),
    );
    // The shapes are those of the answer: a new array at every drawing is no change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [answer, drawn, view, size.width, size.height]);

  return {
    ref,
    style: at ? { left: at.x, top: at.y } : { visibility: "hidden" as const },
    /** For the card's head: it is taken there and pulled aside. */
    handle: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (!at || event.button !== 0) return;
        grip.current = { x: event.clientX - at.x, y: event.clientY - at.y };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const own = card.current;
        if (!grip.current || !own?.parentElement) return;
        dragged.current = true;
        const to = { x: event.clientX - grip.current.x, y: event.clientY - grip.current.y };
        setAt(within(to, own, own.parentElement));
      },
      onPointerUp() {
        grip.current = null;
      },
    },
  };
}
