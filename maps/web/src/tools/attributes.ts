/** Choose the grid whose name and kind are to be changed in the panel. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { setCursor } from "../modes/mode";
import { formStore, type Named } from "../plan/form";
import { choose, planStore, say } from "../plan/store";
import { hush } from "./hush";
import type { CreateTool } from "./tool";

export const createAttributes: CreateTool = ({ map, ground }) => {
  let stops: (() => void)[] = [];

  function hint(): void {
    if (!ground.isFine()) say("village.closer");
    else say(formStore.getState().grid ? "attributes.change" : "attributes.hint");
  }

  /** The form is about the chosen grid. */
  function follow(): void {
    const code = planStore.getState().chosen[0];
    const grid = code === undefined ? null : ground.grid(code);
    if (code !== undefined && !grid && formStore.getState().grid?.code === code) return; // out of sight
    const { name, kind, village_code, editable } = (grid?.getProperties() ?? {}) as Named & {
      editable?: boolean;
    };
    formStore.setState({ grid: code && editable ? { code, name, kind, village_code } : null });
    hint();
  }

  function click(event: MapBrowserEvent): void {
    const grid = ground.at(event.coordinate);
    if (grid?.get("editable")) choose([String(grid.get("code"))]);
    else say(ground.isFine() ? "tool.outside" : "village.closer");
  }

  return {
    enter(): void {
      choose(planStore.getState().chosen.slice(0, 1));
      setCursor(map, "pointer");
      map.on("click", click);
      map.on("moveend", hint);
      stops = [
        hush(map),
        ground.watch(follow),
        planStore.subscribe((now, before) => {
          if (now.chosen !== before.chosen) follow();
        }),
      ];
      follow();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      map.un("moveend", hint);
      formStore.setState({ grid: null });
      setCursor(map, "");
    },
    ready: hint,
  };
};
