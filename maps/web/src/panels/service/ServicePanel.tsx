/** Who is left out, how far each center reaches, how much service there is: three questions. */
import { Skeleton, Tabs } from "@mantine/core";
import { useEffect } from "react";
import { ANALYSES, type AnalysisName } from "../../api/runs";
import { usePlan, useT, useWorkspace } from "../../app/hooks";
import { NO_FOCUS, serviceStore, setService, showRun, useService } from "../../app/service";
import { AccessResults } from "./AccessResults";
import { newestOf, useRecentRuns, useShownRun, useStart } from "./follow";
import { GapResults } from "./GapResults";
import { FIRST_QUESTION, questionOf, requestOf, setQuestion } from "./question";
import { WideTitle } from "./QuestionParts";
import { QuestionCard } from "./QuestionCard";
import { RadiusResults } from "./RadiusResults";
import { RunState } from "./RunState";

const RESULTS = {
  service_gaps: GapResults,
  service_radius: RadiusResults,
  accessibility: AccessResults,
};

/**
 * Whoever opens a tab sees the newest answer; the very first gaps are computed unasked. Returns
 * whether it is not known yet what will be shown.
 */
function useFirstLook(tab: AnalysisName): boolean {
  const workspace = useWorkspace();
  const plan = usePlan((state) => state.plan?.id ?? null);
  const { data: recent, isPending } = useRecentRuns(tab);
  const seen = useService((state) => state.runs[tab] !== undefined);
  const { mutate, isIdle } = useStart();
  const hasData = Boolean(workspace?.layers.centers.count && workspace.layers.households.count);
  useEffect(() => {
    if (seen || !recent) return;
    const newest = newestOf(recent, plan);
    if (newest) showRun(tab, newest.id);
    else if (tab === "service_gaps" && recent.length === 0 && hasData && isIdle) {
      mutate(requestOf(tab, FIRST_QUESTION, null));
    }
  }, [seen, recent, tab, plan, hasData, isIdle, mutate]);
  return !seen && (isPending || Boolean(recent && newestOf(recent, plan)));
}

/** The form says what the answer on show was asked. */
function useFilledIn(): void {
  const { run } = useShownRun();
  const id = run?.id;
  useEffect(() => {
    if (run) setQuestion(questionOf(run));
    // Once for each run; what the planner changes then is theirs.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
}

function ServiceTab({ tab }: { tab: AnalysisName }) {
  const isLooking = useFirstLook(tab);
  useFilledIn();
  const { id, run, error } = useShownRun();
  const Results = RESULTS[tab];
  // A question that is replaced by an answer under the planner's hand would be worse than a pause.
  if (isLooking || (id !== null && !run && !error)) return <Skeleton height={200} />;
  return (
    <>
      <QuestionCard key={run?.state === "done" ? run.id : "none"} tab={tab} run={run} />
      <RunState run={run} error={error} />
      {run?.state === "done" && <Results />}
    </>
  );
}

export default function ServicePanel() {
  const t = useT();
  const tab = useService((state) => state.tab);
  return (
    <div className="service-panel">
      <WideTitle>{t("rail.service")}</WideTitle>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => {
          if (value !== serviceStore.getState().tab) {
            setService({ tab: value as AnalysisName, ...NO_FOCUS });
          }
        }}
      >
        <Tabs.List grow aria-label={t("rail.service")}>
          {ANALYSES.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`analysis.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {ANALYSES.map((name) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            {name === tab && <ServiceTab tab={name} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
