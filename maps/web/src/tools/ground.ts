/**
 * The draft's grids around the view with their stored coordinates: what tools find, snap to and
 * trace. Tiles are rounded and cut; nothing may be drawn on them.
 */
import type { Coordinate } from "ol/coordinate";
import { containsExtent, createEmpty, type Extent, extend, getHeight, getWidth } from "ol/extent";
import Feature from "ol/Feature";
import { type MultiPolygon, Polygon } from "ol/geom";
import type OlMap from "ol/Map";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import {
  type DraftGrid,
  type DraftGridProperties,
  type EditAnswer,
  fetchDraftGrids,
  fetchVillageGrids,
} from "../api/plans";
import type { Bbox, GeoJsonGeometry } from "../api/types";
import { readGeometry } from "../map/overlays";
import { planStore } from "../plan/store";
import { watchEdits } from "../plan/session";
import { type Borders, createBorders } from "./trace";

/** Beyond this many metres a pixel nothing can be drawn with care: no exact lines are fetched. */
export const FINE_RESOLUTION = 20;
/** How much more than the view is fetched, on each side, so that small moves need nothing. */
const MARGIN = 0.3;

export type GridFeature = Feature<Polygon | MultiPolygon>;

const VILLAGE_DIGITS = 12;
const TOWNSHIP_DIGITS = 9;
const COUNTY_DIGITS = 6;

function ringsOf(grid: GridFeature): Coordinate[][] {
  const geometry = grid.getGeometry();
  if (geometry instanceof Polygon) return geometry.getCoordinates();
  return geometry?.getCoordinates().flat() ?? [];
}

