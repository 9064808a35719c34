/** Pins of the plan's comments, in every state of the plan, and the card that belongs to a place. */
import Feature from "ol/Feature";
import { Point } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import Overlay from "ol/Overlay";
import { fromLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { Icon, Style } from "ol/style";
import type { Point as LonLat } from "../api/types";
import { type Comments, commentStore, followComments, openCard } from "../plan/comments";
import { planStore } from "../plan/store";

const [WIDTH, HEIGHT] = [22, 28];
const REACH = 4;

/** A speech balloon, filled while the comment is open, drawn at twice its size for sharp screens. */
function balloon(isOpen: boolean): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * 2;
  canvas.height = HEIGHT * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  pen.scale(2, 2);
  pen.beginPath();
  pen.arc(11, 11, 9, 0.75 * Math.PI, 0.25 * Math.PI);
  pen.lineTo(11, 26);
  pen.closePath();
  pen.fillStyle = isOpen ? "#6d28d9" : "rgba(255,255,255,.92)";
  pen.strokeStyle = isOpen ? "#fff" : "#6d28d9";
  pen.lineWidth = 2;
  pen.lineJoin = "round";
  pen.fill();
  pen.stroke();
  pen.fillStyle = isOpen ? "#fff" : "#6d28d9";
  for (const x of [7, 11, 15]) {
    pen.beginPath();
    pen.arc(x, 11, 1.5, 0, 2 * Math.PI);
    pen.fill();
  }
  return canvas;
}

const pinStyle = (isOpen: boolean) =>
  new Style({
    zIndex: isOpen ? 2 : 1,
    image: new Icon({ img: balloon(isOpen), scale: 0.5, anchor: [0.5, 26 / HEIGHT] }),
  });

/** Tools whose clicks on a pin open it; the others draw there. */
const READING = new Set(["select", "comment"]);

export function createPins(map: OlMap) {
  const source = new VectorSource<Feature<Point>>();
  const styles = { open: pinStyle(true), resolved: pinStyle(false) };
  const layer = new VectorLayer({ source, zIndex: 76 });
  const host = document.createElement("div");
  host.className = "comment-place";
  const overlay = new Overlay({
    element: host,
    positioning: "bottom-center",
    offset: [0, -30],
    autoPan: { margin: 16 },
  });

  function pin(place: LonLat, resolved: boolean): Feature<Point> {
    const made = new Feature(new Point(fromLonLat(place)));
    made.setStyle(resolved ? styles.resolved : styles.open);
    return made;
  }

  function fill({ all, card }: Comments): void {
    source.clear(true);
    for (const { id, point, resolved } of all) {
      const made = pin(point, resolved);
      made.setId(id);
      source.addFeature(made);
    }
    if (card?.id === null) source.addFeature(pin(card.place, false));
  }

  function follow(now: Comments, before?: Comments): void {
    if (now.all !== before?.all || now.card !== before.card) fill(now);
    if (now.card !== before?.card) {
      overlay.setPosition(now.card ? fromLonLat(now.card.place) : undefined);
    }
  }

  /** A pin that is clicked is read; the click goes no further. */
  function click(event: MapBrowserEvent): boolean | undefined {
    const { plan, tool } = planStore.getState();
    if (plan?.state === "draft" && !READING.has(tool)) return undefined;
    const [found] = map.getFeaturesAtPixel(event.pixel, {
      layerFilter: (one) => one === layer,
      hitTolerance: REACH,
    });
    const comment = commentStore.getState().all.find(({ id }) => id === found?.getId());
    if (!comment) return undefined;
    openCard(comment.point, comment.id);
    return false;
  }

  layer.setMap(map);
  map.addOverlay(overlay);
  map.on("click", click);
  commentStore.setState({ host });
  const stops = [commentStore.subscribe(follow), followComments()];
  follow(commentStore.getState());

  return {
    dispose(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      map.removeOverlay(overlay);
      layer.setMap(null);
      commentStore.setState({ host: null, card: null, all: [] });
    },
  };
}
