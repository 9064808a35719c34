/** What the draft amounts to, before → after: grids, the rule, sizes, households that move. */
import { Button, Skeleton } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";
import type { ScopeNumbers } from "../../api/plans";
import { toggleCompare, useCompare } from "../../app/comparison";
import { usePlan, useT, useWorkspace } from "../../app/hooks";
import { useDifference, usePlanSummary } from "../../app/planNumbers";
import { count, percent, UNKNOWN } from "../../i18n/format";
import { Histogram } from "../Histogram";
import { Card, Fact, Facts, Hint } from "../parts";
import { ruleCaption } from "../sizeRules";

/** "9–214" households; "—" where no grid has a number. */
const range = ({ smallest, largest }: ScopeNumbers) =>
  smallest === null ? UNKNOWN : `${count(smallest)}–${count(largest)}`;

function Moved({ before, after }: { before: string; after: string }) {
  if (before === after) return <>{after}</>;
  return (
    <>
      <span className="was">{before} →</span> {after}
    </>
  );
}

function Households() {
  const t = useT();
  const { data, error, isFetching } = useDifference();
  const moved = data?.totals.households_moved;
  return (
    <Fact name={t("numbers.moved")}>
      <span data-waiting={isFetching} className="refreshed">
        {error || moved === undefined ? UNKNOWN : t("unit.households", { n: count(moved) })}
      </span>
    </Fact>
  );
}

export function NumbersCard() {
  const t = useT();
  const profile = useWorkspace()?.profile;
  const isOpen = usePlan((state) => state.plan !== null);
  const comparing = useCompare((state) => state.on);
  const { data } = usePlanSummary();
  if (!isOpen) return null;
  return (
    <Card title={t("numbers.title")}>
      {data ? (
        <>
          <Facts>
            <Fact name={t("layers.summary.grids")}>
              <Moved before={count(data.before.grids)} after={count(data.after.grids)} />
            </Fact>
            <Fact name={t("layers.summary.within")}>
              <Moved before={share(t, data.before)} after={share(t, data.after)} />
            </Fact>
            <Fact name={t("numbers.range")}>
              <Moved before={range(data.before)} after={range(data.after)} />
            </Fact>
            <Households />
          </Facts>
          <Histogram
            values={data.after.sizes}
            before={data.before.sizes}
            minimum={data.rule?.minimum ?? null}
            maximum={data.rule?.maximum ?? null}
            label={ruleCaption(t, profile, data.rule)}
          />
          <Hint>{t("numbers.before")}</Hint>
        </>
      ) : (
        <Skeleton height={180} />
      )}
      <Button
        fullWidth
        mt="xs"
        variant={comparing ? "filled" : "light"}
        leftSection={<IconArrowsDiff size={16} aria-hidden />}
        aria-pressed={comparing}
        aria-keyshortcuts="D"
        onClick={() => toggleCompare()}
      >
        {t("compare.open")} <kbd className="button-key">D</kbd>
      </Button>
    </Card>
  );
}

function share(t: ReturnType<typeof useT>, { rated, within }: ScopeNumbers): string {
  return rated === 0 ? UNKNOWN : t("unit.share", { n: percent(within / rated) });
}
