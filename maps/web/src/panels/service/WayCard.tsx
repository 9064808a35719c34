/** From the place clicked to its center: how far by the way of the answer, and by straight line. */
import { ActionIcon, Loader } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useSentence, useT } from "../../app/hooks";
import { setService } from "../../app/service";
import { coordinates, length } from "../../i18n/format";
import { Fact, Facts } from "../parts";
import { useResult, useShownRun, useWay } from "./follow";
import { modeText, standardsText } from "./question";
import { costText } from "./words";

export function WayCard() {
  const t = useT();
  const sentence = useSentence();
  const { run } = useShownRun();
  const { place, center: chosen, data: way, error } = useWay();
  const standards = useResult().data?.standards;
  const known = Object.keys(standards ?? {});
  if (!place || !run) return null;
  const center = way?.center?.name || way?.center?.code;
  return (
    <section className="way-card" aria-label={t("way.title")}>
      <div className="legend-title">
        <strong>{t("way.title")}</strong>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          size="xs"
          aria-label={t("way.close")}
          onClick={() => setService({ place: null })}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      {error ? (
        <p role="alert">{sentence(error)}</p>
      ) : !way ? (
        <Loader size="xs" />
      ) : (
        <div role="status">
          <Facts>
            {way.state !== "reached" && (
              <Fact name={t("way.state")}>
                <span className="way-state">{t(`state.${way.state}`)}</span>
              </Fact>
            )}
            {center && (
              <Fact name={t(chosen ? "way.chosen" : "way.center")} long>
                {center}
              </Fact>
            )}
            {run.parameters.mode !== "straight" || way.unit === "min" ? (
              <Fact name={modeText(t, run.parameters)}>{costText(t, way.cost, way.unit)}</Fact>
            ) : null}
            <Fact name={t("mode.straight")}>{length(way.straight_m)}</Fact>
            {known.length > 0 && (
              <Fact name={t("way.standard")} long>
                {standardsText(standards ?? {}, way.unit, t)}
              </Fact>
            )}
          </Facts>
          {run.parameters.capacity && !chosen && <p className="note">{t("way.capacity")}</p>}
          {way.state !== "reached" && <p className="note">{t(`state.about.${way.state}`)}</p>}
        </div>
      )}
      <p className="way-place figures">{coordinates(place)}</p>
    </section>
  );
}
