/** The open plan: its name, its state, its revision. */
import { ActionIcon, Badge, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { usePlan, useT } from "../../app/hooks";
import { closePlan } from "../../plan/session";
import { PanelTitle } from "../parts";

export function PlanHead() {
  const t = useT();
  const plan = usePlan((state) => state.plan);
  if (!plan) return null;
  const close = t("plan.close");
  return (
    <PanelTitle
      aside={
        <Tooltip label={close}>
          <ActionIcon variant="subtle" color="gray.7" aria-label={close} onClick={closePlan}>
            <IconX size={18} />
          </ActionIcon>
        </Tooltip>
      }
    >
      {plan.name}{" "}
      <Badge variant="light" tt="none">
        {t(`plan.state.${plan.state}`)} · {t("plan.revision", { n: plan.revision })}
      </Badge>
    </PanelTitle>
  );
}
