/** What the open plan is compared with, and what the server says is different. */
import { useQuery } from "@tanstack/react-query";
import { getJson } from "../api/client";
import { differenceUrl } from "../api/difference";
import { IN_FORCE, type Lines } from "../api/lines";
import { fetchPlans, type Plan } from "../api/plans";
import { useCompare } from "./comparison";
import { usePlan, useWorkspace } from "./hooks";
import { useDifference } from "./planNumbers";

const meet = (a: string, b: string) => a.startsWith(b) || b.startsWith(a);

/** Plans over the same ground, which this one can be held against. */
export function useOtherPlans(): readonly Plan[] {
  const plan = usePlan((state) => state.plan);
  const plans = useQuery({ queryKey: ["plans"], queryFn: () => fetchPlans() }).data?.plans ?? [];
  return plans.filter(
    (other) =>
      plan !== null &&
      other.id !== plan.id &&
      other.network === plan.network &&
      meet(other.scope, plan.scope),
  );
}

/** Lines as they were just before a plan was published; of a draft those in force. */
function startOf(plan: Plan): Lines {
  if (plan.published_at === null) return IN_FORCE;
  return { ...IN_FORCE, date: new Date(Date.parse(plan.published_at) - 1).toISOString() };
}

/** The lines on the other side, and the plan they belong to (null: the lines it started from). */
export function useOtherSide(): { lines: Lines; plan: Plan | null } {
  const plan = usePlan((state) => state.plan);
  const against = useCompare((state) => state.against);
  const other = useOtherPlans().find(({ id }) => id === against) ?? null;
  if (other)
    return { lines: { plan: other.id, revision: other.revision, date: null }, plan: other };
  return { lines: plan ? startOf(plan) : IN_FORCE, plan: null };
}

/** The difference on show, with every household that moves. */
export function useComparison() {
  const { on, against } = useCompare((state) => ({ on: state.on, against: state.against }));
  return useDifference({ against, households: true, enabled: on });
}

/** The same difference as shapes for the map. */
export function useDifferenceMap(): object | null {
  const { on, against } = useCompare((state) => ({ on: state.on, against: state.against }));
  const plan = usePlan((state) => state.plan?.id ?? null);
  const version = useWorkspace()?.layers.households.version;
  // Asked once the numbers are there, so that both are of the same revision.
  const revision = useComparison().data?.revision;
  const asked = useQuery({
    queryKey: ["plan-difference-map", plan, against, revision, version],
    enabled: on && plan !== null && revision !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before, query) =>
      query?.queryKey[1] === plan && query?.queryKey[2] === against ? before : undefined,
    queryFn: ({ signal }) =>
      getJson<object>(differenceUrl(plan ?? "", { against, households: false }), signal),
  });
  return asked.data ?? null;
}
