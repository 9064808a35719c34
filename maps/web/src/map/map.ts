/** The map itself: OpenLayers only, no framework. Panels speak to it through these few methods. */
import { defaults as defaultControls } from "ol/control/defaults";
import ScaleLine from "ol/control/ScaleLine";
import type { FeatureLike } from "ol/Feature";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import VectorTileLayer from "ol/layer/VectorTile";
import OlMap from "ol/Map";
import { fromLonLat, getPointResolution, toLonLat, transformExtent } from "ol/proj";
import View from "ol/View";
import { IN_FORCE, type Lines } from "../api/lines";
import type { Bbox, Point, Workspace } from "../api/types";
import { createModes, type Mode } from "../modes/mode";
import { createPickMode } from "../modes/pick";
import {
  createNaming,
  createSelectMode,
  findAt,
  type Hover,
  LAND,
  selectionOf,
} from "../modes/select";
import { createBasemap } from "./basemap";
import { createLabels } from "./labels";
import { createOverlays } from "./overlays";
import type { MapLayerId, Selection } from "./selection";
import { type GridColour, gridStyle, hoverStyle } from "./styles";
import { createTileLayers, forgetOldTiles, keysOf, updateTiles } from "./tiles";

export interface MapView {
  bbox: Bbox;
  zoom: number;
  resolution_m: number;
}

export interface MapOptions {
  target: HTMLElement;
  scaleTarget: HTMLElement;
  workspace: Workspace;
  onSelect: (selection: Selection | null) => void;
  onPick: (point: Point) => void;
  onHover: (hover: Hover | null) => void;
  onView: (view: MapView) => void;
  onPointer: (point: Point | null) => void;
  onTileError: () => void;
  onLoading: (loading: boolean) => void;
}

