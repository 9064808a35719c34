/** Reshape: a line from border to border becomes the new border of two grids. */
import { fromLonLat } from "ol/proj";
import type { Point } from "../api/types";
import { ask } from "../plan/session";
import { choose, planStore, say } from "../plan/store";
import { setTool, toolStore } from "../plan/toolStore";
import { createDrawing } from "./drawing";
import { findPair } from "./pair";
import { createPicking } from "./pointing";
import type { CreateTool } from "./tool";

export const createReshape: CreateTool = (context) => {
  const { ground } = context;
  /** The line whose two grids are still to be clicked. */
  let waiting: Point[] | null = null;

  const picking = createPicking(context, (code) => {
    choose([code], "toggle");
    const { chosen } = planStore.getState();
    if (!waiting) return;
    if (chosen.length < 2) {
      ready();
      return;
    }
    const line = waiting;
    stopPicking();
    void askFor([chosen[0]!, chosen[1]!], line);
  });

  function askFor(grids: [string, string], line: Point[]): Promise<boolean> {
    return ask({ type: "reshape", grids, line: { type: "LineString", coordinates: line } });
  }

  function done(line: Point[]): void {
    const found = findPair(
      line.map((point) => fromLonLat(point)),
      ground.editable(),
    );
    const { chosen } = planStore.getState();
    if (found) {
      void askFor([String(found[0].get("code")), String(found[1].get("code"))], line);
    } else if (chosen.length === 2) {
      void askFor([chosen[0]!, chosen[1]!], line);
    } else {
      startPicking(line);
    }
  }

  function startPicking(line: Point[]): void {
    waiting = line;
    choose([]);
    drawing.setActive(false);
    picking.enter();
    setTool({ picking: "pair" });
    ready();
  }

  function stopPicking(): void {
    if (!waiting) return;
    waiting = null;
    picking.exit();
    setTool({ picking: null });
    drawing.setActive(true);
  }

  function ready(): void {
    if (!waiting) drawing.ready();
    else if (planStore.getState().chosen.length === 0) say("tool.reshape.pair");
    else say("tool.reshape.other");
  }

  const drawing = createDrawing({
    context,
    tool: "reshape",
    type: "LineString",
    hint: () => ({ key: "tool.reshape.hint" }),
    next: () => ({ key: "tool.reshape.next" }),
    onDone: done,
  });

  return {
    ...drawing,
    ready,
    exit() {
      if (toolStore.getState().picking === "pair") stopPicking();
      drawing.exit();
    },
    escape() {
      if (!waiting) return drawing.escape();
      stopPicking();
      choose([]);
      drawing.release();
      ready();
      return true;
    },
  };
};
