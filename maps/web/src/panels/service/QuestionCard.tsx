/** The question: which centers, how people go, how far is too far; folded once it is answered. */
import { Select } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { AnalysisName, Run, Weight } from "../../api/runs";
import type { CenterLevel } from "../../api/types";
import { useApp, usePlan, useT, useWorkspace } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { showRun } from "../../app/service";
import { AccessFields, DraftField, RadiusFields } from "./fields";
import { useStart } from "./follow";
import { useScopes } from "./names";
import {
  hasStandard,
  LEVELS,
  loadedModes,
  questionText,
  requestOf,
  setQuestion,
  useQuestion,
  WEIGHTS,
} from "./question";
import { FoldedQuestion, QuestionForm } from "./QuestionParts";
import { RecentRuns } from "./RecentRuns";
import { StandardField } from "./StandardField";
import { WayFields } from "./WayFields";

const OWN_FIELDS: Partial<Record<AnalysisName, () => ReactNode>> = {
  service_radius: RadiusFields,
  accessibility: AccessFields,
};

export function QuestionCard({ tab, run }: { tab: AnalysisName; run: Run | undefined }) {
  const t = useT();
  const workspace = useWorkspace();
  const reachable = useApp((state) => state.reachable);
  const plan = usePlan((state) => state.plan?.id ?? null);
  const question = useQuestion();
  const { townships, nameOf, boxOf } = useScopes();
  const answered = run?.state === "done";
  const [open, setOpen] = useState(false);
  const start = useStart();
  const isRunning = start.isPending || run?.state === "queued" || run?.state === "running";
  const isEmpty =
    workspace && (!workspace.layers.centers.count || !workspace.layers.households.count);
  const isLoaded = loadedModes(workspace).includes(question.mode);
  const canAsk = reachable && !isEmpty && isLoaded && hasStandard(workspace?.profile, question);
  const Own = OWN_FIELDS[tab];

  function ask(): void {
    // The answer on show may be the answer to this very question: the form folds all the same.
    start.mutate(requestOf(tab, question, plan), { onSuccess: () => setOpen(false) });
    // Results of one township are small on the map of the county.
    const box = question.scope ? boxOf(question.scope) : null;
    if (box) theMap()?.fit(box, 12.5);
  }

  const recent = <RecentRuns tab={tab} nameOf={nameOf} />;
  if (answered && !open) {
    return (
      <FoldedQuestion
        text={questionText(t, run.parameters, nameOf)}
        isOfDraft={run.plan !== null}
        recent={recent}
        onOpen={() => setOpen(true)}
        onClear={() => showRun(tab, null)}
      />
    );
  }
  return (
    <QuestionForm
      intro={t(`intro.${tab}`)}
      ask={t(`ask.${tab}`)}
      canAsk={canAsk}
      isRunning={isRunning}
      recent={recent}
      missing={isEmpty ? t("question.noData") : null}
      error={start.error}
      onAsk={ask}
      onFold={answered ? () => setOpen(false) : null}
    >
      <WayFields loaded={loadedModes(workspace)} />
      <div className="question-pair">
        <Select
          label={t("question.level")}
          data={LEVELS.map((level) => ({
            value: level,
            label: t("question.levelUp", { level: t(`level.${level}`) }),
          }))}
          value={question.level}
          onChange={(level) => setQuestion({ level: level as CenterLevel })}
        />
        <Select
          label={t("question.weight")}
          data={WEIGHTS.map((value) => ({ value, label: t(`weight.${value}`) }))}
          value={question.weight}
          onChange={(weight) => setQuestion({ weight: weight as Weight })}
        />
      </div>
      <StandardField profile={workspace?.profile ?? null} />
      {Own && <Own />}
      <Select
        searchable
        label={t("question.scope")}
        nothingFoundMessage={t("question.scopeNone")}
        data={[
          { value: "", label: t("question.county") },
          ...townships.map(({ code, name }) => ({ value: code, label: name })),
        ]}
        value={question.scope ?? ""}
        onChange={(scope) => setQuestion({ scope: scope || null })}
      />
      {plan && <DraftField />}
    </QuestionForm>
  );
}
