/** What stands above and below the map on paper; hidden on the screen. */
import type { Workspace } from "../api/types";
import { day } from "../i18n/format";
import { titleOf, useApp, usePlan, useT } from "./hooks";
import { useMapMark } from "./MapCorner";

export function PrintHead({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const { language, sheet } = useApp((state) => ({
    language: state.language,
    sheet: state.sheet,
  }));
  const county = titleOf(workspace, language);
  return (
    <div className="print-head">
      <h1>{sheet.heading ?? t("print.headingDefault", { county })}</h1>
      {workspace.synthetic && (
        <p>
          <strong>{t("app.synthetic")}</strong> {t("app.syntheticHint")}
        </p>
      )}
    </div>
  );
}

export function PrintFoot({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const mark = useMapMark(workspace);
  const { note, date } = useApp((state) => ({ note: state.sheet.note, date: state.lines.date }));
  const plan = usePlan((state) => state.plan);
  const of = plan
    ? t("print.plan", { name: plan.name, state: t(`plan.state.${plan.state}`) })
    : date && t("time.old", { date });
  return (
    <div className="print-foot">
      <span>{mark}</span>
      {note && <span>{note}</span>}
      {of && <strong>{of}</strong>}
      <span>{t("print.date", { date: day(new Date()) })}</span>
      <span>{t("print.data", { version: workspace.layers.grids.version })}</span>
    </div>
  );
}
