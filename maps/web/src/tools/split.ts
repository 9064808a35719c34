/** Split by a line: drawn across one grid or several, from outside to outside. */
import { fromLonLat } from "ol/proj";
import type { Point } from "../api/types";
import { ask } from "../plan/session";
import { choose, planStore, say } from "../plan/store";
import { crossedBy } from "./crossed";
import { createDrawing } from "./drawing";
import type { CreateTool } from "./tool";

export const createSplit: CreateTool = (context) => {
  const { ground } = context;

  async function done(line: Point[]): Promise<void> {
    const { chosen } = planStore.getState();
    const places = line.map((point) => fromLonLat(point));
    const grids =
      chosen.length > 0
        ? chosen.flatMap((code) => ground.grid(code) ?? [])
        : ground.source.getFeatures().filter((grid) => grid.get("editable"));
    const crossed = crossedBy(places, grids).map((grid) => String(grid.get("code")));
    if (crossed.length === 0) {
      say("tool.split.missed");
      return;
    }
    const isPossible = await ask({
      type: "split",
      grids: crossed,
      line: { type: "LineString", coordinates: line },
    });
    say(isPossible ? "tool.preview" : "tool.refused");
  }

  const drawing = createDrawing({
    context,
    tool: "split",
    type: "LineString",
    onStart: () => say("tool.split.next"),
    onDone: (line) => void done(line),
  });

  return {
    ...drawing,
    enter() {
      // Grids chosen with another tool stay chosen: the line then cuts only those.
      choose(planStore.getState().chosen);
      say("tool.split.hint");
      drawing.enter();
    },
  };
};
