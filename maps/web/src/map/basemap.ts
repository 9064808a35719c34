/** The optional base map, from a URL the operator set; without one the map works all the same. */
import type Layer from "ol/layer/Layer";
import TileLayer from "ol/layer/Tile";
import XYZ from "ol/source/XYZ";
import type { Basemap } from "../api/types";
import { registerGcj02 } from "./projections";

// OpenLayers writes attributions as HTML; a setting is text.
function escape(text: string): string {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

function tiles(url: string, basemap: Basemap): XYZ {
  return new XYZ({
    url,
    projection: basemap.crs === "gcj02" ? registerGcj02() : "EPSG:3857",
    attributions: basemap.attribution ? escape(basemap.attribution) : [],
    maxZoom: 18,
    transition: 0,
  });
}

/** Layers of the base map from bottom to top: picture, then its labels. */
export function createBasemap(basemap: Basemap | null): Layer[] {
  if (!basemap) return [];
  const urls = [basemap.url, basemap.labels_url].filter((url): url is string => Boolean(url));
  return urls.map((url) => new TileLayer({ source: tiles(url, basemap), zIndex: 0 }));
}
