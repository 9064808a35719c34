/** What an open draft puts on the map: its tools, the hint line, what an edit would do. */
import { useEffect, useRef } from "react";
import { compareStore, setCompare } from "../../app/comparison";
import { usePlan } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { giveKeysTo } from "../../app/shortcuts";
import { select, store } from "../../app/state";
import { apply, discard } from "../../plan/session";
import { choose, chooseTool, isEditable, planStore } from "../../plan/store";
import { toolOfKey } from "../../plan/tools";
import { createToolbox, type Toolbox } from "../../tools/toolbox";
import { CommentCard } from "./CommentCard";
import { PlanDialogs } from "./PlanDialogs";
import { HintLine } from "./HintLine";
import { KeptBar } from "./KeptBar";
import { PreviewCard } from "./PreviewCard";

/** Esc goes back one step: what is drawn, what is previewed, what is chosen, the tool. */
function escape(toolbox: Toolbox): boolean {
  if (toolbox.escape() || discard()) return true;
  if (planStore.getState().chosen.length > 0) {
    choose([]);
    return true;
  }
  if (planStore.getState().tool !== "select") {
    chooseTool("select");
    return true;
  }
  select(null);
  return true;
}

/** Enter means the preview also on the tools and their options (the space bar presses those). */
function isElsewhere(target: EventTarget | null): boolean {
  const pressed = (target as HTMLElement | null)?.closest?.("button, a, [role=row]");
  return Boolean(pressed && !pressed.closest(".tools, .tool-options"));
}

function handle(event: KeyboardEvent, toolbox: Toolbox): boolean {
  const state = planStore.getState();
  const key = event.key.toUpperCase();
  if (!isEditable(state)) {
    // Comments are written in every state.
    return state.tool === "comment" && key === "ESCAPE" && escape(toolbox);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (key === "ESCAPE") {
    if (!compareStore.getState().on) return escape(toolbox);
    setCompare({ on: false });
    return true;
  }
  if (toolbox.key(event)) return true;
  if (key === "ENTER" && state.preview && !isElsewhere(event.target)) {
    if (!state.asking && store.getState().reachable) void apply();
    return true;
  }
  const tool = event.shiftKey ? null : toolOfKey(key);
  if (!tool) return false;
  setCompare({ on: false });
  chooseTool(tool);
  return true;
}

export default function PlanOnMap() {
  const id = usePlan((state) => state.plan?.id);
  const tools = useRef<Toolbox | null>(null);
  useEffect(() => {
    const map = theMap();
    if (!map || !id) return;
    const toolbox = createToolbox(map);
    tools.current = toolbox;
    giveKeysTo((event) => handle(event, toolbox));
    return () => {
      giveKeysTo(null);
      tools.current = null;
      toolbox.dispose();
    };
  }, [id]);
  return (
    <>
      <HintLine />
      <KeptBar onContinue={(sketch) => tools.current?.resume(sketch)} />
      <PreviewCard />
      <CommentCard />
      <PlanDialogs />
    </>
  );
}
