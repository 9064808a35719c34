/** The next step of the plan, always in sight at the foot of the panel. */
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useApp, usePlan, useT } from "../../app/hooks";
import { stepPlanProblem, usePlanProblems } from "../../app/planProblems";
import { count } from "../../i18n/format";
import { setPlan } from "../../plan/store";

/** How many problems are left, also where their list is out of sight; a click goes to the next. */
function Problems() {
  const t = useT();
  const { data } = usePlanProblems();
  if (!data || data.problems.length === 0) return null;
  return (
    <Button
      variant="subtle"
      color={data.errors > 0 ? "#b91c1c" : "#9a3412"}
      leftSection={<IconAlertTriangle size={15} />}
      aria-keyshortcuts="N"
      onClick={() => void stepPlanProblem(1)}
    >
      {t("plan.problems.count", { n: count(data.problems.length) })}
    </Button>
  );
}

export function PlanActions() {
  const t = useT();
  const reachable = useApp((state) => state.reachable);
  const { state, head, writing } = usePlan((now) => ({
    state: now.plan?.state,
    head: now.plan?.head ?? 0,
    writing: now.writing,
  }));
  if (state !== "draft" && state !== "submitted") return null;
  const step = state === "draft" ? "submit" : "publish";
  return (
    <div className="plan-actions">
      <Button
        disabled={!reachable || writing || head === 0}
        onClick={() => setPlan({ dialog: step })}
      >
        {t(`plan.${step}`)}
      </Button>
      {head === 0 && <span className="note">{t("plan.nothingYet")}</span>}
      <Problems />
    </div>
  );
}
