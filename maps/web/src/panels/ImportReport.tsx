/** What was found in a file, row by row, before anything is stored. */
import { Alert, Anchor, Badge, Button, Checkbox, Group, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { ImportReport } from "../api/analysis";
import { importProblemsUrl } from "../api/endpoints";
import { useApp, useSentence, useT } from "../app/hooks";
import { set } from "../app/state";
import { count } from "../i18n/format";
import { ColumnMapping } from "./ColumnMapping";
import { Hint } from "./parts";
import { ProblemSentence, zoomToProblem } from "./ProblemList";

const SHOWN = 200;

interface ImportReportProps {
  report: ImportReport;
  mapping: Record<string, string>;
  onMapping: (mapping: Record<string, string>) => void;
  /** The file stands for all there is in its area, so none of its rows may be missing. */
  replaces: boolean;
  /** Settings were changed after the check: what would be stored is not what is on the screen. */
  outdated: boolean;
  storing: boolean;
  storeError: unknown;
  onStore: (skipBadRows: boolean) => void;
  onDiscard: () => void;
}

function ProblemTable({ report }: { report: ImportReport }) {
  const t = useT();
  return (
    <>
      <ul className="import-problems" aria-label={t("import.problems")}>
        {report.problems.slice(0, SHOWN).map((problem, index) => (
          <li key={index}>
            <span className="row-number figures">
              {problem.row === null ? t("import.noRow") : t("import.row", { n: problem.row })}
            </span>
            <ProblemSentence problem={problem} />
            {problem.geometry && (
              <UnstyledButton
                className="link"
                onClick={() => {
                  set({ problemPlace: problem.geometry });
                  zoomToProblem(problem);
                }}
              >
                {t("import.show")}
              </UnstyledButton>
            )}
          </li>
        ))}
      </ul>
      {report.problems.length > SHOWN && <Hint>{t("import.truncated", { n: SHOWN })}</Hint>}
    </>
  );
}

function KeyCounts({ report }: { report: ImportReport }) {
  const language = useApp((state) => state.language);
  return (
    <ul className="key-counts">
      {report.by_key.map((line) => (
        <li key={line.key}>
          <Badge
            size="sm"
            variant="light"
            color={line.severity === "error" ? "red" : "yellow"}
            className="figures"
          >
            {count(line.count)}
          </Badge>
          <span>{language === "zh" ? line.message_zh : line.message}</span>
        </li>
      ))}
    </ul>
  );
}

export function ImportReportView(props: ImportReportProps) {
  const { report, replaces, outdated, storing, storeError, onStore, onDiscard } = props;
  const t = useT();
  const sentence = useSentence();
  const [skips, setSkips] = useState(false);
  const errors = report.counts.error ?? 0;
  const warnings = report.counts.warning ?? 0;
  // rows may also have been left out for good reasons, such as footpaths among roads
  const hasBadRows = errors > 0 && report.good_rows < report.rows;
  const canSkip = hasBadRows && report.good_rows > 0;
  const skip = skips && !replaces;
  const blocked = !report.can_commit && !skip;
  return (
    <div className="import-report">
      <Group gap="xs" role="status">
        {report.rows > 0 && (
          <strong className="figures">
            {t("import.rows", { good: count(report.good_rows), rows: count(report.rows) })}
          </strong>
        )}
        {errors > 0 && (
          <Badge color="red" variant="light" tt="none">
            {t("import.errors", { n: count(errors) })}
          </Badge>
        )}
        {warnings > 0 && (
          <Badge color="yellow" variant="light" tt="none">
            {t("import.warnings", { n: count(warnings) })}
          </Badge>
        )}
      </Group>
      {report.crs && (
        <Hint>
          {t("import.crs")}: {report.crs}
        </Hint>
      )}
      {report.dropped_columns.length > 0 && (
        <Alert color="blue" p="xs">
          {t("import.dropped", { columns: report.dropped_columns.join("、") })}
        </Alert>
      )}
      {report.columns.length > 0 && (
        <ColumnMapping report={report} mapping={props.mapping} onChange={props.onMapping} />
      )}
      {errors + warnings === 0 ? <Hint>{t("import.clean")}</Hint> : <KeyCounts report={report} />}
      {report.problems.length > 0 && (
        <>
          <div className="rule-line">
            <h4>{t("import.problems")}</h4>
            <Anchor size="xs" href={importProblemsUrl(report.id)} download>
              {t("import.download")}
            </Anchor>
          </div>
          <ProblemTable report={report} />
        </>
      )}
      {canSkip && (
        <Checkbox
          size="xs"
          label={t("import.skipBad")}
          description={replaces ? t("import.replaceNeedsAll") : undefined}
          disabled={replaces}
          checked={skip}
          onChange={(event) => setSkips(event.currentTarget.checked)}
        />
      )}
      {blocked && canSkip && !replaces && <Hint>{t("import.cannotCommit")}</Hint>}
      {outdated && <Hint>{t("import.outdated")}</Hint>}
      {storeError ? (
        <Alert color="orange" role="alert">
          {sentence(storeError)}
        </Alert>
      ) : null}
      <Group gap="xs">
        <Button
          loading={storing}
          disabled={blocked || outdated || report.good_rows === 0}
          onClick={() => onStore(skip)}
        >
          {t(skip ? "import.commitSkip" : "import.commit", { n: count(report.good_rows) })}
        </Button>
        <Button variant="default" onClick={onDiscard}>
          {t("import.discard")}
        </Button>
      </Group>
    </div>
  );
}
