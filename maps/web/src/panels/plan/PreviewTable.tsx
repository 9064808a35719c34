/** Before → after for each grid that an edit changes, those that are gone, and the sum. */
import type { DraftGrid, DraftGridProperties } from "../../api/plans";
import { usePlan, useT } from "../../app/hooks";
import { count, squareKilometres } from "../../i18n/format";
import { colourOfChange, isRealChange, shortCode, type Sum, totals } from "../../plan/changes";
import { useTool } from "./options/useTool";

const FIGURES = [
  (sum: Sum) => count(sum.households),
  (sum: Sum) => count(sum.residents),
  (sum: Sum) => squareKilometres(sum.area_m2),
] as const;

/** Three figures, each with what it was where that differs. */
function Figures({ before, after }: { before: Sum | null; after: Sum }) {
  return FIGURES.map((figure, index) => {
    const now = figure(after);
    const was = before && figure(before);
    return (
      <td key={index}>
        {was !== null && was !== now && <span className="was">{was} → </span>}
        {now}
      </td>
    );
  });
}

function Changed({ grid, index, name }: { grid: DraftGrid; index: number; name: string }) {
  const t = useT();
  return (
    <tr data-code={grid.code}>
      <th scope="row" title={grid.name}>
        <i className="key-colour" style={{ background: colourOfChange(index) }} aria-hidden />
        {name} {!grid.before && <em className="new">{t("plan.new")}</em>}
      </th>
      <Figures before={grid.before} after={grid} />
    </tr>
  );
}

function Removed({ code, name }: { code: string; name: string }) {
  const t = useT();
  const known = useTool((state) => state.removed.find((grid) => grid.code === code));
  return (
    <tr data-code={code} className="removed">
      <th scope="row" title={known?.name}>
        <i className="key-colour" aria-hidden />
        <s>{name}</s> <em>{t("tool.previewing.gone")}</em>
      </th>
      {known ? <Figures before={null} after={known} /> : <td colSpan={3} />}
    </tr>
  );
}

function Total({ changed, gone }: { changed: DraftGrid[]; gone: readonly DraftGridProperties[] }) {
  const t = useT();
  const { before, after } = totals(changed, gone);
  return (
    <tr className="total">
      <th scope="row">{t("tool.previewing.total")}</th>
      <Figures before={before} after={after} />
    </tr>
  );
}

export function PreviewTable() {
  const t = useT();
  const preview = usePlan((state) => state.preview);
  const gone = useTool((state) => state.removed);
  if (!preview) return null;
  const { edit, answer } = preview;
  const changed = answer.changed.filter(isRealChange);
  const codes = [...changed.map((grid) => grid.code), ...answer.removed];
  // New codes, a name or a lock: no number changes, and a code given anew is no grid that is gone.
  if (codes.length === 0 || edit.type === "renumber")
    return <p className="note unchanged">{t("tool.previewing.same")}</p>;
  // The sum can only be told when what the gone grids had is known.
  const isWhole = gone.length === answer.removed.length;
  return (
    <table className="preview-table figures">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("table.households")}</th>
          <th scope="col">{t("table.residents")}</th>
          <th scope="col">km²</th>
        </tr>
      </thead>
      <tbody>
        {changed.map((grid, index) => (
          <Changed key={grid.code} grid={grid} index={index} name={shortCode(grid.code, codes)} />
        ))}
        {answer.removed.map((code) => (
          <Removed key={code} code={code} name={shortCode(code, codes)} />
        ))}
      </tbody>
      {codes.length > 1 && isWhole && (
        <tfoot>
          <Total changed={changed} gone={gone} />
        </tfoot>
      )}
    </table>
  );
}
