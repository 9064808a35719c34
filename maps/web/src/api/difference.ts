/** What a plan changes, against the lines it started from or against another plan (docs/plans.md). */
import { getJson, query } from "./client";
import type { Bbox, Point } from "./types";

export type ChangeKind = "added" | "removed" | "changed" | "renumbered" | "attributes";

/** How one grid differs; what is not known, or was not there, is null. */
export interface GridChange {
  code: string;
  previous_code: string | null;
  name: string;
  village_code: string;
  change: ChangeKind;
  area_before_m2: number | null;
  area_after_m2: number | null;
  area_in_m2: number | null;
  area_out_m2: number | null;
  households_before: number | null;
  households_after: number | null;
  households_in: number | null;
  households_out: number | null;
  residents_before: number | null;
  residents_after: number | null;
  residents_in: number | null;
  residents_out: number | null;
  bbox: Bbox | null;
}

/** A joint village (联村) that differs; of one that ends it says what it was. */
export interface JointChange {
  code: string;
  change: "added" | "removed" | "changed";
  name: string;
  members: string[];
  before: { name: string; members: string[] } | null;
}

export interface HouseholdMoved {
  household: string;
  old_grid: string | null;
  new_grid: string | null;
  residents: number;
  point: Point;
}

export interface Difference {
  id: string;
  revision: number;
  against: string | null;
  totals: Record<ChangeKind, number> & {
    grids_before: number;
    grids_after: number;
    area_moved_m2: number;
    households_moved: number;
    residents_moved: number;
  };
  grids: GridChange[];
  joint_villages: JointChange[];
  /** The members of those, before and after. */
  villages: { code: string; name: string }[];
  households: HouseholdMoved[] | null;
}

interface Asked {
  against: string | null;
  households: boolean;
}

const path = (id: string, file: string, { against, households }: Asked) =>
  `/api/plans/${encodeURIComponent(id)}/${file}${query({ against, households: households || null })}`;

export const fetchDifference = (id: string, asked: Asked, signal?: AbortSignal) =>
  getJson<Difference>(path(id, "difference", asked), signal);

/** The same as one GeoJSON, its features told apart by `layer`. */
export const differenceUrl = (id: string, asked: Asked) => path(id, "difference.geojson", asked);
