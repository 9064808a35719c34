/** The latest questions of this kind: an answer that is there is there at once. */
import { Button, Popover, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { AnalysisName, AnyRun } from "../../api/runs";
import { usePlan, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { showRun, shownRun, useService } from "../../app/service";
import { moment } from "../../i18n/format";
import { useRecentRuns } from "./follow";
import { questionText } from "./question";

interface RunListProps<R extends AnyRun> {
  runs: readonly R[];
  shown: string | null;
  textOf: (run: R) => string;
  onPick: (run: R) => void;
}

/** The latest runs behind a button, each with what it was asked. */
export function RunList<R extends AnyRun>({ runs, shown, textOf, onPick }: RunListProps<R>) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const plan = usePlan((state) => state.plan?.id ?? null);
  if (runs.length === 0) return null;

  function pick(run: R): void {
    queries.setQueryData(["run", run.id], run);
    onPick(run);
    setOpen(false);
  }

  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={340}
      position="bottom-start"
      shadow="md"
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="subtle"
          c="gray.8"
          size="compact-xs"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t("run.recent", { n: runs.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={t("run.recentTitle")}>
        <ul className="run-list">
          {runs.map((run) => (
            <li key={run.id}>
              <UnstyledButton
                className="run-row"
                data-run={run.id}
                data-state={run.state}
                aria-current={run.id === shown}
                onClick={() => pick(run)}
              >
                <span>{textOf(run)}</span>
                <span className="run-when figures">
                  {moment(run.created_at)}
                  {run.plan !== null && (
                    <em>{t(run.plan === plan ? "question.draft" : "run.otherDraft")}</em>
                  )}
                  <b data-state={run.stale ? "stale" : run.state}>
                    {run.stale ? t("run.isStale") : t(`run.state.${run.state}`)}
                  </b>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

interface RecentRunsProps {
  tab: AnalysisName;
  nameOf: (code: string) => string;
}

export function RecentRuns({ tab, nameOf }: RecentRunsProps) {
  const t = useT();
  return (
    <RunList
      runs={useRecentRuns(tab).data ?? []}
      shown={useService(shownRun)}
      textOf={(run) => questionText(t, run.parameters, nameOf)}
      onPick={(run) => showRun(tab, run.id)}
    />
  );
}
