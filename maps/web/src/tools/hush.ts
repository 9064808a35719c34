/** Habits of the map that get in the way of a tool, switched off while it is on. */
import DoubleClickZoom from "ol/interaction/DoubleClickZoom";
import KeyboardPan from "ol/interaction/KeyboardPan";
import type OlMap from "ol/Map";

/** Two quick strokes are no double click; with `keys`, the arrow keys belong to the tool. */
export function hush(map: OlMap, { keys = false } = {}): () => void {
  const quiet = map
    .getInteractions()
    .getArray()
    .filter((one) => one.getActive())
    .filter((one) => one instanceof DoubleClickZoom || (keys && one instanceof KeyboardPan));
  for (const one of quiet) one.setActive(false);
  return () => {
    for (const one of quiet) one.setActive(true);
  };
}
