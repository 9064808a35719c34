/** What the listed grids add up to. */
import { useT } from "../../app/hooks";
import { count } from "../../i18n/format";
import type { GridList } from "./gridList";

export function Totals({ list: { total, totals } }: { list: GridList }) {
  const t = useT();
  return (
    <div className="totals figures" role="status">
      <strong>{t("table.totals", { n: count(total) })}</strong>
      <span>{t("table.totalHouseholds", { n: count(totals.households) })}</span>
      <span className="totals-residents">
        {t("table.totalResidents", { n: count(totals.residents) })}
      </span>
      {(["within", "below", "above", "empty"] as const).map((status) =>
        totals[status] > 0 ? (
          <span key={status} className="totals-part" data-status={status}>
            {t(`table.${status}`, { n: count(totals[status]) })}
          </span>
        ) : null,
      )}
    </div>
  );
}
