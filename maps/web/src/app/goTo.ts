/** To the place on the map: grids by their codes, a drawing by its shape. */
import { type Edit, fetchVillageGrids } from "../api/plans";
import type { Bbox } from "../api/types";
import { boxOf } from "../panels/ProblemList";
import { planStore } from "../plan/store";
import { theMap } from "./mapHolder";

/** Of grids in many villages the first few say where. */
const MOST = 6;
/** Digits of a village's code, the beginning of the codes of its grids. */
const VILLAGE_DIGITS = 12;

export function unionOf(boxes: readonly Bbox[]): Bbox | null {
  if (boxes.length === 0) return null;
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/** Show grids of the open plan on the map; codes that are no grids (any more) are passed over. */
export async function goToGrids(codes: readonly string[]): Promise<boolean> {
  const { plan } = planStore.getState();
  if (!plan) return false;
  const villages = [...new Set(codes.map((code) => code.slice(0, VILLAGE_DIGITS)))];
  // A village at once: asking for each grid would fail for those that are gone.
  const found = await Promise.allSettled(
    villages.slice(0, MOST).map((village) => fetchVillageGrids(plan.id, village)),
  );
  const wanted = new Set(codes);
  const boxes = found
    .flatMap((one) => (one.status === "fulfilled" ? one.value.features : []))
    .filter(({ properties }) => wanted.has(properties.code))
    .map(({ geometry }) => boxOf(geometry))
    .filter((box) => box !== null);
  const box = unionOf(boxes);
  if (box) theMap()?.fit(box);
  return box !== null;
}

/** The box of what was drawn for an edit; null for edits without a drawing. */
export function boxOfDrawing(edit: Edit): Bbox | null {
  switch (edit.type) {
    case "split":
    case "reshape":
      return boxOf(edit.line);
    case "transfer":
      return boxOf(edit.area);
    case "move_vertex":
      return boxOf({ type: "MultiPoint", coordinates: [edit.from, edit.to] });
    case "fill_gap":
      return boxOf({ type: "Point", coordinates: edit.at });
    default:
      return null;
  }
}
