/** What the colours of the suggestions mean, each layer to be switched off. */
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { MergeRun } from "../../api/merges";
import { useT } from "../../app/hooks";
import { showMerges, useMerges } from "../../app/merges";
import { LayerCheck, MergeSign } from "./MergeSign";

const STATES = ["merged", "applied", "left", "above", "locked"] as const;

export function MergesLegend({ run, isOpen }: { run: MergeRun; isOpen: boolean }) {
  const t = useT();
  const hidden = useMerges((state) => state.hidden);
  return (
    <section className="service-legend" aria-label={t("merges.legend")}>
      <div className="legend-title">
        <strong>
          {t("merges.title")} · {t(`merges.unit.${run.parameters.unit}`)}
        </strong>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          size="xs"
          aria-label={t("merges.legend.close")}
          onClick={() => showMerges(null)}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      <LayerCheck layer="groups">{t("merges.layer.groups")}</LayerCheck>
      <LayerCheck layer="units">{t("merges.layer.units")}</LayerCheck>
      {!hidden.includes("units") && (
        <ul className="plain-list merge-states">
          {STATES.map((state) => (
            <MergeSign key={state} state={state}>
              {t(`merges.map.${state}`)}
            </MergeSign>
          ))}
        </ul>
      )}
      {isOpen && <p className="answer-hint">{t("merges.map.hint")}</p>}
    </section>
  );
}
