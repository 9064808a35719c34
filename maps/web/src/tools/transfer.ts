/** Transfer: an area drawn on the map goes to one grid, from whichever neighbours or only from some. */
import type { Edit } from "../api/plans";
import type { Point } from "../api/types";
import { ask } from "../plan/session";
import { choose, planStore, say, setPlan } from "../plan/store";
import { setTool, toolStore } from "../plan/toolStore";
import { createDrawing } from "./drawing";
import { createPicking } from "./pointing";
import type { CreateTool } from "./tool";

const isSame = (a: readonly string[], b: readonly string[]) => a.join() === b.join();

export const createTransfer: CreateTool = (context) => {
  const { ground } = context;
  const taker = () => planStore.getState().chosen[0] ?? null;
  const nameOf = (code: string) => String(ground.grid(code)?.get("name") ?? code);

  const picking = createPicking(context, (code) => {
    if (toolStore.getState().picking === "sources") {
      setPlan(({ sources }) => ({
        sources: sources.includes(code)
          ? sources.filter((one) => one !== code)
          : [...sources.filter((one) => one !== taker()), code],
      }));
      ready();
      return;
    }
    choose([code]);
    setPlan(({ sources }) => ({ sources: sources.filter((one) => one !== code) }));
    setTool({ picking: null });
  });

  function editOf(area: readonly Point[]): Edit | null {
    const to = taker();
    const { sources } = planStore.getState();
    if (!to) return null;
    return {
      type: "transfer",
      to,
      area: { type: "Polygon", coordinates: [[...area]] },
      ...(sources.length > 0 ? { from: [...sources] } : {}),
      ...(toolStore.getState().tidy ? { tidy: true } : {}),
    };
  }

  function preview(): void {
    const edit = editOf(toolStore.getState().drawn);
    if (edit) void ask(edit);
  }

  /** The area is drawn and its preview or refusal is shown: other wishes ask again. */
  function askAgain(): void {
    if (toolStore.getState().drawn.length > 0) preview();
  }

  function ready(): void {
    const { picking: named } = toolStore.getState();
    const n = planStore.getState().sources.length;
    if (named === "taker") say("tool.transfer.taker");
    else if (named === "sources") say("tool.transfer.sources", { n });
    else drawing.ready();
  }

  const drawing = createDrawing({
    context,
    tool: "transfer",
    type: "Polygon",
    hint: () => ({ key: "tool.transfer.hint", values: { name: nameOf(taker() ?? "") } }),
    next: () => ({ key: "tool.transfer.next", values: { name: nameOf(taker() ?? "") } }),
    onDone: preview,
  });

  let isPicking = false;
  /** Clicks either name grids or draw. */
  function settle(): void {
    const wanted = toolStore.getState().picking !== null;
    if (wanted !== isPicking) {
      isPicking = wanted;
      if (wanted) {
        drawing.setActive(false);
        picking.enter();
      } else {
        picking.exit();
        drawing.setActive(true);
      }
    }
    ready();
  }

  let stops: (() => void)[] = [];
  return {
    ...drawing,
    ready,
    enter() {
      drawing.enter();
      const { chosen } = planStore.getState();
      if (chosen.length !== 1) choose([]);
      stops = [
        toolStore.subscribe((now, before) => {
          if (now.picking !== before.picking) settle();
          if (now.tidy !== before.tidy) askAgain();
        }),
        planStore.subscribe((now, before) => {
          if (
            now.writing ||
            (isSame(now.chosen, before.chosen) && isSame(now.sources, before.sources))
          )
            return;
          if (now.chosen.length === 0) setTool({ picking: "taker" });
          else askAgain();
        }),
      ];
      setTool({ picking: taker() ? null : "taker" });
      settle();
    },
    exit() {
      for (const stop of stops) stop();
      if (isPicking) picking.exit();
      isPicking = false;
      setTool({ picking: null });
      drawing.exit();
    },
    key(event) {
      if (toolStore.getState().picking === "sources" && event.key === "Enter") {
        setTool({ picking: null });
        return true;
      }
      return drawing.key(event);
    },
    escape() {
      if (drawing.escape()) return true;
      if (toolStore.getState().picking !== "sources") return false;
      setTool({ picking: null });
      return true;
    },
  };
};
