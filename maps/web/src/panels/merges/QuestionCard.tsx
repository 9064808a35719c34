/** The question: which units, how small is too small, what a group may be; folded once answered. */
import { SegmentedControl, Select, Switch } from "@mantine/core";
import { useState } from "react";
import { type MergeRun, type MergeUnit, UNITS } from "../../api/merges";
import { useApp, usePlan, useT, useWorkspace } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { showMerges } from "../../app/merges";
import type { LayerState } from "../../api/types";
import { Hint } from "../parts";
import { useStart } from "../service/follow";
import { useScopes } from "../service/names";
import { FoldedQuestion, QuestionForm } from "../service/QuestionParts";
import { loadedModes } from "../service/question";
import { decisionStore, NO_DECISIONS, useDecisions } from "./decisions";
import { useDraft } from "./follow";
import { LimitFields } from "./LimitFields";
import {
  hasSizes,
  mergeRequestOf,
  mergeText,
  scopeOf,
  setMergeQuestion,
  useMergeQuestion,
} from "./question";
import { RecentMerges } from "./RecentMerges";
import { SizeFields } from "./SizeFields";

const LAYER_OF: Record<MergeUnit, string> = {
  grid: "grids",
  natural_village: "natural_villages",
  village: "villages",
};

function ScopeFields() {
  const t = useT();
  const question = useMergeQuestion();
  const draft = useDraft();
  const { planName, scopeName } = usePlan(({ plan }) => ({
    planName: plan?.name ?? "",
    scopeName: plan?.scope_name ?? plan?.scope ?? "",
  }));
  const { townships } = useScopes();
  const isOfDraft = !question.scope && scopeOf(question, draft) !== null;
  return (
    <>
      <Select
        searchable
        label={t("question.scope")}
        nothingFoundMessage={t("question.scopeNone")}
        data={[
          {
            value: "",
            label: isOfDraft ? t("merges.draftScope", { name: scopeName }) : t("question.county"),
          },
          ...townships.map(({ code, name }) => ({ value: code, label: name })),
        ]}
        value={question.scope ?? ""}
        onChange={(scope) => setMergeQuestion({ scope: scope || null })}
      />
      {draft && (
        <Switch
          size="xs"
          label={t("question.draft")}
          description={t("question.draftHint", { name: planName })}
          checked={question.draft}
          onChange={(event) => setMergeQuestion({ draft: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

export function QuestionCard({ run }: { run: MergeRun | undefined }) {
  const t = useT();
  const workspace = useWorkspace();
  const reachable = useApp((state) => state.reachable);
  const question = useMergeQuestion();
  const decisions = useDecisions();
  const draft = useDraft();
  const { boxOf, nameOf } = useScopes();
  const answered = run?.state === "done";
  const [open, setOpen] = useState(false);
  const start = useStart();
  const isRunning = start.isPending || run?.state === "queued" || run?.state === "running";
  const layers = workspace?.layers as Partial<Record<string, LayerState>> | undefined;
  const isEmpty = layers !== undefined && !layers[LAYER_OF[question.unit]]?.count;
  const loaded = loadedModes(workspace);
  const canAsk = reachable && !isEmpty && hasSizes(question) && loaded.includes(question.mode);

  function ask(): void {
    start.mutate(mergeRequestOf(question, decisions, draft), { onSuccess: () => setOpen(false) });
    const scope = scopeOf(question, draft);
    const box = scope ? boxOf(scope) : null;
    if (box) theMap()?.fit(box, 12.5);
  }

  const recent = <RecentMerges nameOf={nameOf} />;
  if (answered && !open) {
    return (
      <FoldedQuestion
        text={mergeText(t, run.parameters, nameOf)}
        isOfDraft={run.plan !== null}
        recent={recent}
        onOpen={() => setOpen(true)}
        onClear={() => showMerges(null)}
      />
    );
  }
  return (
    <QuestionForm
      intro={t("merges.intro")}
      ask={t("merges.ask")}
      canAsk={canAsk}
      isRunning={isRunning}
      recent={recent}
      missing={isEmpty ? t("merges.noData") : null}
      error={start.error}
      onAsk={ask}
      onFold={answered ? () => setOpen(false) : null}
    >
      <div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("merges.unit")}
          value={question.unit}
          onChange={(unit) => {
            setMergeQuestion({ unit });
            // Decisions are about units of the other kind.
            decisionStore.setState({ ...NO_DECISIONS });
          }}
          data={UNITS.map((value) => ({ value, label: t(`merges.unit.${value}`) }))}
        />
        <Hint>{t(`merges.about.${question.unit}`)}</Hint>
      </div>
      <SizeFields />
      <LimitFields loaded={loaded} />
      <ScopeFields />
    </QuestionForm>
  );
}
