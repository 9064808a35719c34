/** One click on the map hands over a place. */
import type OlMap from "ol/Map";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { toLonLat } from "ol/proj";
import type { Point } from "../api/types";
import { type Mode, setCursor } from "./mode";

export interface PickOptions {
  map: OlMap;
  onPick: (point: Point) => void;
}

export function createPickMode({ map, onPick }: PickOptions): Mode {
  const click = (event: MapBrowserEvent) => onPick(toLonLat(event.coordinate) as Point);
  return {
    enter() {
      setCursor(map, "crosshair");
      map.on("click", click);
    },
    exit() {
      setCursor(map, "");
      map.un("click", click);
    },
  };
}
