/** The numbers of a gap run: coverage, ranked areas, shares by township. */
import { Anchor, Button, UnstyledButton } from "@mantine/core";
import type { GapArea, GapResult, GapShare } from "../api/analysis";
import { runReportUrl } from "../api/endpoints";
import { useApp, useT } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { set } from "../app/state";
import { count, length, percent } from "../i18n/format";
import { Card, Fact, Facts, Hint } from "./parts";

const SHOWN = 200;

function AreaButton({ area }: { area: GapArea }) {
  const t = useT();
  const current = useApp((state) => state.gapRank === area.rank);
  const villages = area.villages.map((village) => village.name || village.code).join("、");
  return (
    <li>
      <UnstyledButton
        className="area-button"
        data-current={current}
        aria-current={current}
        onClick={() => {
          set({ gapRank: area.rank });
          theMap()?.fit(area.bbox, 14.5);
        }}
      >
        <span className="rank figures">{area.rank}</span>
        <span className="area-text">
          <span className="area-people figures">
            <strong>{t("gaps.areaTitle", { n: count(area.households) })}</strong>
            <span>{t("unit.residents", { n: count(area.residents) })}</span>
          </span>
          <span>{villages}</span>
          <span>
            {t("gaps.areaCenter", {
              name: area.nearest_center?.name || area.nearest_center?.code || "—",
              distance: length(area.farthest_household_m),
            })}
          </span>
        </span>
      </UnstyledButton>
    </li>
  );
}

function ShareRow({ share }: { share: GapShare }) {
  const t = useT();
  const values = { name: share.name, served: count(share.served), total: count(share.households) };
  return (
    <li className="share" title={t("gaps.shareOf", values)}>
      <span>{share.name || share.code}</span>
      <span className="share-bar" aria-hidden="true">
        <span style={{ width: `${(share.share ?? 0) * 100}%` }} />
      </span>
      <span className="figures">{t("unit.share", { n: percent(share.share) })}</span>
    </li>
  );
}

export function GapResults({ id, result }: { id: string; result: GapResult }) {
  const t = useT();
  const townships = [...result.shares.township].sort((a, b) => (a.share ?? 2) - (b.share ?? 2));
  return (
    <>
      <Card>
        <div className="coverage">
          <strong className="figures">{t("unit.share", { n: percent(result.share) })}</strong>
          <span>{t("gaps.share")}</span>
        </div>
        <Facts>
          <Fact name={t("gaps.served")}>
            {count(result.served)} / {t("unit.households", { n: count(result.households) })}
          </Fact>
          <Fact name={t("gaps.unserved")}>{count(result.unserved_households)}</Fact>
          <Fact name={t("gaps.unservedResidents")}>{count(result.unserved_residents)}</Fact>
          <Fact name={t("gaps.unservedElderly")}>{count(result.unserved_elderly)}</Fact>
        </Facts>
        <div className="rule-line">
          <Anchor size="xs" href={runReportUrl(id)} target="_blank">
            {t("gaps.report")}
          </Anchor>
          <Button
            variant="subtle"
            color="gray.7"
            size="compact-xs"
            onClick={() => set({ gapRun: null, gapRank: null })}
          >
            {t("gaps.clear")}
          </Button>
        </div>
      </Card>
      <Card
        title={t("gaps.areas")}
        aside={<span className="figures">{count(result.areas.length)}</span>}
      >
        {result.areas.length === 0 && <Hint>{t("gaps.none")}</Hint>}
        <ol className="area-list">
          {result.areas.slice(0, SHOWN).map((area) => (
            <AreaButton key={area.rank} area={area} />
          ))}
        </ol>
        {result.areas.length > SHOWN && (
          <Hint>{t("gaps.more", { n: count(result.areas.length), shown: SHOWN })}</Hint>
        )}
      </Card>
      <Card title={t("gaps.shares")}>
        <ul className="share-list">
          {townships.map((share) => (
            <ShareRow key={share.code} share={share} />
          ))}
        </ul>
      </Card>
    </>
  );
}
