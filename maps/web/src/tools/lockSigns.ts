/** Locked grids of the open draft: hatched, with a padlock. */
import type { MultiPolygon, Polygon } from "ol/geom";
import { Point } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import { Fill, Icon, Style } from "ol/style";
import { isEditable, planStore } from "../plan/store";
import { insideOf } from "./brush";
import type { Ground, GridFeature } from "./ground";
import { hatching } from "./patterns";

const SIZE = 22;

/** A closed padlock on a white disc, drawn at twice its size for sharp screens. */
function padlock(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE * 2;
  canvas.height = SIZE * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  pen.scale(2, 2);
  pen.fillStyle = "rgba(255,255,255,.92)";
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, SIZE / 2 - 0.5, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#334155";
  pen.fillRect(6, 10, 10, 7);
  pen.strokeStyle = "#334155";
  pen.lineWidth = 1.8;
  pen.beginPath();
  pen.arc(11, 9.5, 3.2, Math.PI, 0);
  pen.stroke();
  return canvas;
}

export function createLockSigns(map: OlMap, ground: Ground) {
  const hatched = new Style({ fill: new Fill({ color: hatching("rgba(51,65,85,.34)", 9) }) });
  // Above the grid's number.
  const sign = new Style({
    image: new Icon({ img: padlock(), scale: 0.5, displacement: [0, 20] }),
    geometry: (feature) => {
      const geometry = (feature as GridFeature).getGeometry();
      return new Point(insideOf(geometry as Polygon | MultiPolygon));
    },
  });
  const layer = new VectorLayer({
    source: ground.source,
    zIndex: 50,
    style: (grid) => {
      if (!grid.get("locked") || !isEditable(planStore.getState())) return undefined;
      return [hatched, sign];
    },
  });
  layer.setMap(map);
  return { dispose: () => layer.setMap(null) };
}
