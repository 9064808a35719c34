/** Split by a line: drawn across one grid or several, from outside to outside. */
import { fromLonLat } from "ol/proj";
import type { Point } from "../api/types";
import { ask } from "../plan/session";
import { planStore, say } from "../plan/store";
import { crossedBy } from "./crossed";
import { createDrawing } from "./drawing";
import type { CreateTool } from "./tool";

export const createSplit: CreateTool = (context) => {
  const { ground } = context;

  async function done(line: Point[]): Promise<void> {
    // Grids chosen with another tool stay chosen: the line then cuts only those.
    const { chosen } = planStore.getState();
    const places = line.map((point) => fromLonLat(point));
    const grids =
      chosen.length > 0 ? chosen.flatMap((code) => ground.grid(code) ?? []) : ground.editable();
    const crossed = crossedBy(places, grids).map((grid) => String(grid.get("code")));
    if (crossed.length === 0) {
      drawing.release();
      say(chosen.length > 0 ? "tool.split.missedChosen" : "tool.split.missed");
      return;
    }
    await ask({
      type: "split",
      grids: crossed,
      line: { type: "LineString", coordinates: line },
    });
  }

  const drawing = createDrawing({
    context,
    tool: "split",
    type: "LineString",
    hint: () => {
      const n = planStore.getState().chosen.length;
      return n > 0 ? { key: "tool.split.chosen", values: { n } } : { key: "tool.split.hint" };
    },
    next: () => ({ key: "tool.split.next" }),
    onDone: (line) => void done(line),
  });

  return drawing;
};
