/** The gaps by rank, linked with the map, and what it would take to close the one in focus. */
import { UnstyledButton } from "@mantine/core";
import type { GapArea, GapResult, Unit } from "../../api/service";
import { useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { setService, useService } from "../../app/service";
import { count, squareKilometres } from "../../i18n/format";
import { LongList } from "../compare/LongList";
import { Card, Fact, Facts, Hint } from "../parts";
import { showGap } from "./places";
import { costText, peopleText } from "./words";

const ROW_HEIGHT = 64;

const villagesOf = (area: GapArea) =>
  area.villages.map((village) => village.name || village.code).join("、");

function AreaButton({ area, unit }: { area: GapArea; unit: Unit }) {
  const t = useT();
  const current = useService((state) => state.rank === area.rank);
  const center = area.nearest_center?.name || area.nearest_center?.code;
  return (
    <UnstyledButton
      className="area-button"
      data-rank={area.rank}
      data-current={current}
      aria-current={current}
      onClick={() => showGap(area)}
    >
      <span className="rank figures">{area.rank}</span>
      <span className="area-text">
        <span className="area-people figures">
          <strong>{t("unit.households", { n: count(area.households) })}</strong>
          <span>
            {t("gaps.people", {
              residents: count(area.residents),
              elderly: count(area.elderly),
            })}
          </span>
        </span>
        <span>{villagesOf(area)}</span>
        <span className="figures">
          {center
            ? t("gaps.areaCenter", {
                name: center,
                near: costText(t, area.nearest_cost, unit),
                far: costText(t, area.farthest_cost, unit),
              })
            : t("gaps.noWay")}
        </span>
      </span>
    </UnstyledButton>
  );
}

function AreaDetail({ area, result }: { area: GapArea; result: GapResult }) {
  const t = useT();
  const { unit, weight } = result;
  const { site } = area;
  return (
    <section className="area-detail" aria-label={t("gaps.detail", { n: area.rank })}>
      <h4>{t("gaps.detail", { n: area.rank })}</h4>
      <Facts>
        <Fact name={t("gaps.villages")} long>
          {villagesOf(area) || "—"}
        </Fact>
        <Fact name={t("gaps.elderly")}>{count(area.elderly)}</Fact>
        <Fact name={t("gaps.children")}>{count(area.children)}</Fact>
        <Fact name={t("inspector.area")}>
          {t("unit.km2", { n: squareKilometres(area.area_m2) })}
        </Fact>
        <Fact name={t("gaps.nearest")} long>
          {area.nearest_center?.name || area.nearest_center?.code || "—"}
        </Fact>
        <Fact name={t("gaps.mean")}>{costText(t, area.mean_cost, unit)}</Fact>
        <Fact name={t("gaps.farthest")}>{costText(t, area.farthest_cost, unit)}</Fact>
        {area.without_way > 0 && (
          <Fact name={t("gaps.withoutWay")}>
            {t("unit.households", { n: count(area.without_way) })}
          </Fact>
        )}
      </Facts>
      <h4>{t("gaps.take")}</h4>
      <Facts>
        <Fact name={t("gaps.extension90")}>
          {area.extension_90 === null
            ? t("gaps.noExtension")
            : t("gaps.longer", { n: costText(t, area.extension_90, unit) })}
        </Fact>
        <Fact name={t("gaps.extensionAll")}>
          {area.extension_all === null
            ? t("gaps.noExtension")
            : t("gaps.longer", { n: costText(t, area.extension_all, unit) })}
        </Fact>
        {site && (
          <Fact name={t("gaps.site")}>
            <button
              type="button"
              className="link"
              onClick={() => theMap()?.panTo(site.point, 13.5)}
            >
              {t("gaps.siteServes", { n: peopleText(t, site.people, weight) })}
            </button>
          </Fact>
        )}
      </Facts>
      {site && <Hint>{t("gaps.siteHint")}</Hint>}
      <button type="button" className="link" onClick={() => setService({ rank: null })}>
        {t("gaps.unfocus")}
      </button>
    </section>
  );
}

export function GapList({ result }: { result: GapResult }) {
  const t = useT();
  const rank = useService((state) => state.rank);
  const { areas, unit } = result;
  const at = areas.findIndex((area) => area.rank === rank);
  const current = areas[at];
  return (
    <Card title={t("gaps.areas")} aside={<span className="figures">{count(areas.length)}</span>}>
      {areas.length === 0 ? (
        <Hint>{t("gaps.none")}</Hint>
      ) : (
        <LongList
          label={t("gaps.areas")}
          count={areas.length}
          rowHeight={ROW_HEIGHT}
          at={at < 0 ? null : at}
          row={(index) => <AreaButton area={areas[index] as GapArea} unit={unit} />}
        />
      )}
      {current && <AreaDetail area={current} result={result} />}
    </Card>
  );
}
