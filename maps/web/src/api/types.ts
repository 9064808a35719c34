/** The shapes of the HTTP contract, as the server sends them. Coordinates are lon, lat (EPSG:4490). */

export type Point = [number, number];
export type Bbox = [number, number, number, number];
export type LayerId =
  | "counties"
  | "townships"
  | "villages"
  | "natural_villages"
  | "grids"
  | "households"
  | "centers"
  | "roads"
  | "barriers";
export type ImportLayer =
  | "divisions"
  | "villages"
  | "natural_villages"
  | "grids"
  | "households"
  | "centers"
  | "roads"
  | "barriers"
  | "terrain"
  | "aliases";
export type CenterLevel = "county" | "township" | "village" | "station";
export type AreaType = "urban" | "rural_plain" | "mountain";
export type ProfileStatus = "within" | "below" | "above" | "empty";

export interface LayerState {
  count: number;
  version: string;
  extent: Bbox | null;
}

export interface SizeRule {
  minimum: number | null;
  target: number | null;
  maximum: number | null;
}

/** Rules of one grid level in one area type. */
export interface SizeRules {
  households: SizeRule | null;
  residents: SizeRule | null;
  source?: string | null;
}

export interface Standard {
  source?: string | null;
  distance_m?: number | null;
  walk_min?: number | null;
  drive_min?: number | null;
}

export interface Profile {
  name: string;
  title_zh: string;
  title_en: string;
  source: string;
  sizes: Record<string, Partial<Record<AreaType, SizeRules>>>;
  standards: Partial<Record<CenterLevel, Partial<Record<AreaType, Standard>>>>;
}

export interface Basemap {
  kind: "xyz" | "wmts";
  url: string;
  labels_url: string | null;
  crs: "wgs84" | "gcj02";
  attribution: string;
}

export interface Workspace {
  title: string;
  title_en: string;
  synthetic: boolean;
  review_number: string | null;
  map_mark: { zh: string; en: string };
  extent: Bbox | null;
  layers: Record<LayerId | "terrain", LayerState>;
  basemap: Basemap | null;
  profile: Profile | null;
  household_classes: number[];
  language: "zh" | "en" | null;
  version: string;
}

export interface Problem {
  key: string;
  severity: "error" | "warning";
  message: string;
  message_zh: string;
  details: Record<string, unknown>;
  row: number | null;
  field: string | null;
  grids: string[];
  geometry: GeoJsonGeometry | null;
}

export interface GeoJsonGeometry {
  type: string;
  coordinates?: unknown;
  geometries?: GeoJsonGeometry[];
}

export interface GridRow {
  code: string;
  name: string;
  village_code: string | null;
  village: string | null;
  township: string | null;
  kind: "basic" | "dedicated";
  households: number | null;
  residents: number | null;
  registered: number | null;
  elderly: number | null;
  children: number | null;
  area_m2: number | null;
  compactness: number | null;
  center_median_m: number | null;
  center_max_m: number | null;
  profile_status: ProfileStatus | null;
  rule: SizeRule | null;
  center: Point;
  /** Of a draft only. */
  locked?: boolean;
}

export interface GridTotals {
  households: number;
  residents: number;
  registered: number;
  within: number;
  below: number;
  above: number;
  empty: number;
}

export interface GridPage {
  total: number;
  totals: GridTotals;
  rows: GridRow[];
  /** Place in the list of the code that was to be found, from 0. */
  position: number | null;
}

export type GridSort =
  "code" | "name" | "households" | "residents" | "area_m2" | "center_max_m" | "profile_status";

export interface Place {
  geometry: GeoJsonGeometry;
  bbox: Bbox;
  problems: Problem[];
}

export interface GridDetail extends GridRow, Place {
  /** Null for a grid that is only drafted. */
  valid_from: string | null;
  history: { valid_from: string; valid_to: string | null }[];
  nearest_center: {
    code: string;
    name: string;
    level: CenterLevel;
    distance_m: number;
  } | null;
  flags: string[];
}

/** Divisions, natural villages, centers and households answer with their columns, as far as known. */
export interface Thing extends Place {
  id?: number;
  code?: string;
  name?: string;
  level?: string;
  area_type?: AreaType | null;
  urban_rural_class?: string | null;
  parents?: { code: string; name: string }[];
  village_code?: string | null;
  village?: string | null;
  township?: string | null;
  address?: string | null;
  services?: string[];
  capacity?: number | null;
  floor_area_m2?: number | null;
  households?: number | null;
  residents?: number | null;
  registered?: number | null;
  children?: number | null;
  elderly?: number | null;
  aged_80?: number | null;
  grids?: number | null;
  natural_villages?: number | null;
  centers?: number | null;
  households_nearest?: number | null;
  grid?: { code: string; name: string } | string | null;
  flags?: string[];
}
