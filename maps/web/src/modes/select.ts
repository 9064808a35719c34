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

/** What tools point at: land, whatever stands upon it. */
export const LAND: readonly LayerId[] = ORDER.slice(ORDER.indexOf("grids"));
/** What stands on the land: the signs of centers, the dots of households. */
export const SIGNS: readonly LayerId[] = ORDER.slice(0, ORDER.indexOf("grids"));

export interface NamingOptions {
  map: OlMap;
  /** What is named; everything unless told. */
  layers?: readonly LayerId[];
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

/** A dot that stands for several households is no thing of its own: the grid beneath is meant. */
function rankOf({ layer, feature }: Hit): number {
  const isCluster = layer === "households" && Boolean(feature.get("aggregated"));
  return isCluster ? ORDER.indexOf("grids") + 0.5 : ORDER.indexOf(layer);
}

/** What lies at a pixel, of some layers or of all, the smallest thing first. */
export function findAt(
  map: OlMap,
  pixel: number[],
  layers: readonly LayerId[] = ORDER,
): Hit | null {
  let best: Hit | null = null;
  map.forEachFeatureAtPixel(
    pixel,
    (feature, layer) => {
      const id = layer?.get("id") as LayerId | undefined;
      if (!id) return;
      const hit = { layer: id, feature };
      if (!best || rankOf(hit) < rankOf(best)) best = hit;
    },
    { hitTolerance: 2, layerFilter: (layer) => layers.includes(layer.get("id") as LayerId) },
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
export function createNaming({ map, layers, onHover }: NamingOptions): Mode {
  let frame = 0;

  function move(event: MapBrowserEvent): void {
    if (event.dragging) {
      onHover(null);
      return;
    }
    cancelAnimationFrame(frame);
    const pixel = event.pixel as [number, number];
    frame = requestAnimationFrame(() => {
      const hit = findAt(map, pixel, layers);
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
