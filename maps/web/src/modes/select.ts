/** Click inspects, hovering names. */
import type { FeatureLike } from "ol/Feature";
import type OlMap from "ol/Map";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { toLonLat } from "ol/proj";
import type { LayerId, Point } from "../api/types";
import type { Selection } from "../map/selection";
import { type Mode, setCursor } from "./mode";

/** From the smallest thing to the largest: what lies on top is what was meant. */
const ORDER: readonly LayerId[] = [
  "centers",
  "households",
  "grids",
  "natural_villages",
  "villages",
  "townships",
  "counties",
];

export interface NamingOptions {
  map: OlMap;
  onHover: (hover: Hover | null) => void;
}

export interface SelectOptions extends NamingOptions {
  onSelect: (selection: Selection | null) => void;
}

export interface Hover {
  layer: LayerId;
  properties: Record<string, unknown>;
  pixel: [number, number];
}

interface Hit {
  layer: LayerId;
  feature: FeatureLike;
}

/** What lies at a pixel, the smallest thing first. */
export function findAt(map: OlMap, pixel: number[]): Hit | null {
  let best: Hit | null = null;
  map.forEachFeatureAtPixel(
    pixel,
    (feature, layer) => {
      const id = layer?.get("id") as LayerId | undefined;
      if (!id) return;
      if (!best || ORDER.indexOf(id) < ORDER.indexOf(best.layer)) best = { layer: id, feature };
    },
    { hitTolerance: 2, layerFilter: (layer) => ORDER.includes(layer.get("id") as LayerId) },
  );
  return best;
}

export function selectionOf(hit: Hit, point: Point): Selection | null {
  const { layer, feature } = hit;
  const code = String(feature.get("code") ?? "");
  if (layer === "households") {
    const number = Number(feature.get("count") ?? 1);
    if (feature.get("aggregated")) {
      return { kind: "cluster", count: number, residents: Number(feature.get("residents")), point };
    }
    return { kind: "households", id: String(feature.getId() ?? feature.get("id")) };
  }
  if (!code) return null;
  if (layer === "grids" || layer === "centers" || layer === "natural_villages") {
    return { kind: layer, id: code };
  }
  return { kind: "divisions", id: code };
}

/** Hovering names what lies under the pointer; tools that click on things use it as well. */
export function createNaming({ map, onHover }: NamingOptions): Mode {
  let frame = 0;

  function move(event: MapBrowserEvent): void {
    if (event.dragging) {
      onHover(null);
      return;
    }
    cancelAnimationFrame(frame);
    const pixel = event.pixel as [number, number];
    frame = requestAnimationFrame(() => {
      const hit = findAt(map, pixel);
      setCursor(map, hit ? "pointer" : "");
      onHover(hit ? { layer: hit.layer, properties: hit.feature.getProperties(), pixel } : null);
    });
  }

  const leave = () => {
    cancelAnimationFrame(frame);
    onHover(null);
  };

  return {
    enter() {
      map.on("pointermove", move);
      map.on("movestart", leave);
      map.getViewport()?.addEventListener("pointerleave", leave);
    },
    exit() {
      map.un("pointermove", move);
      map.un("movestart", leave);
      map.getViewport()?.removeEventListener("pointerleave", leave);
      setCursor(map, "");
      leave();
    },
  };
}

export function createSelectMode({ map, onSelect, onHover }: SelectOptions): Mode {
  const naming = createNaming({ map, onHover });

  function click(event: MapBrowserEvent): void {
    const hit = findAt(map, event.pixel);
    const point = toLonLat(event.coordinate) as Point;
    onSelect(hit ? selectionOf(hit, point) : null);
  }

  return {
    enter() {
      map.on("click", click);
      naming.enter();
    },
    exit() {
      map.un("click", click);
      naming.exit();
    },
  };
}
