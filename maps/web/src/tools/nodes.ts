/** Nodes of the draft's lines around a place, and the grids that share one. */
import type { Coordinate } from "ol/coordinate";
import { buffer } from "ol/extent";
import { MultiPolygon } from "ol/geom";
import { toLonLat } from "ol/proj";
import type { Point } from "../api/types";
import type { Ground, GridFeature } from "./ground";
import type { Rings } from "./tangle";

/** Stored coordinates lie on a lattice of 1e-9 degrees: so much is exact after the way to the screen and back. */
const DECIMALS = 9;

/** The stored place of a node. */
export function storedPlace(node: Coordinate): Point {
  const [lon = 0, lat = 0] = toLonLat(node);
  return [Number(lon.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
}

/** Rings of each polygon of a grid. */
export function partsOf(grid: GridFeature): Rings[] {
  const geometry = grid.getGeometry();
  if (!geometry) return [];
  return geometry instanceof MultiPolygon ? geometry.getCoordinates() : [geometry.getCoordinates()];
}

export interface Node {
  at: Coordinate;
  grids: GridFeature[];
}

/** Nodes of grids that may be changed, within `reach` of a place, the nearest first. */
export function nodesNear(ground: Ground, place: Coordinate, reach: number): Node[] {
  const [px = 0, py = 0] = place;
  const distance = ([x = 0, y = 0]: Coordinate) => Math.hypot(x - px, y - py);
  const found = new Map<string, Node>();
  const box = buffer([px, py, px, py], reach);
  for (const grid of ground.source.getFeaturesInExtent(box)) {
    for (const node of partsOf(grid).flat(2)) {
      if (distance(node) > reach) continue;
      const key = `${node[0]} ${node[1]}`;
      const known = found.get(key) ?? { at: node, grids: [] };
      if (!known.grids.includes(grid)) known.grids.push(grid);
      found.set(key, known);
    }
  }
  return [...found.values()]
    .filter(({ grids }) => grids.some((grid) => grid.get("editable")))
    .sort((a, b) => distance(a.at) - distance(b.at));
}
