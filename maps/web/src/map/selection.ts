/** What can be selected, and what can be switched on and off. */
import type { LayerId, Point } from "../api/types";

export type Selection =
  | { kind: "grids" | "divisions" | "natural_villages" | "centers" | "households"; id: string }
  | { kind: "cluster"; count: number; residents: number; point: Point };

export type MapLayerId = LayerId | "basemap";
