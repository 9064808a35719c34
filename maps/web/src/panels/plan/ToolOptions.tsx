/** What the chosen tool can be told beside the map: one component a tool, under `options/`. */
import type { ComponentType } from "react";
import { usePlan, useT } from "../../app/hooks";
import { isEditable } from "../../plan/store";
import type { ToolId } from "../../plan/tools";
import { Card } from "../parts";
import { AttributesOptions } from "./options/AttributesOptions";
import { GapOptions, OverlapOptions } from "./options/FaultOptions";
import { LockOptions } from "./options/LockOptions";
import { MergeOptions } from "./options/MergeOptions";
import { PaintOptions } from "./options/PaintOptions";
import { RenumberOptions } from "./options/RenumberOptions";
import { SelectOptions } from "./options/SelectOptions";
import { SplitOptions } from "./options/SplitOptions";
import { TraceOption } from "./options/TraceOption";
import { TransferOptions } from "./options/TransferOptions";

const OPTIONS: Partial<Record<ToolId, ComponentType>> = {
  select: SelectOptions,
  split: SplitOptions,
  merge: MergeOptions,
  reshape: TraceOption,
  transfer: TransferOptions,
  paint: PaintOptions,
  gap: GapOptions,
  overlap: OverlapOptions,
  lock: LockOptions,
  attributes: AttributesOptions,
  renumber: RenumberOptions,
};

export function ToolOptions() {
  const t = useT();
  const { tool, isDraft } = usePlan((state) => ({ tool: state.tool, isDraft: isEditable(state) }));
  const Options = OPTIONS[tool];
  if (!isDraft || !Options) return null;
  return (
    <Card title={t(`tool.${tool}`)}>
      <div className="tool-options">
        <Options />
      </div>
    </Card>
  );
}
