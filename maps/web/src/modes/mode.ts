import type OlMap from "ol/Map";

/** A way of working on the map: select now; drawing, splitting and painting come as files beside. */
export interface Mode {
  /** Start listening to the map. */
  enter(): void;
  /** Stop, and leave nothing behind. */
  exit(): void;
}

/** The pointer's shape over the map; empty for the usual one. */
export function setCursor(map: OlMap, cursor: string): void {
  const viewport = map.getViewport();
  if (viewport) viewport.style.cursor = cursor;
}

/** Holds the one mode that is on. */
export function createModes() {
  let current: Mode | null = null;
  return {
    change(next: Mode): void {
      if (next === current) return;
      current?.exit();
      current = next;
      next.enter();
    },
  };
}
