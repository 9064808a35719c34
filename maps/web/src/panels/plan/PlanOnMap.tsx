/** What an open draft puts on the map: its tools, the hint line, what an edit would do. */
import { useEffect } from "react";
import { useApp, usePlan, useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { giveKeysTo } from "../../app/shortcuts";
import { select } from "../../app/state";
import { apply, discard, redo, undo } from "../../plan/session";
import { choose, chooseTool, isEditable, planStore } from "../../plan/store";
import { toolOfKey } from "../../plan/tools";
import { createToolbox, type Toolbox } from "../../tools/toolbox";
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

function handle(event: KeyboardEvent, toolbox: Toolbox): boolean {
  const state = planStore.getState();
  if (!isEditable(state)) return false;
  const key = event.key.toUpperCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "Z") void (event.shiftKey ? redo() : undo());
    else if (key === "Y") void redo();
    else return false;
    return true;
  }
  if (event.altKey) return false;
  if (key === "ESCAPE") return escape(toolbox);
  if (toolbox.key(event)) return true;
  const isOnButton = (event.target as HTMLElement | null)?.closest?.("button, a, [role=row]");
  if (key === "ENTER" && state.preview && !isOnButton) {
    void apply();
    return true;
  }
  const tool = event.shiftKey ? null : toolOfKey(key);
  if (!tool) return false;
  chooseTool(tool);
  return true;
}

function HintLine() {
  const t = useT();
  const hint = usePlan((state) => state.hint);
  const isPicking = useApp((state) => state.picking);
  if (!hint || isPicking) return null;
  return (
    <div className="hint" role="status">
      {t(hint.key, hint.values)}
    </div>
  );
}

export default function PlanOnMap() {
  const id = usePlan((state) => state.plan?.id);
  useEffect(() => {
    const map = theMap();
    if (!map || !id) return;
    const toolbox = createToolbox(map);
    giveKeysTo((event) => handle(event, toolbox));
    return () => {
      giveKeysTo(null);
      toolbox.dispose();
    };
  }, [id]);
  return (
    <>
      <HintLine />
      <PreviewCard />
    </>
  );
}
