/** What an edit would do, before it is made: each grid before → after; or why it is not possible. */
import { Alert, Button, Group, Loader } from "@mantine/core";
import type { DraftGrid, Indicators } from "../../api/plans";
import { useApp, usePlan, useSentence, useT } from "../../app/hooks";
import { count, squareKilometres } from "../../i18n/format";
import { colourOfChange, isRealChange } from "../../plan/changes";
import { apply, askFix, discard } from "../../plan/session";
import { ProblemSentence } from "../ProblemList";

function Change({ before, after }: { before: string | null; after: string }) {
  return (
    <>
      {before !== null && before !== after && <span className="was">{before} → </span>}
      {after}
    </>
  );
}

function Row({ grid, index }: { grid: DraftGrid; index: number }) {
  const t = useT();
  const { before } = grid;
  const old = (pick: (numbers: Indicators) => string) => (before ? pick(before) : null);
  return (
    <tr data-code={grid.code}>
      <th scope="row">
        <i className="key-colour" style={{ background: colourOfChange(index) }} aria-hidden />
        {grid.code.slice(-3)} {before ? "" : t("plan.new")}
      </th>
      <td>
        <Change before={old((n) => count(n.households))} after={count(grid.households)} />
      </td>
      <td>
        <Change before={old((n) => count(n.residents))} after={count(grid.residents)} />
      </td>
      <td>
        <Change
          before={old((n) => squareKilometres(n.area_m2))}
          after={squareKilometres(grid.area_m2)}
        />
      </td>
    </tr>
  );
}

function PreviewTable() {
  const t = useT();
  const preview = usePlan((state) => state.preview);
  if (!preview) return null;
  const { changed, removed, problems } = preview.answer;
  return (
    <>
      <table className="preview-table figures">
        <thead>
          <tr>
            <th />
            <th scope="col">{t("table.households")}</th>
            <th scope="col">{t("table.residents")}</th>
            <th scope="col">{t("plan.area")}</th>
          </tr>
        </thead>
        <tbody>
          {changed.filter(isRealChange).map((grid, index) => (
            <Row key={grid.code} grid={grid} index={index} />
          ))}
          {removed.map((code) => (
            <tr key={code} className="removed">
              <th scope="row">{code.slice(-3)}</th>
              <td colSpan={3}>{t("plan.removed")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.map((problem, index) => (
        <ProblemSentence key={index} problem={problem} />
      ))}
    </>
  );
}

export function PreviewCard() {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const { preview, refusal, asking, writing } = usePlan((state) => ({
    preview: state.preview,
    refusal: state.refusal,
    asking: state.asking,
    writing: state.writing,
  }));
  if (!preview && !refusal && !asking) return null;
  return (
    <section className="preview-card" aria-label={t("plan.preview")} aria-busy={asking || writing}>
      <strong>
        {preview ? t(`edit.${preview.edit.type}`) : t("plan.preview")}{" "}
        {(asking || writing) && <Loader size={13} />}
      </strong>
      <PreviewTable />
      {refusal && (
        <Alert color="orange" p="xs" role="alert">
          {sentence(refusal.error)}
        </Alert>
      )}
      <Group gap="xs" mt="xs">
        {preview && (
          <Button disabled={asking || writing || !reachable} onClick={() => void apply()}>
            {t("plan.apply")}
          </Button>
        )}
        {refusal?.fix && (
          <Button variant="light" onClick={() => void askFix()}>
            {t("plan.fix")}
          </Button>
        )}
        <Button variant="default" onClick={() => discard()}>
          {t("app.cancel")}
        </Button>
      </Group>
    </section>
  );
}
