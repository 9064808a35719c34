/**
 * Names on the map. Tiles carry a polygon once for each tile it touches, so labels made tile by tile
 * would repeat; here each unit gets one label, in the largest piece of it that is on screen.
 */
import Feature from "ol/Feature";
import { containsExtent, type Extent, getArea, getIntersection } from "ol/extent";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import type RenderFeature from "ol/render/Feature";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, Stroke, Style, Text } from "ol/style";
import type { LayerId } from "../api/types";
import type { TileLayer } from "./tiles";

export const FONT =
  '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';

interface LabelRule {
  layer: LayerId;
  fromZoom: number;
  toZoom: number;
  font: string;
  colour: string;
  order: number;
  text: (feature: RenderFeature) => string;
}

const name = (feature: RenderFeature) => String(feature.get("name") ?? "");

const RULES: readonly LabelRule[] = [
  {
    layer: "townships",
    fromZoom: 8,
    toZoom: 12.2,
    font: `600 13px ${FONT}`,
    colour: "#14261c",
    order: 4,
    text: name,
  },
  {
    layer: "villages",
    fromZoom: 11.2,
    toZoom: 14.5,
    font: `500 12px ${FONT}`,
    colour: "#2f4a3d",
    order: 3,
    text: name,
  },
  {
    layer: "grids",
    fromZoom: 13,
    toZoom: 30,
    font: `12px ${FONT}`,
    colour: "#33493e",
    order: 2,
    text: (feature) => String(feature.get("code") ?? "").slice(-3),
  },
  {
    layer: "natural_villages",
    fromZoom: 13,
    toZoom: 30,
    font: `italic 12px ${FONT}`,
    colour: "#6b5f2a",
    order: 1,
    text: name,
  },
  {
    layer: "centers",
    fromZoom: 13.5,
    toZoom: 30,
    font: `600 12px ${FONT}`,
    colour: "#8f1515",
    order: 5,
    text: name,
  },
];

/** Below it the signs are dots, and names may lie on them. */
const SIGNS_BLOCK_FROM_ZOOM = 10.6;

interface Piece {
  feature: RenderFeature;
  size: number;
}

/** The centers' signs keep their place; labels make room. */
const obstacle = new Style({
  zIndex: 10,
  image: new Circle({
    radius: 9,
    fill: new Fill({ color: "rgba(0,0,0,0)" }),
    declutterMode: "obstacle",
  }),
});

/** How far down a label has to go when a center's sign stands where it would be, in pixels. */
function stepAside(place: number[], signs: readonly number[][], resolution: number): number {
  const [x = 0, y = 0] = place;
  for (const [signX = 0, signY = 0] of signs) {
    const down = (y - signY) / resolution;
    if (Math.abs(x - signX) / resolution < 34 && Math.abs(down) < 15) return down + 18;
  }
  return 0;
}

function labelStyle(rule: LabelRule, text: string, offset: number): Style {
  return new Style({
    zIndex: rule.order,
    text: new Text({
      text,
      font: rule.font,
      fill: new Fill({ color: rule.colour }),
      stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 3 }),
      offsetY: rule.layer === "centers" ? 18 : offset,
      padding: [3, 4, 3, 4],
      overflow: true,
    }),
  });
}

function largestPieces(layer: TileLayer, extent: Extent): Map<string, Piece> {
  const pieces = new Map<string, Piece>();
  for (const feature of layer.getFeaturesInExtent(extent)) {
    const code = String(feature.get("code") ?? "");
    const own = feature.getExtent();
    const size = containsExtent(extent, own) ? getArea(own) : getArea(getIntersection(extent, own));
    const known = pieces.get(code);
    if (!known || size > known.size) pieces.set(code, { feature, size });
  }
  return pieces;
}

function anchor(feature: RenderFeature): number[] {
  if (feature.getType() === "Polygon") return feature.getFlatInteriorPoint().slice(0, 2);
  return feature.getFlatCoordinates().slice(0, 2);
}

/** Other lines of grids beside those on show, and where they are the ones to be named. */
export interface Beside {
  grids: TileLayer;
  has: (place: number[]) => boolean;
}

/** The layer of labels; call `refresh` whenever the map has settled. */
export function createLabels(tiles: Record<LayerId, TileLayer>) {
  const source = new VectorSource();
  const layer = new VectorLayer({
    source,
    zIndex: 60,
    declutter: true,
    updateWhileInteracting: true,
    renderOrder: (a, b) => Number(b.get("order")) - Number(a.get("order")),
  });

  let beside: Beside | null = null;

  function piecesOf(layer: LayerId, extent: Extent): Piece[] {
    const own = [...largestPieces(tiles[layer], extent).values()];
    if (layer !== "grids" || !beside) return own;
    const { grids, has } = beside;
    const others = [...largestPieces(grids, extent).values()];
    return [
      ...own.filter(({ feature }) => !has(anchor(feature))),
      ...others.filter(({ feature }) => has(anchor(feature))),
    ];
  }

  function refresh(extent: Extent, zoom: number, resolution: number): void {
    const features: Feature[] = [];
    const signs = tiles.centers.getVisible()
      ? [...largestPieces(tiles.centers, extent).values()].map(({ feature }) => anchor(feature))
      : [];
    for (const sign of zoom < SIGNS_BLOCK_FROM_ZOOM ? [] : signs) {
      const block = new Feature({ geometry: new Point(sign), order: 9 });
      block.setStyle(obstacle);
      features.push(block);
    }
    for (const rule of RULES) {
      const tileLayer = tiles[rule.layer];
      if (!tileLayer.getVisible() || zoom < rule.fromZoom || zoom >= rule.toZoom) continue;
      for (const piece of piecesOf(rule.layer, extent)) {
        const text = rule.text(piece.feature);
        if (!text) continue;
        const place = anchor(piece.feature);
        const label = new Feature({ geometry: new Point(place), order: rule.order });
        label.setStyle(labelStyle(rule, text, stepAside(place, signs, resolution)));
        features.push(label);
      }
    }
    source.clear(true);
    source.addFeatures(features);
  }

  return {
    layer,
    refresh,
    /** Name the grids of other lines too; null goes back to those on show. */
    setBeside(next: Beside | null): void {
      beside = next;
    },
  };
}
