/** The latest questions of this kind: an answer that is there is there at once. */
import { Button, Popover, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { AnalysisName, Run } from "../../api/runs";
import { usePlan, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { showRun, shownRun, useService } from "../../app/service";
import { moment } from "../../i18n/format";
import { useRecentRuns } from "./follow";
import { questionText } from "./question";

interface RecentRunsProps {
  tab: AnalysisName;
  nameOf: (code: string) => string;
}

export function RecentRuns({ tab, nameOf }: RecentRunsProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const runs = useRecentRuns(tab).data ?? [];
  const shown = useService(shownRun);
  const plan = usePlan((state) => state.plan?.id ?? null);
  if (runs.length === 0) return null;

  function pick(run: Run): void {
    queries.setQueryData(["run", run.id], run);
    showRun(tab, run.id);
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
                <span>{questionText(t, run.parameters, nameOf)}</span>
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
