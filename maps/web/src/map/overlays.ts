/** What lies above the tiles: problems, the selection, a picked place. */
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type { Geometry } from "ol/geom";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";
import type { GeoJsonGeometry, Point as LonLat } from "../api/types";
import { pickedStyle, problemStyle, selectionStyle } from "./overlayStyles";

const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });

function layer(zIndex: number, style: StyleLike): VectorLayer<VectorSource<Feature<Geometry>>> {
  return new VectorLayer({ source: new VectorSource<Feature<Geometry>>(), zIndex, style });
}

/** Geometry of the API (lon, lat) in map coordinates; null for null. */
export function readGeometry(geometry: GeoJsonGeometry | null): Geometry | null {
  return geometry ? format.readGeometry(geometry) : null;
}

export function createOverlays() {
  const problems = layer(70, problemStyle);
  const selection = layer(65, selectionStyle);
  const picked = layer(80, pickedStyle);

  function put(target: typeof problems, geometry: Geometry | null): void {
    const source = target.getSource();
    source?.clear(true);
    if (geometry) source?.addFeature(new Feature(geometry));
  }

  return {
    layers: [selection, problems, picked],

    showSelection: (geometry: GeoJsonGeometry | null) => put(selection, readGeometry(geometry)),
    showProblem: (geometry: GeoJsonGeometry | null) => put(problems, readGeometry(geometry)),
    showPicked: (point: LonLat | null) => put(picked, point ? new Point(fromLonLat(point)) : null),
  };
}

export type Overlays = ReturnType<typeof createOverlays>;
