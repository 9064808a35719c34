/** The plan's edits once more, on the lines in force now. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { ApiError } from "../../api/client";
import { movePlan, rebasePlan } from "../../api/plans";
import { useApp, useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { change, take } from "../../plan/session";
import { FailedEdits, failedOf } from "./FailedEdits";
import { type DialogProps, PlanDialog } from "./PlanDialog";

/** Only drafts are rebased: a submitted plan becomes one first. */
async function rebase(drop: boolean) {
  return change(async (plan) => {
    if (plan.state === "draft") return rebasePlan(plan.id, drop, plan.revision);
    const draft = await movePlan(plan.id, "reopen", plan.revision);
    take(draft);
    return rebasePlan(draft.id, drop, draft.revision);
  });
}

export function RebaseDialog({ plan, opened, onClose }: DialogProps) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const run = useMutation({
    mutationFn: rebase,
    onSuccess: (done) => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      if (!done) onClose();
    },
  });
  const failed = run.error instanceof ApiError ? failedOf(run.error) : [];
  const done = run.data;
  const close = () => {
    run.reset();
    onClose();
  };
  return (
    <PlanDialog opened={opened} onClose={close} title={t("plan.rebase")}>
      {!done && <Text size="sm">{t("plan.rebase.about")}</Text>}
      {!done && plan.state === "submitted" && <Text size="sm">{t("plan.rebase.reopens")}</Text>}
      {run.error && (
        <Alert color="orange" mt="sm" role="alert">
          {sentence(run.error)}
        </Alert>
      )}
      <FailedEdits failed={failed} />
      {done && (
        <Alert color="green" role="status">
          {t("plan.rebase.done", { n: done.replayed, dropped: done.dropped.length })}
        </Alert>
      )}
      <Group mt="md" gap="xs" justify="flex-end">
        <Button variant="default" onClick={close}>
          {t(done ? "app.close" : "app.cancel")}
        </Button>
        {!done && failed.length === 0 && (
          <Button
            data-autofocus
            disabled={!reachable}
            loading={run.isPending}
            onClick={() => run.mutate(false)}
          >
            {t("plan.rebase.do")}
          </Button>
        )}
        {!done && failed.length > 0 && (
          <Button disabled={!reachable} loading={run.isPending} onClick={() => run.mutate(true)}>
            {t("plan.leaveOut", { n: failed.length })}
          </Button>
        )}
      </Group>
    </PlanDialog>
  );
}
