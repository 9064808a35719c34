/** A right click on the map asks what is there: grid, village and the nearest addresses. */
import { toLonLat } from "ol/proj";
import type { Point } from "../api/types";
import type { WanggeMap } from "../map/map";
import { isToolOn, planStore } from "../plan/store";
import { setAddress } from "./address";
import { set } from "./state";

export function askWhere({ ol }: WanggeMap): () => void {
  const viewport: HTMLElement | undefined = ol.getViewport();

  function ask(event: MouseEvent): void {
    // While something is drawn, the right click ends it.
    if (isToolOn(planStore.getState())) return;
    event.preventDefault();
    setAddress({ tab: "look" });
    set({ picked: toLonLat(ol.getEventCoordinate(event)) as Point, panel: "lookup" });
  }
  viewport?.addEventListener("contextmenu", ask);
  return () => viewport?.removeEventListener("contextmenu", ask);
}
