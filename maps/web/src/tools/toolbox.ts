/** Brings the tools of an open draft to the map, one at a time. Loaded with the first draft. */
import type { WanggeMap } from "../map/map";
import { translator } from "../i18n/translate";
import { planStore, setPlan } from "../plan/store";
import type { ToolId } from "../plan/tools";
import { store } from "../app/state";
import { select } from "../app/state";
import { createGround } from "./ground";
import { createMarks } from "./marks";
import type { CreateTool, Tool, ToolContext } from "./tool";
import { createSplit } from "./split";

const CREATE: Partial<Record<ToolId, CreateTool>> = {
  split: createSplit,
};

export function createToolbox(map: WanggeMap) {
  const ground = createGround(map.ol);
  const marks = createMarks((layer) => layer.setMap(map.ol));
  const context: ToolContext = {
    map: map.ol,
    ground,
    marks,
    codeAt: (pixel) => map.gridAt(pixel),
    naming: map.naming,
    inspect: (code) => select(code ? { kind: "grids", id: code } : null),
  };
  const made = new Map<ToolId, Tool>();
  let current: Tool | null = null;

  function tool(id: ToolId): Tool | null {
    const create = CREATE[id];
    if (!made.has(id) && create) made.set(id, create(context));
    return made.get(id) ?? null;
  }

  function settle(): void {
    const { plan, tool: id } = planStore.getState();
    const next = plan?.state === "draft" ? tool(id) : null;
    if (next === current) return;
    current = next;
    if (!next) setPlan({ hint: null });
    map.setMode(next);
  }

  function mark(): void {
    const { chosen, sources, preview, refusal } = planStore.getState();
    const shapes = (codes: readonly string[]) =>
      codes.flatMap((code) => ground.grid(code)?.getGeometry() ?? []);
    const fresh = translator(store.getState().language)("plan.new");
    marks.showChosen(preview ? [] : shapes(chosen));
    marks.showSources(shapes(sources));
    marks.showChanged(preview?.answer ?? null, fresh);
    marks.showRefused(refusal?.geometry ?? null);
  }

  const stops = [
    planStore.subscribe((now, before) => {
      settle();
      if (
        now.chosen !== before.chosen ||
        now.sources !== before.sources ||
        now.preview !== before.preview ||
        now.refusal !== before.refusal
      ) {
        mark();
      }
    }),
    ground.watch(mark),
  ];
  settle();
  mark();

  return {
    ground,
    /** A key of the page while a tool is on; true when it was used. */
    key: (event: KeyboardEvent) => current?.key?.(event) ?? false,
    escape: () => current?.escape?.() ?? false,
    dispose(): void {
      for (const stop of stops) stop();
      current = null;
      map.setMode(null);
      marks.dispose();
      ground.dispose();
    },
  };
}

export type Toolbox = ReturnType<typeof createToolbox>;
