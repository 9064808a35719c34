/** What the open plan amounts to: the sizes of its grids, and what it changes. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Difference, fetchDifference, type GridChange } from "../api/difference";
import { fetchPlanSummary, type PlanSummary } from "../api/plans";
import { usePlan, useWorkspace } from "./hooks";

/** A difference of a county costs up to a second: it is asked when the planner pauses. */
const PAUSE_MS = 800;

/** Sizes of the grids in the plan's scope, before and after; of the last revision until the next is there. */
export function usePlanSummary() {
  const { id, revision } = usePlan(({ plan }) => ({ id: plan?.id, revision: plan?.revision }));
  const version = useWorkspace()?.layers.households.version;
  return useQuery<PlanSummary>({
    queryKey: ["plan-summary", id, revision, version],
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    queryFn: () => fetchPlanSummary(id ?? ""),
  });
}

interface DifferenceAsked {
  /** Another plan; null for the lines this one started from. */
  against?: string | null;
  /** List every household that moves. */
  households?: boolean;
  enabled?: boolean;
}

/** What the open plan changes; what it changed a moment ago until the answer is there. */
export function useDifference(asked: DifferenceAsked = {}) {
  const { against = null, households = false, enabled = true } = asked;
  const { id, revision } = usePlan(({ plan }) => ({ id: plan?.id, revision: plan?.revision }));
  const [settled] = useDebouncedValue(`${id}:${revision}`, PAUSE_MS);
  const version = useWorkspace()?.layers.households.version;
  return useQuery<Difference>({
    queryKey: ["plan-difference", id, against, households, settled, version],
    // A plan that was just opened is asked about once, not first under the old plan's key.
    enabled: enabled && id !== undefined && settled.startsWith(`${id}:`),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before, query) =>
      query?.queryKey[1] === id && query?.queryKey[2] === against ? before : undefined,
    queryFn: ({ signal }) => fetchDifference(id ?? "", { against, households }, signal),
  });
}

/** What the open plan changes, by the code a grid has in the draft. */
export function useChanges(): ReadonlyMap<string, GridChange> | null {
  const grids = useDifference().data?.grids;
  return useMemo(
    () => (grids ? new Map(grids.map((change) => [change.code, change])) : null),
    [grids],
  );
}
