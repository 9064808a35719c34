/** What stands in the way of publishing: sentences with their places, and the way out of each. */
import { Alert, Badge, Button, Loader, Tooltip, UnstyledButton } from "@mantine/core";
import { useEffect, useState } from "react";
import type { NumberedProblem, Plan } from "../../api/plans";
import { usePlan, useSentence, useT } from "../../app/hooks";
import { goToProblem, stepPlanProblem, usePlanProblems } from "../../app/planProblems";
import { set } from "../../app/state";
import { count } from "../../i18n/format";
import type { Key } from "../../i18n/zh";
import { errorsFirst, mendingOf, placeOf } from "../../plan/problems";
import { ask } from "../../plan/session";
import { choose, chooseTool, setPlan } from "../../plan/store";
import { Card, Hint } from "../parts";
import { ProblemSentence } from "../ProblemList";

const FIRST = 20;
const MORE = 100;

function Mend({ problem, index }: { problem: NumberedProblem; index: number }) {
  const t = useT();
  const mending = mendingOf(problem);
  if (!mending) return null;
  const how =
    "tool" in mending
      ? t(`tool.${mending.tool}`)
      : "edit" in mending
        ? t(`act.${mending.edit.type}`)
        : t("plan.rebase");
  function mend(): void {
    if (!mending) return;
    goToProblem(problem, index);
    if ("rebase" in mending) setPlan({ dialog: "rebase" });
    else if ("edit" in mending) void ask(mending.edit);
    else {
      chooseTool(mending.tool);
      choose(problem.grids);
    }
  }
  return (
    <button type="button" className="link" onClick={mend}>
      {t("plan.mend", { how })}
    </button>
  );
}

interface RowProps {
  problem: NumberedProblem;
  index: number;
  plan: Plan;
  current: boolean;
}

function Row({ problem, index, plan, current }: RowProps) {
  const village = plan.touched_villages.find(({ code }) => code === problem.village)?.name;
  return (
    <li data-current={current}>
      <UnstyledButton
        className="problem-button"
        data-current={current}
        aria-current={current}
        onClick={() => goToProblem(problem, index)}
      >
        <ProblemSentence problem={problem} />
      </UnstyledButton>
      <div className="problem-way">
        {village && <span>{village}</span>}
        {plan.state === "draft" && <Mend problem={problem} index={index} />}
      </div>
    </li>
  );
}

function List({ problems, plan }: { problems: readonly NumberedProblem[]; plan: Plan }) {
  const t = useT();
  const [shown, setShown] = useState(FIRST);
  const at = usePlan((state) => state.problemAt);
  const current = placeOf(problems, at);
  // A problem that is stepped to is in sight, however long the list.
  const until = Math.max(shown, current + 1);
  useEffect(() => {
    if (at && current < 0) set({ problemPlace: null });
    document
      .querySelector(".problem-list li[data-current=true]")
      ?.scrollIntoView({ block: "nearest" });
  }, [at, current]);
  return (
    <>
      <ul className="problem-list plan-problems">
        {problems.slice(0, until).map((problem, index) => (
          <Row
            key={problem.number}
            problem={problem}
            index={index}
            plan={plan}
            current={index === current}
          />
        ))}
      </ul>
      {problems.length > until && (
        <Button size="compact-xs" variant="subtle" onClick={() => setShown(until + MORE)}>
          {t("plan.showMore", { n: Math.min(MORE, problems.length - until) })}
        </Button>
      )}
    </>
  );
}

/** What no problems mean for the plan. */
function noneOf({ state, head }: Plan): Key {
  if (head === 0) return "plan.problems.notYet";
  return state === "draft" ? "plan.problems.none" : "plan.problems.clear";
}

export function ProblemsCard() {
  const t = useT();
  const sentence = useSentence();
  const plan = usePlan((state) => state.plan);
  const at = usePlan((state) => state.problemAt);
  const { data, error, isFetching } = usePlanProblems();
  if (!plan || plan.state === "published") return null;
  const problems = errorsFirst(data?.problems ?? []);
  const place = placeOf(problems, at);
  return (
    <Card
      title={
        <>
          {t("plan.problems")}{" "}
          {data && (
            <Badge variant="light" color={data.errors > 0 ? "red" : "gray"} tt="none">
              {count(problems.length)}
            </Badge>
          )}{" "}
          {isFetching && <Loader size={12} />}
        </>
      }
      aside={
        problems.length > 0 && (
          <Tooltip label={t("plan.problems.next.about")}>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-keyshortcuts="N"
              onClick={() => void stepPlanProblem(1)}
            >
              {place >= 0 && `${place + 1}/${problems.length} · `}
              {t("plan.problems.next")}
            </Button>
          </Tooltip>
        )
      }
    >
      {error && <Alert color="orange">{sentence(error)}</Alert>}
      {data && problems.length === 0 && <Hint>{t(noneOf(plan))}</Hint>}
      {data && data.errors > 0 && data.warnings > 0 && (
        <Hint>{t("plan.problems.sum", { errors: data.errors, warnings: data.warnings })}</Hint>
      )}
      <List problems={problems} plan={plan} />
    </Card>
  );
}
