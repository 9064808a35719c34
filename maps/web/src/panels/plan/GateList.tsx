/** The checks a plan passes before it is published: one line each, with what is in the way. */
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { PlanProblems } from "../../api/plans";
import { useT } from "../../app/hooks";
import { goToProblem } from "../../app/planProblems";
import { errorsFirst } from "../../plan/problems";
import { gateLines } from "../../plan/gate";

const ICONS = { passed: IconCircleCheck, failed: IconCircleX, note: IconAlertTriangle };

interface GateListProps {
  problems: PlanProblems;
  note: string;
  /** Called before the map goes to a problem. */
  onLeave: () => void;
}

export function GateList({ problems, note, onLeave }: GateListProps) {
  const t = useT();
  const all = errorsFirst(problems.problems);
  return (
    <ul className="gate" aria-label={t("plan.gate")}>
      {gateLines(problems, note).map(({ check, problems: inTheWay, state }) => {
        const Icon = ICONS[state];
        const [first] = inTheWay;
        return (
          <li key={check} data-check={check} data-state={state}>
            <Icon size={18} aria-label={t(`plan.gate.${state}`)} />
            <span>{t(`gate.${check}`)}</span>
            {first && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  onLeave();
                  goToProblem(first, all.indexOf(first));
                }}
              >
                {t("plan.gate.show", { n: inTheWay.length })}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
