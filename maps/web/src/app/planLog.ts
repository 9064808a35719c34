/** The log of the open plan. */
import { useQuery } from "@tanstack/react-query";
import { fetchPlanLog, type LogEntry } from "../api/plans";
import { usePlan } from "./hooks";

/** As many edits as are read unless more are asked for, and as are answered at most. */
export const EDITS = 200;
export const MOST_EDITS = 1000;

/** The end of the log at this revision; the one before until it is there. */
export function usePlanLog(limit = EDITS) {
  const { id, revision } = usePlan(({ plan }) => ({ id: plan?.id, revision: plan?.revision }));
  return useQuery({
    queryKey: ["plan-log", id, revision, limit],
    enabled: id !== undefined,
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    queryFn: () => fetchPlanLog(id ?? "", limit),
  });
}

/** What undo would take back, and what redo would make again. */
export function useSteps(): { undo: LogEntry | null; redo: LogEntry | null } {
  const { data, isPlaceholderData } = usePlanLog();
  // The log of another revision would name the wrong edit.
  if (!data || isPlaceholderData) return { undo: null, redo: null };
  const at = (position: number, state: LogEntry["state"]) =>
    data.edits.find((entry) => entry.position === position && entry.state === state) ?? null;
  return { undo: at(data.head, "applied"), redo: at(data.head + 1, "undone") };
}
