/** What the signs of the answer mean, each to be switched off. */
import { ActionIcon, Checkbox } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Run } from "../../api/runs";
import { useT } from "../../app/hooks";
import { showRun, toggleLayer, useService } from "../../app/service";
import type { AnswerLayer } from "../../map/service";
import { NO_WAY, REACH_GREEN } from "../../map/serviceStyles";
import { GAP_ORANGE } from "../../map/styles";
import { modeText } from "./question";

const LAYERS: Record<Run["analysis"], readonly AnswerLayer[]> = {
  service_gaps: ["areas", "unserved", "reach"],
  service_radius: ["service_areas", "overflow"],
  accessibility: [],
};

const PICTURES: Record<AnswerLayer, React.ReactNode> = {
  reach: (
    <rect
      x="2"
      y="2"
      width="18"
      height="10"
      fill="#f1f6f3"
      stroke={REACH_GREEN}
      strokeDasharray="2 2"
    />
  ),
  areas: (
    <g stroke={GAP_ORANGE}>
      <rect x="2" y="2" width="18" height="10" fill="#ffedd5" strokeDasharray="3 2" />
      <path d="M4 12 10 2M9 12 15 2M14 12 20 2" strokeWidth="1.2" />
    </g>
  ),
  unserved: (
    <g>
      <circle cx="4" cy="7" r="2.6" fill={GAP_ORANGE} />
      <path d="M8.6 7l2.4-2.8L13.4 7 11 9.8z" fill={NO_WAY} />
      <path d="M18.5 4.2l2.6 4.6h-5.2z" fill="#fff" stroke={NO_WAY} strokeWidth="1.2" />
    </g>
  ),
  service_areas: (
    <rect x="2" y="2" width="18" height="10" fill="#fff" stroke={REACH_GREEN} strokeWidth="1.2" />
  ),
  overflow: <rect x="8" y="4" width="6" height="6" fill={GAP_ORANGE} />,
};

export function ServiceLegend({ run, isOpen }: { run: Run; isOpen: boolean }) {
  const t = useT();
  const hidden = useService((state) => state.hidden);
  const listed = LAYERS[run.analysis].filter(
    (layer) => layer !== "overflow" || run.parameters.capacity,
  );
  return (
    <section className="service-legend" aria-label={t("answer.legend")}>
      <div className="legend-title">
        <strong>
          {t(`analysis.${run.analysis}`)} · {modeText(t, run.parameters)}
        </strong>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          size="xs"
          aria-label={t("answer.close")}
          onClick={() => showRun(run.analysis, null)}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      {listed.map((layer) => (
        <Checkbox
          key={layer}
          size="xs"
          checked={!hidden.includes(layer)}
          onChange={() => toggleLayer(layer)}
          label={
            <span className="layer-name">
              <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
                {PICTURES[layer]}
              </svg>
              {t(`answer.layer.${layer}`)}
            </span>
          }
        />
      ))}
      {isOpen && <p className="answer-hint">{t("way.hint")}</p>}
    </section>
  );
}
