/** Three distances side by side: what the straight line claims and roads or terrain do not bear out. */
import { UnstyledButton } from "@mantine/core";
import type { GapResult, VillageVerdict } from "../../api/service";
import { useApp, useT } from "../../app/hooks";
import { count, UNKNOWN } from "../../i18n/format";
import { LongList } from "../compare/LongList";
import { Card, Hint } from "../parts";
import { showUnit } from "./places";
import { MODES } from "./question";
import { shareText } from "./words";

/** Villages that only the straight line calls served, the most households first. */
export function claimedVillages(villages: readonly VillageVerdict[]): VillageVerdict[] {
  return villages
    .filter(({ straight_only }) => straight_only > 0)
    .sort(
      (a, b) =>
        b.straight_only - a.straight_only ||
        b.straight_only_residents - a.straight_only_residents ||
        (a.code < b.code ? -1 : 1),
    );
}

function Village({ village }: { village: VillageVerdict }) {
  const t = useT();
  const isSelected = useApp(
    ({ selection }) => selection?.kind === "divisions" && selection.id === village.code,
  );
  return (
    <UnstyledButton
      className="village-row"
      data-code={village.code}
      aria-current={isSelected}
      onClick={() => void showUnit("village", village.code)}
    >
      <span>{village.name || village.code}</span>
      <span className="figures">
        {t("modes.claimed", { n: count(village.straight_only), all: count(village.households) })}
      </span>
      <b className="verdict" data-verdict={village.verdict}>
        {t(`verdict.${village.verdict}`)}
      </b>
    </UnstyledButton>
  );
}

export function ThreeDistances({ result }: { result: GapResult }) {
  const t = useT();
  const { modes, based_on: base, villages } = result.comparison;
  const claimed = claimedVillages(villages);
  const sum = (of: "straight_only" | "straight_only_residents") =>
    claimed.reduce((total, village) => total + village[of], 0);
  const isAlone = modes.length === 1 && modes[0]?.mode === "straight";
  return (
    <Card title={t("modes.title")}>
      <ul className="share-list mode-list">
        {MODES.map((mode) => {
          const found = modes.find((each) => each.mode === mode);
          return (
            <li key={mode} className="share" data-mode={mode} aria-current={mode === base}>
              <span>{t(`mode.${mode}`)}</span>
              <span className="share-bar" aria-hidden="true" data-empty={!found}>
                <span style={{ width: `${(found?.share ?? 0) * 100}%` }} />
              </span>
              <span className="figures">{found ? shareText(t, found.share) : UNKNOWN}</span>
              <span className="figures mode-served">
                {found
                  ? t("unit.households", { n: count(found.served) })
                  : t(result.loaded.includes(mode) ? "modes.notCompared" : "modes.notLoaded")}
              </span>
            </li>
          );
        })}
      </ul>
      {isAlone ? (
        <Hint>{t("modes.straightAlone")}</Hint>
      ) : (
        <>
          <p className="headline">
            {claimed.length === 0
              ? t("modes.agree")
              : t("modes.onlyStraight", {
                  households: count(sum("straight_only")),
                  residents: count(sum("straight_only_residents")),
                  villages: count(claimed.length),
                })}
          </p>
          <Hint>{t("modes.basedOn", { mode: t(`mode.${base}`) })}</Hint>
          {claimed.length > 0 && (
            <div className="claimed">
              <LongList
                label={t("modes.villages")}
                count={claimed.length}
                rowHeight={28}
                row={(index) => <Village village={claimed[index] as VillageVerdict} />}
              />
            </div>
          )}
        </>
      )}
    </Card>
  );
}
