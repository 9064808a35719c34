import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { type ToolStore, toolStore } from "../../../plan/toolStore";

/** What the tool on the map tells its options. */
export function useTool<T>(pick: (state: ToolStore) => T): T {
  return useStore(toolStore, useShallow(pick));
}
