/** What tools draw above the map: grids chosen, what an edit would change, where one is refused. */
import Feature from "ol/Feature";
import type { Geometry } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import { Fill, Stroke, Style, Text } from "ol/style";
import type { StyleLike } from "ol/style/Style";
import type { EditAnswer } from "../api/plans";
import type { GeoJsonGeometry } from "../api/types";
import { FONT } from "../map/labels";
import { readGeometry } from "../map/overlays";
import { problemStyle } from "../map/overlayStyles";
import { colourOfChange, isRealChange } from "../plan/changes";

type Layer = VectorLayer<VectorSource<Feature<Geometry>>>;

function layer(zIndex: number, style?: StyleLike): Layer {
  const source = new VectorSource<Feature<Geometry>>();
  return new VectorLayer({ source, zIndex, ...(style ? { style } : {}) });
}

const chosenStyle = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 5 }) }),
  new Style({
    fill: new Fill({ color: "rgba(37,99,235,.12)" }),
    stroke: new Stroke({ color: "#1d4ed8", width: 2.5 }),
  }),
];

const sourceStyle = new Style({
  fill: new Fill({ color: "rgba(180,83,9,.10)" }),
  stroke: new Stroke({ color: "#b45309", width: 2, lineDash: [7, 5] }),
});

function changedStyle(colour: string, text: string): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 4.5 }) }),
    new Style({
      fill: new Fill({ color: `${colour}66` }),
      stroke: new Stroke({ color: colour, width: 2.2 }),
      text: new Text({
        text,
        font: `600 13px ${FONT}`,
        overflow: true,
        fill: new Fill({ color: "#111827" }),
        stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 4 }),
      }),
    }),
  ];
}

export function createMarks(addLayer: (layer: Layer) => void) {
  const sources = layer(56, sourceStyle);
  // Above the outline of what the details show (65): an edit matters more.
  const chosen = layer(66, chosenStyle);
  const changed = layer(67);
  const refused = layer(72, problemStyle);
  const layers = [sources, chosen, changed, refused];
  for (const one of layers) addLayer(one);

  function put(target: Layer, geometries: readonly Geometry[]): void {
    target.getSource()?.clear(true);
    target.getSource()?.addFeatures(geometries.map((geometry) => new Feature(geometry)));
  }

  return {
    layers,
    showChosen: (geometries: readonly Geometry[]) => put(chosen, geometries),
    showSources: (geometries: readonly Geometry[]) => put(sources, geometries),
    showRefused(geometry: GeoJsonGeometry | null): void {
      const read = readGeometry(geometry);
      put(refused, read ? [read] : []);
    },
    /** Tint what an edit would change; `fresh` is the word for a new grid. */
    showChanged(answer: EditAnswer | null, fresh: string): void {
      const source = changed.getSource();
      source?.clear(true);
      if (!answer) return;
      answer.changed.filter(isRealChange).forEach((grid, index) => {
        const feature = new Feature<Geometry>(readGeometry(grid.geometry) ?? undefined);
        const text = `${grid.code.slice(-3)}${grid.before ? "" : ` ${fresh}`}`;
        feature.setStyle(changedStyle(colourOfChange(index), text));
        source?.addFeature(feature);
      });
    },
    dispose(): void {
      for (const one of layers) one.setMap(null);
    },
  };
}

export type Marks = ReturnType<typeof createMarks>;
