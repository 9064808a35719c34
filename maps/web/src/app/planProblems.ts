/** Going to the problems of the open plan, one by one or by a click. */
import { useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { fetchPlanProblems, type NumberedProblem, type Plan } from "../api/plans";
import { errorsFirst, identityOf, stepAt } from "../plan/problems";
import { choose, planStore, setPlan } from "../plan/store";
import { goToGrids } from "./goTo";
import { usePlan } from "./hooks";
import { theMap } from "./mapHolder";
import { queries } from "./queries";
import { set } from "./state";

/** Several edits in a row are checked once. */
const TOGETHER_MS = 400;
/** A problem is seen with what lies around it. */
const CLOSEST_ZOOM = 15.5;

// Not under the key of the plan's other answers: checking costs more than reading, so it waits a
// moment after each edit.
const asking = (id: string, revision: number) => ({
  queryKey: ["plan-problems", id, revision],
  queryFn: () => fetchPlanProblems(id),
});

/** The problems of the open plan; those of the revision before until the new ones are known. */
export function usePlanProblems() {
  const plan = usePlan((state) => state.plan);
  const [revision] = useDebouncedValue(plan?.revision ?? 0, TOGETHER_MS);
  return useQuery({
    ...asking(plan?.id ?? "", revision),
    enabled: plan !== null,
    placeholderData: (before) => (before?.id === plan?.id ? before : undefined),
  });
}

/** Bring a problem into the middle of the map and choose its grids. */
export function goToProblem(problem: NumberedProblem, index: number): void {
  setPlan({ problemAt: { index, identity: identityOf(problem) } });
  if (planStore.getState().plan?.state === "draft") choose(problem.grids);
  set({ problemPlace: problem.geometry });
  if (problem.bbox) theMap()?.fit(problem.bbox, CLOSEST_ZOOM);
  else void goToGrids(problem.grids);
}

/** Go to the next problem or the one before, round and round. */
export async function stepPlanProblem(by: 1 | -1): Promise<void> {
  const { plan } = planStore.getState();
  const found = plan && (await read(plan));
  if (!found) return;
  const index = stepAt(found, planStore.getState().problemAt, by);
  const problem = index === null ? undefined : found[index];
  if (problem && index !== null) goToProblem(problem, index);
}

async function read({ id, revision }: Plan): Promise<NumberedProblem[] | null> {
  try {
    return errorsFirst((await queries.fetchQuery(asking(id, revision))).problems);
  } catch {
    return null; // the panel says why
  }
}
