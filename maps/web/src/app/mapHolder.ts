/** Where panels and shortcuts find the map once it stands. */
import type { WanggeMap } from "../map/map";

declare global {
  interface Window {
    /** For tests and for engineers who look at a map from the browser's console. */
    wanggeMap?: WanggeMap | null;
  }
}

let current: WanggeMap | null = null;

export function holdMap(map: WanggeMap | null): void {
  current = map;
  window.wanggeMap = map;
}

export function theMap(): WanggeMap | null {
  return current;
}