export function createGround(map: OlMap) {
  const source = new VectorSource<GridFeature>();
  let covered: Extent = createEmpty();
  let revision = -1;
  let asked: AbortController | null = null;
  /** Grids that were asked for by themselves: chosen ones beyond what is loaded around the view. */
  const far = new Map<string, GridFeature>();
  let bringing = "";
  let borders: Borders | null = null;
  const listeners = new Set<() => void>();

  function feature(properties: DraftGridProperties, geometry: GeoJsonGeometry): GridFeature {
    const made = new Feature({
      ...properties,
      geometry: readGeometry(geometry) as Polygon | MultiPolygon,
    });
    made.setId(properties.code);
    return made;
  }

  function changed(): void {
    borders = null;
    for (const listener of listeners) listener();
  }

  /** The page says whether lines are under way: who drives it (a test, a benchmark) waits for them. */
  function mark(lines: "asked" | "here"): void {
    const target = map.getTargetElement() as HTMLElement | null;
    if (target) target.dataset.lines = lines;
  }

  async function load(): Promise<void> {
    const { plan } = planStore.getState();
    const view = map.getView().calculateExtent(map.getSize());
    const resolution = map.getView().getResolution() ?? Infinity;
    if (!plan || resolution > FINE_RESOLUTION) return;
    if (revision === plan.revision && containsExtent(covered, view)) return;
    const wide: Extent = [...view];
    const [dx, dy] = [getWidth(view) * MARGIN, getHeight(view) * MARGIN];
    extend(wide, [view[0]! - dx, view[1]! - dy, view[2]! + dx, view[3]! + dy]);
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    mark("asked");
    try {
      const bbox = transformExtent(wide, "EPSG:3857", "EPSG:4326") as Bbox;
      const found = await fetchDraftGrids(plan.id, bbox, mine.signal);
      if (mine.signal.aborted || planStore.getState().plan?.id !== plan.id) return;
      // Older than an edit that was answered meanwhile: ask for what is there now.
      if (found.revision < (planStore.getState().plan?.revision ?? 0)) return void load();
      source.clear(true);
      source.addFeatures(found.features.map((one) => feature(one.properties, one.geometry)));
      covered = wide;
      revision = found.revision;
      changed();
    } catch (error) {
      // Asked again with the next move; that the server is away is told elsewhere.
      if (!mine.signal.aborted) console.debug(error);
    } finally {
      if (asked === mine) mark("here");
    }
  }

  /** Own edits need no asking: the answer has the new lines. */
  function accept(answer: EditAnswer): void {
    if (revision < 0) return;
    for (const code of answer.removed) remove(code);
    for (const grid of answer.changed) {
      remove(grid.code);
      far.delete(grid.code);
      if (grid.geometry) source.addFeature(feature(propertiesOf(grid), grid.geometry));
    }
    revision = answer.revision;
    changed();
  }

  /** Fetch grids that are not loaded, in one question: their villages share the beginning of their codes. */
  async function bring(codes: readonly string[]): Promise<void> {
    const { plan } = planStore.getState();
    const missing = codes.filter((code) => !source.getFeatureById(code) && !far.has(code));
    if (!plan || missing.length === 0 || bringing === missing.join()) return;
    bringing = missing.join();
    const shared = [VILLAGE_DIGITS, TOWNSHIP_DIGITS, COUNTY_DIGITS]
      .map((digits) => missing[0]!.slice(0, digits))
      .find((beginning) => missing.every((code) => code.startsWith(beginning)));
    try {
      const found = await fetchVillageGrids(plan.id, shared ?? plan.scope);
      if (planStore.getState().plan?.revision !== found.revision) return;
      const wanted = found.features.filter((one) => missing.includes(one.properties.code));
      for (const one of wanted) far.set(one.properties.code, feature(one.properties, one.geometry));
      if (wanted.length > 0) changed();
    } catch (error) {
      console.debug(error);
    } finally {
      bringing = "";
    }
  }

  /** The draft's grids around a place of any size, from what is loaded or else from the server. */
  async function around(extent: Extent): Promise<GridFeature[]> {
    const { plan } = planStore.getState();
    if (!plan) return [];
    if (revision === plan.revision && containsExtent(covered, extent)) {
      return source.getFeaturesInExtent(extent);
    }
    const bbox = transformExtent(extent, "EPSG:3857", "EPSG:4326") as Bbox;
    const found = await fetchDraftGrids(plan.id, bbox);
    return found.features.map((one) => feature(one.properties, one.geometry));
  }

  function remove(code: string): void {
    const old = source.getFeatureById(code);
    if (old) source.removeFeature(old);
  }

  function propertiesOf(grid: DraftGrid): DraftGridProperties {
    const { geometry, before, ...rest } = grid;
    void geometry;
    void before;
    return { ...rest, drafted: true, editable: true };
  }

  const reload = () => void load();
  const stops = [
    watchEdits(accept),
    planStore.subscribe((now, before) => {
      if (now.plan?.id !== before.plan?.id) {
        source.clear(true);
        covered = createEmpty();
        revision = -1;
      }
      if (now.plan?.revision !== before.plan?.revision) far.clear();
      if (now.plan?.id !== before.plan?.id || now.plan?.revision !== before.plan?.revision) {
        reload();
      }
    }),
  ];
  map.on("moveend", reload);
  reload();

  return {
    source,
    isFine: () => (map.getView().getResolution() ?? Infinity) <= FINE_RESOLUTION,
    grid: (code: string): GridFeature | null =>
      source.getFeatureById(code) ?? far.get(code) ?? null,
    bring,
    around,
    /** The loaded grids that may be changed; of a big grid only those it is made of. */
    editable(): GridFeature[] {
      const all = source.getFeatures();
      const parents = new Set(all.map((grid) => grid.get("parent_code") as string | null));
      return all.filter((grid) => grid.get("editable") && !parents.has(String(grid.get("code"))));
    },
    /** The borders there are, for lines that follow them. */
    borders(): Borders {
      borders ??= createBorders(source.getFeatures().flatMap(ringsOf));
      return borders;
    },
    /** The grid at a place (of nested ones the smallest); null where there is none. */
    at(coordinate: number[]): GridFeature | null {
      const found = source.getFeaturesAtCoordinate(coordinate);
      const area = (one: GridFeature) => Number(one.get("area_m2") ?? Infinity);
      return found.sort((a, b) => area(a) - area(b))[0] ?? null;
    },
    /** Be told when other lines are there; returns the way to stop. */
    watch(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose(): void {
      asked?.abort();
      mark("here");
      map.un("moveend", reload);
      for (const stop of stops) stop();
    },
  };
}

export type Ground = ReturnType<typeof createGround>;
