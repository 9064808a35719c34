/** The tools of the open draft, with their keys. */
import { Button, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { usePlan, useT } from "../../app/hooks";
import { redo, undo } from "../../plan/session";
import { chooseTool } from "../../plan/store";
import { TOOLS } from "../../plan/tools";
import { Card } from "../parts";

export function ToolCard() {
  const t = useT();
  const { tool, plan, writing, editors } = usePlan((state) => ({
    tool: state.tool,
    plan: state.plan,
    writing: state.writing,
    editors: state.editors,
  }));
  if (plan?.state !== "draft") return null;
  return (
    <Card>
      <div className="tools" role="toolbar" aria-label={t("plan.tools")}>
        {TOOLS.map(({ id, key }) => (
          <Tooltip key={id} label={t(`tool.about.${id}`)}>
            <UnstyledButton
              className="tool"
              data-active={tool === id}
              aria-pressed={tool === id}
              aria-keyshortcuts={key}
              onClick={() => chooseTool(id)}
            >
              <span>{t(`tool.${id}`)}</span>
              <kbd>{key}</kbd>
            </UnstyledButton>
          </Tooltip>
        ))}
      </div>
      <div className="undo-line">
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} />}
          disabled={plan.head === 0 || writing}
          onClick={() => void undo()}
        >
          {t("plan.undo")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconArrowForwardUp size={16} />}
          disabled={plan.undone === 0 || writing}
          onClick={() => void redo()}
        >
          {t("plan.redo")}
        </Button>
        {editors !== null && editors > 1 && (
          <span className="editors">{t("plan.editors", { n: editors })}</span>
        )}
      </div>
    </Card>
  );
}
