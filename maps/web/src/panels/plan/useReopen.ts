/** Making a submitted or withdrawn plan a draft again. */
import { useMutation } from "@tanstack/react-query";
import { movePlan } from "../../api/plans";
import { queries } from "../../app/queries";
import { change } from "../../plan/session";

export function useReopen() {
  return useMutation({
    mutationFn: () => change((plan) => movePlan(plan.id, "reopen", plan.revision)),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["plans"] }),
  });
}
