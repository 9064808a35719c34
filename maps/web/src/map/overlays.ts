/** What lies above the tiles: gaps, problems, the selection, a picked place. */
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type { Geometry } from "ol/geom";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";
import type { GeoJsonGeometry, Point as LonLat } from "../api/types";
import {
  gapStyle,
  pickedStyle,
  problemStyle,
  selectionStyle,
  strongGapStyle,
  unservedStyle,
} from "./hatch";

const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });

function layer(zIndex: number, style: StyleLike): VectorLayer<VectorSource<Feature<Geometry>>> {
  return new VectorLayer({ source: new VectorSource<Feature<Geometry>>(), zIndex, style });
}

/** Geometry of the API (lon, lat) in map coordinates; null for null. */
export function readGeometry(geometry: GeoJsonGeometry | null): Geometry | null {
  return geometry ? format.readGeometry(geometry) : null;
}

export function createOverlays() {
  const gaps = layer(30, gapStyle());
  const gapFocus = layer(31, strongGapStyle);
  const unserved = layer(32, unservedStyle);
  const problems = layer(70, problemStyle);
  const selection = layer(65, selectionStyle);
  const picked = layer(80, pickedStyle);
  unserved.setMaxResolution(80);

  function put(target: typeof gaps, geometry: Geometry | null): void {
    const source = target.getSource();
    source?.clear(true);
    if (geometry) source?.addFeature(new Feature(geometry));
  }

  return {
    layers: [gaps, gapFocus, unserved, selection, problems, picked],
    gapLayers: [gaps, gapFocus, unserved],

    showSelection: (geometry: GeoJsonGeometry | null) => put(selection, readGeometry(geometry)),
    showProblem: (geometry: GeoJsonGeometry | null) => put(problems, readGeometry(geometry)),
    showPicked: (point: LonLat | null) => put(picked, point ? new Point(fromLonLat(point)) : null),

    /** Replace the gap areas and the unserved households by GeoJSON collections, or remove them. */
    showGaps(areas: object | null, points: object | null): void {
      gapFocus.getSource()?.clear(true);
      for (const [target, collection] of [
        [gaps, areas],
        [unserved, points],
      ] as const) {
        const source = target.getSource();
        source?.clear(true);
        if (collection) source?.addFeatures(format.readFeatures(collection));
      }
    },

    /** Outline the gap of a rank strongly. */
    focusGap(rank: number | null): void {
      const source = gapFocus.getSource();
      source?.clear(true);
      const found = gaps
        .getSource()
        ?.getFeatures()
        .find((feature) => feature.get("rank") === rank);
      if (found) source?.addFeature(found.clone());
    },
  };
}

export type Overlays = ReturnType<typeof createOverlays>;