const CHINA: Bbox = [97, 22, 122, 42];
const PADDING = [24, 24, 24, 24];
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function createMap(options: MapOptions) {
  let workspace = options.workspace;
  let lines = IN_FORCE;
  const tiles = createTileLayers(workspace);
  const basemap = createBasemap(workspace.basemap);
  const overlays = createOverlays();
  const labels = createLabels(tiles);
  let hovered: string | null = null;
  const hover = new VectorTileLayer({
    source: tiles.grids.getSource() ?? undefined,
    renderMode: "vector",
    zIndex: 25,
    style: (feature: FeatureLike) => (feature.get("code") === hovered ? hoverStyle : undefined),
  });

  const view = new View({
    center: fromLonLat([108.7, 31.9]),
    zoom: 9,
    minZoom: 3,
    maxZoom: 20,
    constrainResolution: false,
    enableRotation: false,
  });
  const map = new OlMap({
    target: options.target,
    view,
    layers: [...basemap, ...Object.values(tiles), hover, labels.layer, ...overlays.layers],
    controls: defaultControls({ zoom: false, rotate: false }).extend([
      new ScaleLine({ target: options.scaleTarget, minWidth: 70 }),
    ]),
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
  });

  const modes = createModes();
  const onHover = (found: Hover | null) => {
    options.onHover(found);
    highlight(found?.layer === "grids" ? String(found.properties.code) : null);
  };
  const selectMode = createSelectMode({ map, onSelect: options.onSelect, onHover });
  const pickMode = createPickMode({ map, onPick: options.onPick });

  function highlight(code: string | null): void {
    if (code === hovered) return;
    hovered = code;
    hover.changed();
  }

  // Until the planner moves the map it follows the layout: the whole county stays in sight.
  let isUntouched = true;
  let moves = 0;
  const touch = () => {
    isUntouched = false;
    moves += 1;
  };

  function fit(bbox: Bbox, maxZoom = 16, duration = calm() ? 0 : 300): void {
    touch();
    view.cancelAnimations();
    view.fit(transformExtent(bbox, "EPSG:4326", "EPSG:3857"), {
      padding: PADDING,
      maxZoom,
      duration,
    });
  }

  function fitCounty(duration?: number): void {
    fit(workspace.extent ?? CHINA, 12, duration);
    isUntouched = true;
  }

  function settle(): void {
    const extent = view.calculateExtent(map.getSize());
    const zoom = view.getZoom() ?? 0;
    labels.refresh(extent, zoom, view.getResolution() ?? 1);
    const center = view.getCenter();
    const resolution_m = center
      ? getPointResolution("EPSG:3857", view.getResolution() ?? 1, center)
      : 0;
    const bbox = transformExtent(extent, "EPSG:3857", "EPSG:4326") as Bbox;
    options.onView({ bbox, zoom, resolution_m });
  }

  // Which tiles the labels were made of.
  let stock = "";

  function takeStock(): void {
    stock = keysOf(Object.values(tiles));
    forgetOldTiles(Object.values(tiles));
    settle();
  }

  map.on("moveend", settle);
  map.on("loadstart", () => options.onLoading(true));
  map.on("loadend", () => {
    options.onLoading(false);
    takeStock();
  });
  // Tiles that are there within a frame, as those of a small edit, begin and end no loading.
  map.on("rendercomplete", () => {
    if (keysOf(Object.values(tiles)) !== stock) takeStock();
  });
  map.on("pointermove", (event) => options.onPointer(toLonLat(event.coordinate) as Point));
  options.target.addEventListener("pointerleave", () => options.onPointer(null));
  for (const layer of Object.values(tiles)) {
    layer.getSource()?.on("tileloaderror", options.onTileError);
  }
  for (const event of ["pointerdown", "wheel", "keydown"]) {
    options.target.addEventListener(event, touch, { passive: true });
  }
  modes.change(selectMode);

  return {
    fit,
    fitCounty,
    overlays,
    highlight,
    settle,
    updateSize(): void {
      map.updateSize();
      if (isUntouched) fitCounty(0);
    },
    setPicking: (picking: boolean) => modes.change(picking ? pickMode : selectMode),
    setGridColour: (colour: GridColour) => tiles.grids.setStyle(gridStyle(colour)),

    setLayerView(id: MapLayerId, visible: boolean, opacity: number): void {
      const layers = id === "basemap" ? basemap : [tiles[id]];
      for (const layer of layers) {
        layer.setVisible(visible);
        layer.setOpacity(opacity);
      }
      if (id === "grids") hover.setVisible(visible);
    },

    /** Fit a box that is asked for first, unless the planner has moved the map meanwhile. */
    async fitOnceKnown(bbox: Promise<Bbox>): Promise<void> {
      const before = moves;
      const found = await bbox;
      if (moves === before) fit(found);
    },

    zoomBy(delta: number): void {
      touch();
      view.animate({ zoom: (view.getZoom() ?? 9) + delta, duration: calm() ? 0 : 200 });
    },

    panTo(point: Point, minZoom = 14): void {
      touch();
      const zoom = Math.max(view.getZoom() ?? 0, minZoom);
      view.animate({ center: fromLonLat(point), zoom, duration: calm() ? 0 : 300 });
    },

    /** What Enter does on the focused map. */
    selectCentre(): void {
      const [width = 0, height = 0] = map.getSize() ?? [];
      const hit = findAt(map, [width / 2, height / 2]);
      const point = toLonLat(view.getCenter() ?? [0, 0]) as Point;
      options.onSelect(hit ? selectionOf(hit, point) : null);
    },

    /** New counts and versions from the server: layers that changed fetch new tiles. */
    setWorkspace(next: Workspace): void {
      const before = workspace;
      workspace = next;
      updateTiles(tiles, workspace, lines);
      if (!before.extent && next.extent) fitCounty();
    },

    /** Whose grids are shown from now on. */
    setLines(next: Lines): void {
      lines = next;
      updateTiles(tiles, workspace, lines);
    },

    /** The map of OpenLayers and the layer of the grids' tiles, for the tools that draw on it. */
    ol: map,

    /** Names the land the pointer hovers over, for tools that take a grid. */
    naming: createNaming({ map, layers: LAND, onHover }),

    /** The layers of tiles, and the names upon them, for holding other lines beside these. */
    tiles,
    labels,

    /** Code of the grid drawn at a pixel; null where there is none. */
    gridAt(pixel: number[]): string | null {
      const found = map.getFeaturesAtPixel(pixel, {
        layerFilter: (layer) => layer === tiles.grids,
      })[0];
      return found ? String(found.get("code")) : null;
    },

    /** Where a place lies in the map, in pixels from its upper left corner. */
    pixelOf: (point: Point) => map.getPixelFromCoordinate(fromLonLat(point)),

    /** Work with a tool; null goes back to looking at things. */
    setMode: (mode: Mode | null) => modes.change(mode ?? selectMode),

    /** Fetch again what failed while the server was away. */
    reload(): void {
      for (const layer of Object.values(tiles)) layer.getSource()?.refresh();
    },

    /** Resolves when everything in view is drawn, for printing. */
    whenDrawn(): Promise<void> {
      return new Promise((resolve) => {
        map.once("rendercomplete", () => resolve());
        map.render();
      });
    },

    dispose(): void {
      map.setTarget(undefined);
      map.dispose();
    },
  };
}

export type WanggeMap = ReturnType<typeof createMap>;
