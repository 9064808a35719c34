/** One step back, one step forth, each with the name of what it is about. */
import { Button, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import type { LogEntry } from "../../api/plans";
import { useApp, usePlan, useT } from "../../app/hooks";
import { useSteps } from "../../app/planLog";
import { redo, undo } from "../../plan/session";

interface StepProps {
  what: "undo" | "redo";
  entry: LogEntry | null;
  possible: boolean;
}

function Step({ what, entry, possible }: StepProps) {
  const t = useT();
  const Icon = what === "undo" ? IconArrowBackUp : IconArrowForwardUp;
  const name = entry ? t(`act.${entry.edit.type}`) : "";
  const keys = what === "undo" ? "Control+Z" : "Control+Shift+Z Control+Y";
  const label = t(`plan.about.${what}`, { what: name, who: entry?.author ?? "" });
  return (
    <Tooltip label={label} disabled={!entry}>
      <Button
        variant="default"
        leftSection={<Icon size={16} />}
        aria-keyshortcuts={keys}
        disabled={!possible}
        onClick={() => void (what === "undo" ? undo() : redo())}
      >
        <span className="step-name">
          {t(`plan.${what}`)}
          {name && ` ${name}`}
        </span>
      </Button>
    </Tooltip>
  );
}

export function UndoRedo() {
  const reachable = useApp((state) => state.reachable);
  const { head, undone, writing } = usePlan((state) => ({
    head: state.plan?.head ?? 0,
    undone: state.plan?.undone ?? 0,
    writing: state.writing,
  }));
  const steps = useSteps();
  const isFree = reachable && !writing;
  return (
    <div className="undo-line">
      <Step what="undo" entry={steps.undo} possible={isFree && head > 0} />
      <Step what="redo" entry={steps.redo} possible={isFree && undone > 0} />
    </div>
  );
}
