/** A plan that cannot be edited: why, and what can be done. */
import { Button, Group } from "@mantine/core";
import { useApp, usePlan, useSentence, useT } from "../../app/hooks";
import { day } from "../../i18n/format";
import { setPlan } from "../../plan/store";
import { Card, Hint } from "../parts";
import { useReopen } from "./useReopen";

export function StateCard() {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const plan = usePlan((state) => state.plan);
  const reopen = useReopen();
  if (!plan || plan.state === "draft") return null;
  const at = {
    submitted: plan.submitted_at,
    published: plan.published_at,
    withdrawn: plan.withdrawn_at,
  }[plan.state];
  const canReopen = plan.state !== "published";
  return (
    <Card title={t(`plan.readonly.${plan.state}`, { day: day(at) })}>
      <Hint>{t(`plan.cando.${plan.state}`)}</Hint>
      {plan.note && <Hint>{t("plan.noteWas", { note: plan.note })}</Hint>}
      <Group gap="xs" mt="xs">
        {canReopen && (
          <Button
            variant="default"
            disabled={!reachable}
            loading={reopen.isPending}
            onClick={() => reopen.mutate()}
          >
            {t("plan.reopen")}
          </Button>
        )}
        <Button
          variant="default"
          disabled={!reachable}
          onClick={() => setPlan({ dialog: "branch" })}
        >
          {t("plan.branch")}
        </Button>
      </Group>
      {reopen.error && <Hint>{sentence(reopen.error)}</Hint>}
    </Card>
  );
}
