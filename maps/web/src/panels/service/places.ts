/** From a row of an answer to its place on the map. */
import { fetchGrid, fetchThing } from "../../api/endpoints";
import type { CenterRadius, GapArea, ShareUnit, Unit } from "../../api/service";
import type { Selection } from "../../map/selection";
import { theMap } from "../../app/mapHolder";
import { setService } from "../../app/service";
import { set, store } from "../../app/state";

/** Outline a thing; what else is open stays as it is, so that the list keeps its place. */
function outline(selection: Selection): void {
  set({ selection, problemPlace: null });
}

/** Show a township, village or grid; one that is not there any more is passed over. */
export async function showUnit(unit: ShareUnit, code: string): Promise<void> {
  if (unit === "area_type") return;
  const isGrid = unit === "grid";
  outline({ kind: isGrid ? "grids" : "divisions", id: code });
  try {
    const { bbox } = isGrid
      ? await fetchGrid(code, store.getState().lines)
      : await fetchThing("divisions", code);
    theMap()?.fit(bbox, 14.5);
  } catch {
    // A division without an outline: the map stays where it is.
  }
}

export function showGap(area: GapArea): void {
  setService({ rank: area.rank, place: null });
  theMap()?.fit(area.bbox, 14.5);
}

/** Metres in sight around a center whose reach is told in minutes. */
const USUAL_REACH_M = 4000;
const METRES_PER_DEGREE = 111_000;

/** Show a center with what it reaches. */
export function showCenter({ code, point, radius }: CenterRadius, unit: Unit): void {
  setService({ center: code, chosen: code, place: null });
  outline({ kind: "centers", id: code });
  const [lon, lat] = point;
  const reach =
    (1.15 * (unit === "m" ? (radius ?? USUAL_REACH_M) : USUAL_REACH_M)) / METRES_PER_DEGREE;
  const across = reach / Math.cos((lat * Math.PI) / 180);
  theMap()?.fit([lon - across, lat - reach, lon + across, lat + reach], 14);
}
