/** Brings the tools of an open draft to the map, one at a time. Loaded with the first draft. */
import { boundingExtent, buffer, getHeight, getWidth } from "ol/extent";
import { fromLonLat } from "ol/proj";
import type { WanggeMap } from "../map/map";
import { translator } from "../i18n/translate";
import type { DraftGridProperties } from "../api/plans";
import type { Sketch } from "../plan/sketch";
import { chooseTool, type Hint, planStore, type PlanStore, say, setPlan } from "../plan/store";
import { resetTools, setTool } from "../plan/toolStore";
import type { ToolId } from "../plan/tools";
import { store } from "../app/state";
import { compareStore } from "../app/comparison";
import { select } from "../app/state";
import { createGround } from "./ground";
import { createMarks } from "./marks";
import type { CreateTool, Tool, ToolContext } from "./tool";
import { createAttributes } from "./attributes";
import { createComment } from "./comment";
import { createGap } from "./gap";
import { createLock } from "./lock";
import { createMerge } from "./merge";
import { createOverlap } from "./overlap";
import { createPaint } from "./paint";
import { createRenumber } from "./renumber";
import { createReshape } from "./reshape";
import { createSelect } from "./select";
import { createSplit } from "./split";
import { showStanding } from "./standing";
import { createTransfer } from "./transfer";
import { createVertex } from "./vertex";

const CREATE: Partial<Record<ToolId, CreateTool>> = {
  select: createSelect,
  split: createSplit,
  merge: createMerge,
  reshape: createReshape,
  transfer: createTransfer,
  paint: createPaint,
  vertex: createVertex,
  gap: createGap,
  overlap: createOverlap,
  lock: createLock,
  attributes: createAttributes,
  renumber: createRenumber,
  comment: createComment,
};

const isAsked = ({ asking, preview, refusal }: PlanStore) => asking || Boolean(preview ?? refusal);

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
  let first: Hint | null = null;

  function tool(id: ToolId): Tool | null {
    const create = CREATE[id];
    if (!made.has(id) && create) made.set(id, create(context));
    return made.get(id) ?? null;
  }

  function settle(): void {
    const { plan, tool: id } = planStore.getState();
    // Comments are written in every state of a plan; while lines are compared the map is for looking.
    const isAtWork = !compareStore.getState().on && (plan?.state === "draft" || id === "comment");
    const next = isAtWork ? tool(id) : null;
    if (next === current) return;
    current = next;
    if (!next) setPlan({ hint: null });
    // Where clicks do more than choose, the mark of the map's middle would be in the way.
    map.ol.getTargetElement()?.toggleAttribute("data-tool", Boolean(next) && id !== "select");
    map.setMode(next);
    first = planStore.getState().hint;
  }

  /** Say again what the tool wants first: an edit was made, or nothing is asked about any more. */
  function restart(): void {
    if (current?.ready) current.ready();
    else setPlan({ hint: first });
  }

  /** What the panel shows of grids that it knows only by their codes. */
  function inform(): void {
    const { chosen, preview } = planStore.getState();
    const known = (codes: readonly string[]) =>
      codes.flatMap((code) => {
        const grid = ground.grid(code);
        return grid ? [grid.getProperties() as DraftGridProperties] : [];
      });
    setTool({ chosen: known(chosen), removed: known(preview?.answer.removed ?? []) });
    void ground.bring(chosen);
  }

  function mark(): void {
    const { chosen, sources, preview, refusal } = planStore.getState();
    const shapes = (codes: readonly string[]) =>
      codes.flatMap((code) => ground.grid(code)?.getGeometry() ?? []);
    const fresh = translator(store.getState().language)("plan.new");
    marks.showChosen(preview || compareStore.getState().on ? [] : shapes(chosen));
    marks.showSources(shapes(sources));
    marks.showChanged(preview?.answer ?? null, fresh);
    marks.showRefused(refusal?.geometry ?? null);
  }

  const stops = [
    showStanding(context),
    planStore.subscribe((now, before) => {
      settle();
      if (now.preview !== before.preview && now.preview) say("tool.preview");
      else if (now.refusal !== before.refusal && now.refusal) say("tool.refused");
      else if (isAsked(before) && !isAsked(now)) restart();
      else if (now.chosen !== before.chosen && !isAsked(now)) current?.ready?.();
      if (now.chosen !== before.chosen || now.preview !== before.preview) inform();
      if (
        now.chosen !== before.chosen ||
        now.sources !== before.sources ||
        now.preview !== before.preview ||
        now.refusal !== before.refusal
      ) {
        mark();
      }
    }),
    compareStore.subscribe(({ on }, before) => {
      if (on === before.on) return;
      settle();
      mark();
    }),
    ground.watch(() => {
      mark();
      inform();
    }),
  ];
  resetTools();
  settle();
  inform();
  mark();

  return {
    ground,
    /** A key of the page while a tool is on; true when it was used. */
    key: (event: KeyboardEvent) => current?.key?.(event) ?? false,
    escape: () => current?.escape?.() ?? false,
    /** Go on with a shape that was kept when the page went away. */
    resume({ tool: id, points, chosen, sources }: Sketch): void {
      setPlan({ kept: null, chosen, sources });
      chooseTool(id);
      const extent = boundingExtent(points.map((point) => fromLonLat(point)));
      // Twice as wide as what is drawn: it is to go on somewhere.
      const margin = Math.max(getWidth(extent), getHeight(extent)) / 2;
      map.ol.getView().fit(buffer(extent, margin), { maxZoom: 16 });
      current?.resume?.(points);
    },
    dispose(): void {
      for (const stop of stops) stop();
      current = null;
      map.ol.getTargetElement()?.removeAttribute("data-tool");
      map.setMode(null);
      marks.dispose();
      ground.dispose();
    },
  };
}

export type Toolbox = ReturnType<typeof createToolbox>;
