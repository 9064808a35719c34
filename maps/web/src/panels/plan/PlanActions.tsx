/** The next step of the plan, always in sight at the foot of the panel. */
import { Button } from "@mantine/core";
import { useApp, usePlan, useT } from "../../app/hooks";
import { setPlan } from "../../plan/store";

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
    </div>
  );
}
