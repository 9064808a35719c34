/** To the place on the map: grids by their codes, a drawing by its shape. */
import { fetchGrid } from "../api/endpoints";
import type { Edit } from "../api/plans";
import type { Bbox } from "../api/types";
import { boxOf } from "../panels/ProblemList";
import { theMap } from "./mapHolder";
import { store } from "./state";

/** Of many grids the first few say where. */
const MOST = 12;

export function unionOf(boxes: readonly Bbox[]): Bbox | null {
  if (boxes.length === 0) return null;
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/** Show grids of the lines on the map; codes that are no grids (any more) are passed over. */
export async function goToGrids(codes: readonly string[]): Promise<boolean> {
  const { lines } = store.getState();
  const found = await Promise.allSettled(
    codes.slice(0, MOST).map((code) => fetchGrid(code, lines)),
  );
  const box = unionOf(found.flatMap((one) => (one.status === "fulfilled" ? [one.value.bbox] : [])));
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
