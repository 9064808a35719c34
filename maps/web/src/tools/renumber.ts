/** Number the grids of a village anew: click one of them. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { setCursor } from "../modes/mode";
import { watchSettled } from "../plan/pending";
import { ask } from "../plan/session";
import { choose, planStore, say } from "../plan/store";
import { hush } from "./hush";
import type { CreateTool } from "./tool";

export const createRenumber: CreateTool = ({ map, ground }) => {
  let stops: (() => void)[] = [];

  function hint(): void {
    if (planStore.getState().preview) return;
    say(ground.isFine() ? "renumber.hint" : "village.closer");
  }

  async function number(village: string): Promise<void> {
    const grids = ground.source.getFeatures();
    const own = grids.filter((grid) => grid.get("village_code") === village);
    choose(own.map((grid) => String(grid.get("code"))));
    await ask({ type: "renumber", village });
  }

  function click(event: MapBrowserEvent): void {
    const grid = ground.at(event.coordinate);
    if (grid?.get("editable")) void number(String(grid.get("village_code")));
    else say(ground.isFine() ? "tool.outside" : "village.closer");
  }

  return {
    enter(): void {
      choose([]);
      setCursor(map, "pointer");
      map.on("click", click);
      map.on("moveend", hint);
      stops = [hush(map), watchSettled(() => choose([]))];
      hint();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      map.un("moveend", hint);
      choose([]);
      setCursor(map, "");
    },
    ready: hint,
  };
};
