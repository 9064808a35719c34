/** Which sparsely populated units to join, and why: asked, read, decided, taken into a draft. */
import { Skeleton } from "@mantine/core";
import { useEffect } from "react";
import { usePlan, useT } from "../../app/hooks";
import { mergesStore, showMerges } from "../../app/merges";
import { newestOf } from "../service/follow";
import { WideTitle } from "../service/QuestionParts";
import { RunState } from "../service/RunState";
import { decisionStore } from "./decisions";
import { useMergeRun, useRecentMerges } from "./follow";
import { MergeResults } from "./MergeResults";
import { decisionsOf, mergeQuestionOf, setMergeQuestion } from "./question";
import { QuestionCard } from "./QuestionCard";
import { useMerges } from "../../app/merges";

/** Whoever opens the panel sees the newest answer. Returns whether it is not known yet. */
function useFirstLook(): boolean {
  const plan = usePlan((state) => state.plan?.id ?? null);
  const { data: recent, isPending } = useRecentMerges();
  const seen = useMerges((state) => state.run !== undefined);
  useEffect(() => {
    if (mergesStore.getState().run !== undefined || !recent) return;
    showMerges(newestOf(recent, plan)?.id ?? null);
  }, [recent, plan, seen]);
  return !seen && (isPending || recent !== undefined);
}

/** The form and the decisions say what the answer on show was asked. */
function useFilledIn(): void {
  const { run } = useMergeRun();
  const id = run?.id;
  useEffect(() => {
    if (!run) return;
    setMergeQuestion((before) => mergeQuestionOf(run, before));
    decisionStore.setState(decisionsOf(run.parameters));
    // Once for each run; what the planner changes then is theirs.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
}

function Content() {
  const isLooking = useFirstLook();
  useFilledIn();
  const { id, run, error } = useMergeRun();
  if (isLooking || (id !== null && !run && !error)) return <Skeleton height={200} />;
  return (
    <>
      <QuestionCard key={run?.state === "done" ? run.id : "none"} run={run} />
      <RunState run={run} error={error} />
      {run?.state === "done" && <MergeResults run={run} />}
    </>
  );
}

export default function MergesPanel() {
  const t = useT();
  return (
    <div className="service-panel merges-panel">
      <WideTitle>{t("merges.title")}</WideTitle>
      <Content />
    </div>
  );
}
