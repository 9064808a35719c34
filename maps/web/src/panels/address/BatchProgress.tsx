/** How far a table of addresses is, its first answers, and the way home. */
import { Alert, Button, Progress, Table } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type AddressStatus, type Batch, batchFileUrl } from "../../api/addresses";
import { askAddress } from "../../app/address";
import { continueBatch, dropBatch, isDone, useBatch } from "../../app/batch";
import { useApp, useSentence, useT } from "../../app/hooks";
import { select } from "../../app/state";
import { count, spacedCode } from "../../i18n/format";
import { translateLoose } from "../../i18n/translate";
import { ProblemSentence } from "../ProblemList";
import { Card, Fact, Facts, Hint } from "../parts";

const STATUSES: readonly AddressStatus[] = ["ok", "ambiguous", "none"];

function Counts({ batch }: { batch: Batch }) {
  const t = useT();
  return (
    <Facts>
      {STATUSES.map((status) => (
        <Fact key={status} name={t(`address.batch.${status}`)}>
          <span data-count={status}>{count(batch.counts[status] ?? 0)}</span>
        </Fact>
      ))}
    </Facts>
  );
}

function Preview({ batch }: { batch: Batch }) {
  const t = useT();
  const language = useApp((state) => state.language);
  if (batch.preview.length === 0) return null;
  return (
    <>
      <h4>{t("address.batch.preview", { n: batch.preview.length })}</h4>
      <Table className="batch-preview" verticalSpacing={3} horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("lookup.address")}</Table.Th>
            <Table.Th>{t("address.batch.answer")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {batch.preview.map(({ address, status, level, grid_code: grid, ...why }, index) => (
            <Table.Tr key={index} data-status={status}>
              <Table.Td>
                <button type="button" className="link" onClick={() => askAddress(address)}>
                  {address || "—"}
                </button>
                {status !== "ok" && (
                  <p className="note">{language === "zh" ? why.reason_zh : why.reason}</p>
                )}
              </Table.Td>
              <Table.Td>
                {t(`lookup.status.${status}`)}
                {level && <> · {translateLoose(language, `lookup.level.${level}`) ?? level}</>}
                {grid && (
                  <button
                    type="button"
                    className="link figures"
                    onClick={() => select({ kind: "grids", id: grid })}
                  >
                    {spacedCode(grid)}
                  </button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function Home({ batch }: { batch: Batch }) {
  const t = useT();
  return (
    <div className="batch-home">
      {(["xlsx", "csv"] as const).map((format) => (
        <Button
          key={format}
          component="a"
          href={batchFileUrl(batch.id, format)}
          download
          size="compact-md"
          variant={format === "xlsx" ? "filled" : "light"}
          leftSection={<IconDownload size={15} aria-hidden />}
        >
          {t("address.batch.download", { format: format === "xlsx" ? "Excel" : "CSV" })}
        </Button>
      ))}
      <Button variant="default" size="compact-md" onClick={() => void dropBatch()}>
        {t("address.batch.forget")}
      </Button>
      <Hint>{t("address.batch.kept")}</Hint>
    </div>
  );
}

export function BatchProgress() {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const { batch, error } = useBatch((state) => ({ batch: state.batch, error: state.error }));
  const share = batch ? (batch.row_count ? (batch.done / batch.row_count) * 100 : 100) : 0;
  const done = batch !== null && isDone(batch);
  return (
    <Card title={t("address.batch.title")}>
      {batch && (
        <>
          <p className="batch-file">{batch.filename}</p>
          <Hint>{t("address.batch.ofColumn", { column: batch.column })}</Hint>
          <div className="run-line">
            <span role="status">
              {t(
                done
                  ? "address.batch.done"
                  : error
                    ? "address.batch.stopped"
                    : reachable
                      ? "address.batch.running"
                      : "address.batch.waiting",
              )}
            </span>
            <span className="figures" data-batch-done={done}>
              {t("address.batch.rows", { done: count(batch.done), rows: count(batch.row_count) })}
            </span>
          </div>
        </>
      )}
      <Progress value={share} aria-label={t("address.batch.progress")} mt={4} mb={8} />
      {error && (
        <Alert color="orange" role="alert" mb="xs">
          {sentence(error)}
        </Alert>
      )}
      {batch && <Counts batch={batch} />}
      {done && batch ? (
        <Home batch={batch} />
      ) : (
        <div className="batch-home">
          {error && (
            <Button size="compact-md" onClick={continueBatch}>
              {t("address.batch.continue")}
            </Button>
          )}
          <Button variant="default" size="compact-md" onClick={() => void dropBatch()}>
            {t("address.batch.cancel")}
          </Button>
          <Hint>{t("address.batch.goesOn")}</Hint>
        </div>
      )}
      {batch && batch.problems.length > 0 && (
        <>
          <h4>{t("address.batch.problems")}</h4>
          <ul className="import-problems batch-problems">
            {batch.problems.map((problem, index) => (
              <li key={index}>
                <span className="row-number">
                  {problem.row !== null && t("import.row", { n: count(problem.row) })}
                </span>
                <ProblemSentence problem={problem} />
              </li>
            ))}
          </ul>
        </>
      )}
      {batch && <Preview batch={batch} />}
    </Card>
  );
}
