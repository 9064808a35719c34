/** Which units are too small and too large for the sizes in the form, before anything is asked. */
import { useT } from "../../app/hooks";
import { count } from "../../i18n/format";
import type { Tried } from "../../map/mergeStyles";
import { LayerCheck, MergeSign } from "./MergeSign";

export function TriedLegend({ tried: { unit, below, above } }: { tried: Tried }) {
  const t = useT();
  return (
    <section className="service-legend tried-legend" aria-label={t("merges.tried.legend")}>
      <div className="legend-title">
        <strong>
          {t("merges.tried")} · {t(`merges.unit.${unit}`)}
        </strong>
      </div>
      <LayerCheck layer="tried">{t("merges.layer.tried")}</LayerCheck>
      <ul className="plain-list merge-states">
        <MergeSign state="left">{t("merges.tried.below", { n: count(below.length) })}</MergeSign>
        <MergeSign state="above">{t("merges.tried.above", { n: count(above.length) })}</MergeSign>
      </ul>
      <p className="answer-hint">{t("merges.tried.hint")}</p>
    </section>
  );
}
