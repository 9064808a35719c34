/** Submit, withdraw: what it means, then yes or no. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { movePlan } from "../../api/plans";
import { useApp, useSentence, useT } from "../../app/hooks";
import { usePlanProblems } from "../../app/planProblems";
import { queries } from "../../app/queries";
import { change } from "../../plan/session";
import { type DialogProps, PlanDialog } from "./PlanDialog";

export function ConfirmDialog({
  plan,
  step,
  opened,
  onClose,
}: DialogProps & { step: "submit" | "withdraw" }) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const { data: problems } = usePlanProblems();
  const move = useMutation({
    mutationFn: () => change((now) => movePlan(now.id, step, now.revision)),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      onClose();
    },
  });
  const close = () => {
    move.reset();
    onClose();
  };
  return (
    <PlanDialog
      opened={opened}
      onClose={close}
      title={t(`plan.asked.${step}`, { name: plan.name })}
    >
      <Text size="sm">{t(`plan.means.${step}`)}</Text>
      {step === "submit" && problems && problems.errors > 0 && (
        <Alert color="orange" mt="sm">
          {t("plan.submit.errors", { n: problems.errors })}
        </Alert>
      )}
      {move.error && (
        <Alert color="orange" mt="sm" role="alert">
          {sentence(move.error)}
        </Alert>
      )}
      <Group mt="md" gap="xs" justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("app.cancel")}
        </Button>
        <Button
          data-autofocus
          color={step === "withdraw" ? "red.8" : undefined}
          disabled={!reachable}
          loading={move.isPending}
          onClick={() => move.mutate()}
        >
          {t(`plan.${step}`)}
        </Button>
      </Group>
    </PlanDialog>
  );
}
