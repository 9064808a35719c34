/** What an open plan shows on the map whichever tool is on. */
import { createLockSigns } from "./lockSigns";
import { createPins } from "./pins";
import type { ToolContext } from "./tool";

/** Returns the way to take it all away. */
export function showStanding({ map, ground }: ToolContext): () => void {
  const parts = [createLockSigns(map, ground), createPins(map)];
  return () => {
    for (const part of parts) part.dispose();
  };
}
