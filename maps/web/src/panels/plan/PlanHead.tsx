/** The open plan: its name, its state, whether all is saved, who else is at it. */
import { ActionIcon, Badge, Title, Tooltip, UnstyledButton } from "@mantine/core";
import { IconPencil, IconUsers, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useApp, usePlan, useT } from "../../app/hooks";
import { closePlan } from "../../plan/session";
import { PlanMenu } from "./PlanMenu";
import { RenameForm } from "./RenameForm";

/** Nothing waits for a "save": this line says so, and when it is not so. */
function SavedLine() {
  const t = useT();
  const reachable = useApp((state) => state.reachable);
  const { writing, made, editors, scope } = usePlan((state) => ({
    writing: state.writing,
    made: state.plan?.state === "draft" ? state.made : null,
    editors: state.editors,
    scope: state.plan?.scope_name ?? state.plan?.scope ?? "",
  }));
  const saved = !reachable
    ? t("plan.saved.offline")
    : writing
      ? t("plan.saved.writing")
      : made
        ? t("plan.saved.made", { what: t(`act.${made.type}`) })
        : t("plan.saved.all");
  return (
    <div className="plan-line">
      <span>{scope}</span>
      <span role="status" data-offline={!reachable}>
        {saved}
      </span>
      {editors !== null && editors > 1 && (
        <Tooltip label={t("plan.editors.about", { n: editors - 1 })}>
          <span className="editors">
            <IconUsers size={14} aria-hidden /> {t("plan.editors", { n: editors })}
          </span>
        </Tooltip>
      )}
    </div>
  );
}

export function PlanHead() {
  const t = useT();
  const plan = usePlan((state) => state.plan);
  const [renaming, setRenaming] = useState(false);
  if (!plan) return null;
  return (
    <header className="plan-head">
      <div className="plan-title">
        {renaming ? (
          <RenameForm plan={plan} onDone={() => setRenaming(false)} />
        ) : (
          <Title order={2} size={15}>
            {plan.state === "published" ? (
              plan.name
            ) : (
              <Tooltip label={t("plan.rename")}>
                <UnstyledButton className="plan-name" onClick={() => setRenaming(true)}>
                  {plan.name} <IconPencil size={13} aria-label={t("plan.rename")} />
                </UnstyledButton>
              </Tooltip>
            )}
          </Title>
        )}
        <PlanMenu plan={plan} onRename={() => setRenaming(true)} />
        <Tooltip label={t("plan.close")}>
          <ActionIcon
            variant="subtle"
            color="gray.7"
            aria-label={t("plan.close")}
            onClick={closePlan}
          >
            <IconX size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Badge variant="light" tt="none" className="plan-state" data-state={plan.state}>
        {t(`plan.state.${plan.state}`)} · {t("plan.revision", { n: plan.revision })}
      </Badge>
      <SavedLine />
    </header>
  );
}
