/** The answer of a service analysis on the map, and what of it lies under a click. */
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type { Geometry } from "ol/geom";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { fromLonLat, toLonLat } from "ol/proj";
import type RenderFeature from "ol/render/Feature";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";
import type { GeoJsonGeometry, Point as LonLat } from "../api/types";
import { findAt, SIGNS } from "../modes/select";
import type { WanggeMap } from "./map";
import { readGeometry } from "./overlays";
import {
  areaFocusStyle,
  areaStyle,
  fromStyle,
  gapFocusStyle,
  gapStyle,
  overflowStyle,
  reachStyle,
  siteStyle,
  unservedStyle,
  wayStyle,
} from "./serviceStyles";

const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
/** Points of households are told apart from here on. */
const POINTS_TO_RESOLUTION = 80;

export type AnswerLayer = "reach" | "areas" | "unserved" | "service_areas" | "overflow";

/** What a click on the map is about. */
export interface Clicked {
  /** The household or the place itself. */
  place: LonLat;
  /** Rank of the gap, code of the center whose area it is, code of the center's own sign. */
  rank: number | null;
  area: string | null;
  center: string | null;
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

const features = (geometry: Geometry | null) => (geometry ? [new Feature(geometry)] : []);

export function createServiceLayers(map: WanggeMap, onClick: (clicked: Clicked) => void) {
  const { ol } = map;
  const layers: Record<AnswerLayer, Layer> = {
    reach: layer(26, reachStyle),
    service_areas: layer(
      28,
      areaStyle(() => false),
    ),
    areas: layer(30, gapStyle()),
    unserved: layer(32, unservedStyle),
    overflow: layer(33, overflowStyle),
  };
  const focus = layer(31, gapFocusStyle);
  const areaFocus = layer(29, areaFocusStyle);
  const site = layer(46, siteStyle);
  const way = layer(60, wayStyle);
  const from = layer(61, fromStyle);
  const all = [...Object.values(layers), focus, areaFocus, site, way, from];
  for (const points of [layers.unserved, layers.overflow]) {
    points.setMaxResolution(POINTS_TO_RESOLUTION);
  }
  for (const each of all) ol.addLayer(each);
  for (const [name, each] of Object.entries(layers)) each.set("name", name);

  function under(pixel: number[], target: Layer, property: string): unknown {
    const found = ol.getFeaturesAtPixel(pixel, { layerFilter: (each) => each === target })[0];
    return found?.get(property);
  }

  function click(event: MapBrowserEvent): void {
    const hit = findAt(ol, event.pixel, SIGNS);
    const isHousehold = hit?.layer === "households";
    const place = isHousehold
      ? (hit.feature as RenderFeature).getFlatCoordinates().slice(0, 2)
      : event.coordinate;
    const rank = under(event.pixel, layers.areas, "rank");
    const area = under(event.pixel, layers.service_areas, "code");
    onClick({
      place: toLonLat(place) as LonLat,
      rank: typeof rank === "number" ? rank : null,
      area: typeof area === "string" ? area : null,
      center: hit?.layer === "centers" ? String(hit.feature.get("code")) : null,
    });
  }
  ol.on("click", click);

  const found = (target: Layer, property: string, value: unknown) =>
    (target.getSource()?.getFeatures() ?? []).filter((each) => each.get(property) === value);

  return {
    /** Replace a layer of the answer by a GeoJSON collection, or empty it. */
    show(name: AnswerLayer, collection: object | null): void {
      fill(layers[name], collection ? format.readFeatures(collection) : []);
    },

    setVisible(name: AnswerLayer, visible: boolean): void {
      layers[name].setVisible(visible);
      if (name === "areas") focus.setVisible(visible);
      if (name === "service_areas") areaFocus.setVisible(visible);
    },

    /** Outline the gap of a rank, and mark where a new center would serve most of it. */
    focusGap(rank: number | null, place: LonLat | null): void {
      fill(
        focus,
        rank === null ? [] : found(layers.areas, "rank", rank).map((each) => each.clone()),
      );
      fill(site, place ? [new Feature(new Point(fromLonLat(place)))] : []);
    },

    focusCenter(code: string | null): void {
      const areas = code === null ? [] : found(layers.service_areas, "code", code);
      fill(
        areaFocus,
        areas.map((each) => each.clone()),
      );
    },

    /** Centers that have more people than places. */
    setOver(isOver: (code: string) => boolean): void {
      layers.service_areas.setStyle(areaStyle(isOver));
    },

    showWay(place: LonLat | null, line: GeoJsonGeometry | null): void {
      fill(from, features(place ? new Point(fromLonLat(place)) : null));
      fill(way, features(readGeometry(line)));
    },

    /** What a click in the middle of the map would be about, for the keyboard. */
    centre(): LonLat {
      return toLonLat(ol.getView().getCenter() ?? [0, 0]) as LonLat;
    },

    dispose(): void {
      ol.un("click", click);
      for (const each of all) {
        ol.removeLayer(each);
        each.dispose();
      }
    },
  };
}

export type ServiceLayers = ReturnType<typeof createServiceLayers>;
