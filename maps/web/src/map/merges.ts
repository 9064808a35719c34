/** Merge suggestions on the map, and which of them lies under the pointer. */
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type { Geometry } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";
import type { MergeUnit } from "../api/merges";
import type { LayerId } from "../api/types";
import type { WanggeMap } from "./map";
import {
  groupStyle,
  type GroupSign,
  mergeFocusStyle,
  mergeHoverStyle,
  type Tried,
  triedStyle,
  unitStyle,
} from "./mergeStyles";

const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });

const TILES: Record<MergeUnit, LayerId> = {
  grid: "grids",
  natural_village: "natural_villages",
  village: "villages",
};

export type MergeLayer = "units" | "groups";

/** A unit under the pointer, and the group of several units it is in. */
export interface Pointed {
  unit: string;
  state: string;
  group: string | null;
}

export interface MergeListeners {
  onClick: (pointed: Pointed | null) => void;
  onHover: (pointed: Pointed | null) => void;
}

type Layer = VectorLayer<VectorSource<Feature<Geometry>>>;

function layer(zIndex: number, style: StyleLike): Layer {
  return new VectorLayer({ source: new VectorSource<Feature<Geometry>>(), zIndex, style });
}

function fill(target: Layer, features: Feature<Geometry>[]): void {
  const source = target.getSource();
  source?.clear(true);
  source?.addFeatures(features);
}

export function createMergeLayers(map: WanggeMap, { onClick, onHover }: MergeListeners) {
  const { ol } = map;
  const layers: Record<MergeLayer, Layer> = {
    units: layer(26, unitStyle),
    groups: layer(
      28,
      groupStyle(() => null),
    ),
  };
  const hover = layer(29, mergeHoverStyle);
  const focus = layer(31, mergeFocusStyle);
  const all = [layers.units, layers.groups, hover, focus];
  for (const each of all) ol.addLayer(each);
  layers.units.set("name", "merge_units");
  layers.groups.set("name", "merge_groups");

  let tried: VectorTileLayer | null = null;
  /** The same tiles the map has, or fetches, of these units. */
  function triedLayer(unit: MergeUnit): VectorTileLayer {
    const source = map.tiles[TILES[unit]].getSource();
    if (tried && tried.getSource() === source) return tried;
    dropTried();
    tried = new VectorTileLayer({ source: source ?? undefined, zIndex: 26 });
    tried.set("name", "merge_tried");
    ol.addLayer(tried);
    return tried;
  }
  function dropTried(): void {
    if (!tried) return;
    ol.removeLayer(tried);
    // The source is the map's own.
    tried.setSource(null);
    tried.dispose();
    tried = null;
  }

  function pointedAt(pixel: number[]): Pointed | null {
    const found = ol.getFeaturesAtPixel(pixel, { layerFilter: (each) => each === layers.units })[0];
    if (!found) return null;
    return {
      unit: String(found.get("code")),
      state: String(found.get("state")),
      group: found.get("state") === "merged" ? String(found.get("group")) : null,
    };
  }

  let frame = 0;
  const click = (event: MapBrowserEvent) => onClick(pointedAt(event.pixel));
  function move(event: MapBrowserEvent): void {
    cancelAnimationFrame(frame);
    if (event.dragging) return;
    const pixel = event.pixel;
    frame = requestAnimationFrame(() => onHover(pointedAt(pixel)));
  }
  function leave(): void {
    cancelAnimationFrame(frame);
    onHover(null);
  }
  ol.on("click", click);
  ol.on("pointermove", move);
  ol.getViewport()?.addEventListener("pointerleave", leave);

  const clones = (target: Layer, property: string, value: string) =>
    (target.getSource()?.getFeatures() ?? [])
      .filter((each) => String(each.get(property)) === value)
      .map((each) => each.clone());
  /** A group by its id, a unit by its code; a group is what a code means first. */
  function shapesOf(group: string | null, unit: string | null): Feature<Geometry>[] {
    if (group !== null) return clones(layers.groups, "id", group);
    return unit === null ? [] : clones(layers.units, "code", unit);
  }

  return {
    /** Replace a layer by a GeoJSON collection, or empty it. */
    show(name: MergeLayer, collection: object | null): void {
      fill(layers[name], collection ? format.readFeatures(collection) : []);
    },
    setVisible: (name: MergeLayer, visible: boolean) => layers[name].setVisible(visible),
    /** Colour the units by sizes that are being tried; what was suggested steps back meanwhile. */
    tryOut(now: Tried | null, isVisible: boolean): void {
      for (const each of [hover, focus]) each.setVisible(!now);
      if (!now) return dropTried();
      const shown = triedLayer(now.unit);
      shown.setStyle(triedStyle(now));
      shown.setVisible(isVisible);
    },
    /** What has been decided about groups. */
    setSigns: (signOf: (id: string) => GroupSign | null) =>
      layers.groups.setStyle(groupStyle(signOf)),
    focus: (group: string | null, unit: string | null) => fill(focus, shapesOf(group, unit)),
    hover: (group: string | null, unit: string | null) => fill(hover, shapesOf(group, unit)),

    dispose(): void {
      cancelAnimationFrame(frame);
      ol.un("click", click);
      ol.un("pointermove", move);
      ol.getViewport()?.removeEventListener("pointerleave", leave);
      dropTried();
      for (const each of all) {
        ol.removeLayer(each);
        each.dispose();
      }
    },
  };
}

export type MergeLayers = ReturnType<typeof createMergeLayers>;
