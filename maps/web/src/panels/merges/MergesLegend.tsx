/** What the colours of the suggestions mean, each layer to be switched off. */
import { ActionIcon, Checkbox } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { MergeRun } from "../../api/merges";
import { useT } from "../../app/hooks";
import { setMerges, showMerges, useMerges } from "../../app/merges";
import { ABOVE_BROWN, ACCEPTED_GREEN, MERGE_BLUE } from "../../map/mergeStyles";
import { GAP_ORANGE } from "../../map/styles";

const box = (properties: React.SVGProps<SVGRectElement>) => (
  <rect x="2" y="2" width="18" height="10" {...properties} />
);

const STATES = [
  { state: "merged", picture: box({ fill: "#bfd5fd", stroke: MERGE_BLUE, strokeWidth: 2 }) },
  { state: "applied", picture: box({ fill: "#b3c7bb", stroke: ACCEPTED_GREEN, strokeWidth: 2 }) },
  {
    state: "left",
    picture: (
      <g stroke={GAP_ORANGE}>
        {box({ fill: "#ffedd5", strokeDasharray: "3 2" })}
        <path d="M4 12 10 2M9 12 15 2M14 12 20 2" strokeWidth="1.2" />
      </g>
    ),
  },
  { state: "above", picture: box({ fill: "#cdb0a6", stroke: ABOVE_BROWN }) },
  { state: "locked", picture: box({ fill: "#c3cad3", stroke: "#475569", strokeDasharray: "3 2" }) },
] as const;

function toggle(layer: string): void {
  setMerges(({ hidden }) => ({
    hidden: hidden.includes(layer) ? hidden.filter((id) => id !== layer) : [...hidden, layer],
  }));
}

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
      {(["groups", "units"] as const).map((layer) => (
        <Checkbox
          key={layer}
          size="xs"
          checked={!hidden.includes(layer)}
          onChange={() => toggle(layer)}
          label={<span className="layer-name">{t(`merges.layer.${layer}`)}</span>}
        />
      ))}
      {!hidden.includes("units") && (
        <ul className="plain-list merge-states">
          {STATES.map(({ state, picture }) => (
            <li key={state} className="layer-name">
              <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
                {picture}
              </svg>
              {t(`merges.map.${state}`)}
            </li>
          ))}
        </ul>
      )}
      {isOpen && <p className="answer-hint">{t("merges.map.hint")}</p>}
    </section>
  );
}
