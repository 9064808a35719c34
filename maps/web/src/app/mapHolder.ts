/** Where panels and shortcuts find the map once it stands. */
import type { WanggeMap } from "../map/map";

let current: WanggeMap | null = null;

export function holdMap(map: WanggeMap | null): void {
  current = map;
}

export function theMap(): WanggeMap | null {
  return current;
}
