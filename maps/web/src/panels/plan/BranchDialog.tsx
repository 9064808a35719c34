/** A copy of the plan under another name, opened at once. */
import { Button, Group, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { copyPlan } from "../../api/plans";
import { useApp, useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { openPlan } from "../../plan/session";
import { type DialogProps, PlanDialog } from "./PlanDialog";

export function BranchDialog({ plan, opened, onClose }: DialogProps) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? t("plan.branch.name", { name: plan.name });
  const copy = useMutation({
    mutationFn: () => copyPlan(plan.id, name.trim()),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      setTyped(null);
      openPlan(made);
    },
  });
  return (
    <PlanDialog opened={opened} onClose={onClose} title={t("plan.branch")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) copy.mutate();
        }}
      >
        <Text size="sm" mb="sm">
          {t(plan.state === "published" ? "plan.branch.published" : "plan.branch.about")}
        </Text>
        <TextInput
          data-autofocus
          label={t("plan.name")}
          value={name}
          error={copy.error ? sentence(copy.error) : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group mt="md" gap="xs" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" disabled={!name.trim() || !reachable} loading={copy.isPending}>
            {t("plan.branch.do")}
          </Button>
        </Group>
      </form>
    </PlanDialog>
  );
}
