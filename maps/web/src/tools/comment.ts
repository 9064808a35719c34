/** Write a comment on a place: click it, the card asks for the words. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { toLonLat } from "ol/proj";
import type { Point } from "../api/types";
import { setCursor } from "../modes/mode";
import { closeCard, commentStore, openCard } from "../plan/comments";
import { say } from "../plan/store";
import { hush } from "./hush";
import { isPressing } from "./pressed";
import type { CreateTool } from "./tool";

export const createComment: CreateTool = ({ map }) => {
  let stops: (() => void)[] = [];

  const click = (event: MapBrowserEvent) => openCard(toLonLat(event.coordinate) as Point);

  function hint(): void {
    const { card } = commentStore.getState();
    say(card && card.id === null ? "comment.write" : "comment.hint");
  }

  return {
    enter(): void {
      setCursor(map, "crosshair");
      map.on("click", click);
      stops = [hush(map), commentStore.subscribe(hint)];
      hint();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      setCursor(map, "");
      closeCard();
    },
    key(event): boolean {
      // Without a mouse: the place in the middle of the map.
      const center = map.getView().getCenter();
      if (event.key !== "Enter" || !center || isPressing(event)) return false;
      openCard(toLonLat(center) as Point);
      return true;
    },
    escape: closeCard,
  };
};
