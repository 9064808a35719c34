/** What stands around the map on paper; hidden on the screen. */
import type { Workspace } from "../api/types";
import { day } from "../i18n/format";
import { titleOf, useApp, useT } from "./hooks";
import { useMapMark } from "./MapCorner";

export function PrintSheet({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const mark = useMapMark(workspace);
  const { language, sheet } = useApp((state) => ({
    language: state.language,
    sheet: state.sheet,
  }));
  const county = titleOf(workspace, language);
  return (
    <>
      <div className="print-head">
        <h1>{sheet.heading ?? t("print.headingDefault", { county })}</h1>
        {workspace.synthetic && (
          <p>
            <strong>{t("app.synthetic")}</strong> {t("app.syntheticHint")}
          </p>
        )}
      </div>
      <div className="print-foot">
        <span>{mark}</span>
        {sheet.note && <span>{sheet.note}</span>}
        <span>{t("print.date", { date: day(new Date()) })}</span>
        <span>
          {t("print.data", { version: workspace.layers.grids.version.replace(/^W\/|"/g, "") })}
        </span>
      </div>
    </>
  );
}
