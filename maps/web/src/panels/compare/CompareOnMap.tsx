/** The comparison on the map: other lines, what is different, the slider, what the signs mean. */
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useComparison, useDifferenceMap, useOtherSide } from "../../app/compared";
import { toggleCompare, useCompare } from "../../app/comparison";
import { usePlan, useT, useWorkspace } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { createComparison, type MapComparison } from "../../map/compare";
import { CHANGE_KINDS } from "../../plan/changeKinds";
import { count } from "../../i18n/format";
import { KindSwatch } from "./KindSwatch";
import { Swipe } from "./Swipe";

function useMapComparison(): void {
  const held = useRef<MapComparison | null>(null);
  const { view, split } = useCompare((state) => ({ view: state.view, split: state.split }));
  const { lines } = useOtherSide();
  const version = useWorkspace()?.layers.grids.version ?? "";
  const shapes = useDifferenceMap();
  const difference = useComparison().data;
  useEffect(() => {
    const map = theMap();
    if (!map) return;
    const made = createComparison(map);
    held.current = made;
    return () => {
      held.current = null;
      made.dispose();
    };
  }, []);
  const { plan, revision, date } = lines;
  useEffect(() => {
    held.current?.show({ view, split, version, lines: { plan, revision, date } });
  }, [view, split, version, plan, revision, date]);
  useEffect(() => held.current?.showChanges(shapes, difference?.grids ?? []), [shapes, difference]);
  useEffect(() => held.current?.showMoved(difference?.households ?? []), [difference]);
}

function CompareLegend() {
  const t = useT();
  const totals = useComparison().data?.totals;
  const kinds = CHANGE_KINDS.filter((kind) => !totals || totals[kind] > 0);
  return (
    <section className="compare-legend" aria-label={t("compare.legend")}>
      <div className="legend-title">
        <strong>{t("compare.legend")}</strong>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          size="xs"
          aria-label={t("compare.close")}
          onClick={toggleCompare}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      <ul className="signs">
        {kinds.map((kind) => (
          <li key={kind} data-kind={kind}>
            <KindSwatch kind={kind} />
            {t(`compare.kind.${kind}`)} {totals && count(totals[kind])}
          </li>
        ))}
        <li>
          <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
            <path d="M1 7h20" stroke="#111827" strokeWidth="1.6" strokeDasharray="5 3" />
          </svg>
          {t("compare.oldLine")}
        </li>
        <li>
          <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
            <circle cx="11" cy="7" r="3.2" fill="#fff" stroke="#7a1f6b" strokeWidth="2" />
          </svg>
          {t("compare.moved")}
        </li>
      </ul>
    </section>
  );
}

export default function CompareOnMap() {
  const t = useT();
  const view = useCompare((state) => state.view);
  const name = usePlan((state) => state.plan?.name ?? "");
  const other = useOtherSide().plan;
  useMapComparison();
  if (view === "overlay") return <CompareLegend />;
  return <Swipe left={other?.name ?? t("compare.inForce")} right={name} />;
}
