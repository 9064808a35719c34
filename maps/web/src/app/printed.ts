/** The comparison that is being printed. */
import { createStore } from "zustand/vanilla";
import type { Difference } from "../api/difference";
import type { Plan } from "../api/plans";
import type { PicturePair, PictureSize } from "../map/picture";
import type { Paper } from "../map/print";

export interface ComparisonSheet {
  heading: string;
  note: string;
  paper: Paper;
  size: PictureSize;
  pictures: PicturePair;
  difference: Difference;
  plan: Plan;
  /** The other plan; null for the lines this one started from. */
  against: Plan | null;
}

export const printedStore = createStore<{ sheet: ComparisonSheet | null }>(() => ({ sheet: null }));
