/** Merge: the chosen grids become one. With two chosen it previews at once, and again with every change. */
import { ask, discard } from "../plan/session";
import { choose, planStore, say } from "../plan/store";
import { setTool, toolStore } from "../plan/toolStore";
import { createPicking } from "./pointing";
import type { CreateTool } from "./tool";

const FEWEST = 2;

export const createMerge: CreateTool = (context) => {
  const isPreviewed = () => {
    const { preview, refusal, asking } = planStore.getState();
    return asking || Boolean(preview ?? refusal);
  };

  function preview(): void {
    const { chosen } = planStore.getState();
    if (chosen.length < FEWEST) return;
    const { keep } = toolStore.getState();
    void ask({
      type: "merge",
      grids: [...chosen],
      ...(keep && chosen.includes(keep) ? { keep } : {}),
    });
  }

  const picking = createPicking(context, (code) => {
    choose([code], "toggle");
    if (!isPreviewed()) ready();
    else if (planStore.getState().chosen.length < FEWEST) discard();
    else preview();
  });

  function ready(): void {
    const n = planStore.getState().chosen.length;
    if (n === 0) say("tool.merge.hint");
    else if (n < FEWEST) say("tool.merge.next");
    else say("tool.merge.more", { n });
  }

  let stop = () => {};
  return {
    ready,
    enter() {
      picking.enter();
      ready();
      preview();
      stop = toolStore.subscribe((now, before) => {
        if (now.keep !== before.keep && isPreviewed()) preview();
      });
    },
    exit() {
      stop();
      picking.exit();
      setTool({ keep: null });
    },
    key(event) {
      if (event.key !== "Enter" || isPreviewed()) return false;
      preview();
      return true;
    },
  };
};
