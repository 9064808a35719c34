/** What the chosen tool can be told beside the map: one component a tool, under `options/`. */
import type { ComponentType } from "react";
import { usePlan, useT } from "../../app/hooks";
import { isEditable } from "../../plan/store";
import type { ToolId } from "../../plan/tools";
import { Card } from "../parts";
import { TraceOption } from "./options/TraceOption";

const OPTIONS: Partial<Record<ToolId, ComponentType>> = {
  split: TraceOption,
  reshape: TraceOption,
  transfer: TraceOption,
};

export function ToolOptions() {
  const t = useT();
  const { tool, isDraft } = usePlan((state) => ({ tool: state.tool, isDraft: isEditable(state) }));
  const Options = OPTIONS[tool];
  if (!isDraft || !Options) return null;
  return (
    <Card title={t(`tool.${tool}`)}>
      <Options />
    </Card>
  );
}
