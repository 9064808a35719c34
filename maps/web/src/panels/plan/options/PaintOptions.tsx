/** Painting natural villages: with what, from whom, and what it amounts to so far. */
import { Button, CloseButton, Group, SegmentedControl, Slider, Switch } from "@mantine/core";
import { useStore } from "zustand";
import { usePlan, useT } from "../../../app/hooks";
import { count } from "../../../i18n/format";
import {
  askPainted,
  LARGEST,
  paintStore,
  setPaint,
  SMALLEST,
  totalsOf,
} from "../../../plan/painting";
import { setPlan } from "../../../plan/store";
import { Fact, Facts, Hint } from "../../parts";

function Totals() {
  const t = useT();
  const { taker, painted } = useStore(paintStore);
  if (!taker) return <Hint>{t("paint.noTaker")}</Hint>;
  const more = totalsOf(painted);
  const change = (before: number | null, by: number) => {
    if (painted.length === 0) return count(before);
    const after = before === null ? null : before + by;
    return `${count(before)} → ${more.isRough ? t("paint.about") : ""}${count(after)}`;
  };
  return (
    <Facts>
      <Fact name={t("paint.to")}>
        {taker.code.slice(-3)} {taker.name}
      </Fact>
      <Fact name={t("paint.painted")}>{count(painted.length)}</Fact>
      <Fact name={t("table.households")}>{change(taker.households, more.households)}</Fact>
      <Fact name={t("table.residents")}>{change(taker.residents, more.residents)}</Fact>
    </Facts>
  );
}

function Sources() {
  const t = useT();
  const { picking, taker } = useStore(paintStore);
  const sources = usePlan((state) => state.sources);
  const put = (codes: readonly string[]) => {
    setPlan({ sources: codes });
    void askPainted();
  };
  return (
    <>
      <Button
        fullWidth
        size="compact-sm"
        variant={picking ? "filled" : "default"}
        aria-pressed={picking}
        disabled={!taker}
        onClick={() => setPaint({ picking: !picking })}
      >
        {picking ? t("paint.picked") : t("paint.only")}
      </Button>
      {sources.length > 0 && (
        <div className="sources">
          {t("paint.from")}
          {sources.map((code) => (
            <span key={code} className="source">
              {code.slice(-3)}
              <CloseButton
                size="xs"
                aria-label={t("paint.notFrom", { grid: code })}
                onClick={() => put(sources.filter((one) => one !== code))}
              />
            </span>
          ))}
        </div>
      )}
    </>
  );
}

export function PaintOptions() {
  const t = useT();
  const { how, radius, tidy } = useStore(paintStore);
  return (
    <>
      <Totals />
      <SegmentedControl
        fullWidth
        size="xs"
        my={6}
        aria-label={t("paint.how")}
        value={how}
        onChange={(value) => setPaint({ how: value === "lasso" ? "lasso" : "brush" })}
        data={[
          { value: "brush", label: t("paint.brush") },
          { value: "lasso", label: t("paint.lasso") },
        ]}
      />
      {how === "brush" && (
        <Group gap="xs" wrap="nowrap" mb={6}>
          <span className="slider-name">{t("paint.size")}</span>
          <Slider
            flex={1}
            size="sm"
            min={SMALLEST}
            max={LARGEST}
            value={radius}
            onChange={(value) => setPaint({ radius: value })}
            thumbLabel={t("paint.size")}
            label={null}
          />
        </Group>
      )}
      <Sources />
      <Switch
        size="xs"
        mt={8}
        checked={tidy}
        label={t("paint.tidy")}
        onChange={(event) => {
          setPaint({ tidy: event.currentTarget.checked });
          if (paintStore.getState().painted.length > 0) void askPainted();
        }}
      />
    </>
  );
}
