/** The vector-tile layers, one for each layer of the store. */
import MVT from "ol/format/MVT";
import VectorTileLayer from "ol/layer/VectorTile";
import type RenderFeature from "ol/render/Feature";
import VectorTileSource from "ol/source/VectorTile";
import type { StyleLike } from "ol/style/Style";
import { createXYZ } from "ol/tilegrid";
import { query } from "../api/client";
import { askedOf, IN_FORCE, keyOf, type Lines } from "../api/lines";
import type { LayerId, Workspace } from "../api/types";
import {
  barrierStyle,
  boundaryStyle,
  centerStyle,
  countyStyle,
  householdStyle,
  naturalVillageStyle,
  roadStyle,
  TOWNSHIP_LINE,
  VILLAGE_LINE,
} from "./styles";

/** From bottom to top. */
export const TILE_LAYERS: readonly LayerId[] = [
  "grids",
  "natural_villages",
  "barriers",
  "roads",
  "villages",
  "townships",
  "counties",
  "households",
  "centers",
];

export type TileLayer = VectorTileLayer<VectorTileSource<RenderFeature>, RenderFeature>;

/** Two views full of tiles, and some. */
const KEPT_TILES = 48;
// One grid for all: tiles of 512 px, so half as many requests; beyond z16 the last tile is enlarged.
const TILE_GRID = createXYZ({ tileSize: 512, maxZoom: 16 });
export const HOUSEHOLDS_FROM_ZOOM = 10.6;

const STYLES: Partial<Record<LayerId, StyleLike>> = {
  counties: countyStyle,
  townships: boundaryStyle(TOWNSHIP_LINE),
  villages: boundaryStyle(VILLAGE_LINE),
  natural_villages: naturalVillageStyle,
  roads: roadStyle,
  barriers: barrierStyle,
  households: householdStyle(),
  centers: centerStyle(),
};

/** Address of a layer's tiles; only grids differ by whose lines are shown. */
export function tileUrl(layer: LayerId, version: string, lines: Lines = IN_FORCE): string {
  const asked = layer === "grids" ? lines : IN_FORCE;
  const v = [version, keyOf(asked)].filter(Boolean).join("-");
  return `/tiles/${layer}/{z}/{x}/{y}.mvt${query({ v, ...askedOf(asked) })}`;
}

/** A layer of tiles; who shows other lines than those in force sets its address. */
export function createTileLayer(id: LayerId, version: string, zIndex: number): TileLayer {
  const source = new VectorTileSource<RenderFeature>({
    format: new MVT(),
    tileGrid: TILE_GRID,
    url: tileUrl(id, version),
    transition: 0,
    overlaps: id === "households" || id === "centers",
    wrapX: false,
  });
  const layer = new VectorTileLayer<VectorTileSource<RenderFeature>, RenderFeature>({
    source,
    zIndex,
    properties: { id },
    // With the default of none, tiles of the lines before an edit would be gone before the new ones
    // are there: the grids would flash with every edit.
    ...(id === "grids" ? { cacheSize: KEPT_TILES } : {}),
    // Points may stand a little outside the tile that carries them.
    renderBuffer: 64,
    ...(id in STYLES ? { style: STYLES[id] } : {}),
  });
  if (id === "households") layer.setMinZoom(HOUSEHOLDS_FROM_ZOOM);
  return layer;
}

export function createTileLayers(workspace: Workspace): Record<LayerId, TileLayer> {
  const entries = TILE_LAYERS.map((id, index) => [
    id,
    createTileLayer(id, workspace.layers[id]?.version ?? "", 10 + index),
  ]);
  return Object.fromEntries(entries) as Record<LayerId, TileLayer>;
}

/** Ask for new tiles of the layers whose version, or whose lines, changed since. */
export function updateTiles(
  layers: Record<LayerId, TileLayer>,
  workspace: Workspace,
  lines: Lines,
): void {
  for (const id of TILE_LAYERS) {
    const source = layers[id].getSource();
    const url = tileUrl(id, workspace.layers[id]?.version ?? "", lines);
    if (source && source.getUrls()?.[0] !== url) source.setUrl(url);
  }
}

/** What tells the tiles on show from those before: versions and lines. */
export const keysOf = (layers: readonly TileLayer[]): string =>
  layers.map((layer) => layer.getSource()?.getKey()).join(" ");

/**
 * Drop the tiles of lines that are not on show any more. OpenLayers keeps them to bridge the time until
 * the new ones are there; later they would only lend their names to the map's labels.
 */
export function forgetOldTiles(layers: readonly TileLayer[]): void {
  for (const layer of layers) {
    const source = layer.getSource();
    const renderer = layer.getRenderer();
    const cache = renderer?.getTileCache();
    if (!source || !cache) continue;
    for (const key of cache.getKeys()) {
      if (!key.includes(`,${source.getKey()},`)) cache.remove(key);
    }
  }
}
