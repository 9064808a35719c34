/** Clicking on grids: which one is meant, and whether it may be changed. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import type { Mode } from "../modes/mode";
import { planStore, say } from "../plan/store";
import type { ToolContext } from "./tool";

export interface Pointing extends Mode {
  isEditable: (code: string) => boolean;
}

/** A tool's clicks: `onClick` gets the grid's code, null beside all grids. Hovering names things. */
export function createPointing(
  { map, ground, codeAt, naming }: ToolContext,
  onClick: (code: string | null, event: MapBrowserEvent) => void,
): Pointing {
  function click(event: MapBrowserEvent): void {
    const exact = ground.isFine() ? ground.at(event.coordinate) : null;
    onClick(exact ? String(exact.get("code")) : codeAt(event.pixel), event);
  }

  return {
    enter() {
      naming.enter();
      map.on("click", click);
    },
    exit() {
      map.un("click", click);
      naming.exit();
    },
    isEditable(code) {
      const known: unknown = ground.grid(code)?.get("editable");
      if (typeof known === "boolean") return known;
      // Far away only the code is known; it begins with that of its village.
      return code.startsWith(planStore.getState().plan?.scope ?? code);
    },
  };
}

/** Clicks of a tool that needs grids it may change; others are named and refused at once. */
export function createPicking(context: ToolContext, onPick: (code: string) => void): Pointing {
  const pointing = createPointing(context, (code) => {
    if (code === null) return;
    if (pointing.isEditable(code)) onPick(code);
    else say("tool.outside");
  });
  return pointing;
}
