/** The plans there are, and a new one. */
import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createPlan, fetchPlans } from "../../api/plans";
import { useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { openPlan } from "../../plan/session";
import { Card, Hint, PanelTitle } from "../parts";

export function PlanList() {
  const t = useT();
  const sentence = useSentence();
  const [name, setName] = useState("");
  const [scope, setScope] = useState("");
  const plans = useQuery({ queryKey: ["plans"], queryFn: () => fetchPlans() });
  const create = useMutation({
    mutationFn: () => createPlan(name.trim(), scope.trim()),
    onSuccess: (plan) => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      openPlan(plan);
    },
  });
  return (
    <>
      <PanelTitle>{t("plan.title")}</PanelTitle>
      <Card title={t("plan.create")}>
        <TextInput
          label={t("plan.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("plan.scope")}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
        />
        <Button mt="xs" disabled={!name.trim() || !scope.trim()} onClick={() => create.mutate()}>
          {t("plan.create")}
        </Button>
        {create.error && <Hint>{sentence(create.error)}</Hint>}
      </Card>
      <Card title={t("plan.open")}>
        {plans.data?.plans.map((plan) => (
          <UnstyledButton key={plan.id} className="plan-row" onClick={() => openPlan(plan)}>
            {plan.name} · {t(`plan.state.${plan.state}`)}
          </UnstyledButton>
        ))}
      </Card>
    </>
  );
}
