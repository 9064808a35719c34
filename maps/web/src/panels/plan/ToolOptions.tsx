/** What the chosen tool can be told beside the map. */
import { Switch } from "@mantine/core";
import { usePlan, useT } from "../../app/hooks";
import { setPlan } from "../../plan/store";
import { Card } from "../parts";

const DRAWN = new Set(["split", "reshape", "transfer"]);

export function ToolOptions() {
  const t = useT();
  const { tool, tracing, state } = usePlan((now) => ({
    tool: now.tool,
    tracing: now.tracing,
    state: now.plan?.state,
  }));
  if (state !== "draft" || !DRAWN.has(tool)) return null;
  return (
    <Card title={t(`tool.${tool}`)}>
      <Switch
        size="xs"
        checked={tracing}
        onChange={(event) => setPlan({ tracing: event.currentTarget.checked })}
        label={t("tool.trace")}
      />
    </Card>
  );
}
