/** The tools of the open draft, with their keys. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { useApp, usePlan, useT } from "../../app/hooks";
import { chooseTool } from "../../plan/store";
import { TOOLS } from "../../plan/tools";
import { Card, Hint } from "../parts";
import { UndoRedo } from "./UndoRedo";

export function ToolCard() {
  const t = useT();
  const reachable = useApp((state) => state.reachable);
  const { tool, state } = usePlan((now) => ({ tool: now.tool, state: now.plan?.state }));
  if (state !== "draft") return null;
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
      <UndoRedo />
      {!reachable && <Hint>{t("plan.offline")}</Hint>}
    </Card>
  );
}
