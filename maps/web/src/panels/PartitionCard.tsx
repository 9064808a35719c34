/** Do the grids tile their villages: problems with a place, stepped through one by one. */
import { Alert, Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchPartitionProblems } from "../api/endpoints";
import { useApp, useSentence, useT } from "../app/hooks";
import { set, stepProblem } from "../app/state";
import { count } from "../i18n/format";
import { Card, Hint } from "./parts";
import { ProblemList, zoomToProblem } from "./ProblemList";

export function PartitionCard() {
  const t = useT();
  const sentence = useSentence();
  const { problems, index } = useApp((state) => ({
    problems: state.problems,
    index: state.problemIndex,
  }));
  const check = useMutation({
    mutationFn: () => fetchPartitionProblems(null),
    onSuccess: (report) => set({ problems: report.problems, problemIndex: null }),
  });
  useEffect(() => {
    const problem = index === null ? undefined : problems[index];
    if (!problem) return;
    set({ problemPlace: null });
    zoomToProblem(problem);
  }, [problems, index]);
  const report = check.data;
  return (
    <Card title={t("data.partition")}>
      <Hint>{t("data.partitionHint")}</Hint>
      <Button mt="xs" variant="light" loading={check.isPending} onClick={() => check.mutate()}>
        {t("data.partitionRun")}
      </Button>
      {check.error && <Alert color="orange">{sentence(check.error)}</Alert>}
      {report && (
        <p className="note" role="status">
          {report.problems.length === 0
            ? t("data.partitionNone", { n: count(report.checked_villages) })
            : t("data.partitionCount", {
                n: count(report.problems.length),
                villages: count(report.checked_villages),
              })}
        </p>
      )}
      {problems.length > 0 && (
        <>
          <Group gap="xs" mb={4}>
            <Button size="compact-xs" variant="default" onClick={() => stepProblem(-1)}>
              {t("data.previous")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => stepProblem(1)}>
              {t("data.next")}
            </Button>
            {index !== null && (
              <span className="figures">
                {t("data.position", { i: index + 1, n: problems.length })}
              </span>
            )}
          </Group>
          <ProblemList
            problems={problems}
            current={index}
            onPick={(_, picked) => set({ problemIndex: picked })}
          />
        </>
      )}
    </Card>
  );
}
