/** What renumbering a village gives: old code → new code. */
import type { DraftGrid, DraftGridProperties, FeatureCollection } from "../api/plans";

type Feature = FeatureCollection<DraftGridProperties>["features"][number];

export interface NewCode {
  before: string;
  after: string;
  name: string;
}

/** A grid keeps its shape when it gets another code: by it the two are paired. */
export function newCodes(before: readonly Feature[], after: readonly DraftGrid[]): NewCode[] {
  const shapeOf = (geometry: unknown) => JSON.stringify(geometry);
  const codes = new Map(before.map((one) => [shapeOf(one.geometry), one.properties.code]));
  return after
    .map((grid) => ({
      before: codes.get(shapeOf(grid.geometry)) ?? "",
      after: grid.code,
      name: grid.name,
    }))
    .filter((one) => one.before && one.before !== one.after)
    .sort((a, b) => (a.before < b.before ? -1 : 1));
}
