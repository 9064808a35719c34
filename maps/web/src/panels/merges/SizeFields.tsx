/** How small is too small, and how many units that are: told while the slider moves. */
import { NumberInput, RangeSlider, SegmentedControl } from "@mantine/core";
import { useEffect } from "react";
import type { MergeCounts, MergeUnit, SizeMeasure } from "../../api/merges";
import { useApp, useT } from "../../app/hooks";
import { setMerges } from "../../app/merges";
import { count } from "../../i18n/format";
import { Hint } from "../parts";
import { useDraft, useMergeCounts } from "./follow";
import {
  hasSizes,
  isByRules,
  rulesText,
  scopeOf,
  setMergeQuestion,
  setSizes,
  type Sizes,
  sliderEnd,
  useMergeQuestion,
} from "./question";
import { SizeBars } from "./SizeBars";
import { translateLoose } from "../../i18n/translate";

const MEASURES: readonly SizeMeasure[] = ["households", "residents"];
const STEP: Record<MergeUnit, number> = { grid: 5, natural_village: 1, village: 10 };
const COUNTED = ["below", "within", "above", "empty"] as const;

function SizeSlider({ unit, sizes }: { unit: MergeUnit; sizes: Sizes }) {
  const t = useT();
  const end = sliderEnd(unit, sizes.measure);
  const low = Math.min(sizes.minimum ?? 0, end);
  const high = Math.min(sizes.maximum ?? end, end);
  return (
    <RangeSlider
      size="sm"
      min={0}
      max={end}
      step={STEP[unit]}
      minRange={0}
      label={(value) => (value === end ? t("merges.none") : count(value))}
      thumbFromLabel={t("merges.slider.minimum")}
      thumbToLabel={t("merges.slider.maximum")}
      value={[low, high]}
      onChange={([from, to]) =>
        setSizes({
          // Only the side that moved: a number beyond the slider stays as it was written.
          ...(from === low ? {} : { minimum: Math.max(1, from) }),
          ...(to === high ? {} : { maximum: to === end ? null : to }),
        })
      }
    />
  );
}

function OwnSizes({ unit, sizes }: { unit: MergeUnit; sizes: Sizes }) {
  const t = useT();
  const field = (name: "minimum" | "target" | "maximum") => (
    <NumberInput
      label={t(`merges.${name}`)}
      placeholder={name === "minimum" ? "" : t("merges.none")}
      min={1}
      max={1_000_000}
      step={STEP[unit]}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={sizes[name] ?? ""}
      onChange={(value) =>
        setSizes({ [name]: typeof value === "number" && value >= 1 ? value : null })
      }
    />
  );
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("merges.measure")}
        value={sizes.measure}
        onChange={(measure) => setSizes({ measure })}
        data={MEASURES.map((value) => ({ value, label: t(`merges.measure.${value}`) }))}
      />
      <div className="question-three">
        {field("minimum")}
        {field("target")}
        {field("maximum")}
      </div>
      <SizeSlider unit={unit} sizes={sizes} />
    </>
  );
}

/** Tell the map which units are too small and too large, as long as the form is open. */
function useTried(counts: MergeCounts | undefined): void {
  const { unit } = useMergeQuestion();
  const scope = scopeOf(useMergeQuestion(), useDraft());
  useEffect(() => {
    setMerges({ tried: counts ? { unit, scope, ...counts.codes } : null });
  }, [counts, unit, scope]);
  useEffect(() => () => setMerges({ tried: null }), []);
}

/** Units below, within and above, and the histogram, for the sizes in the form. */
function Counts() {
  const t = useT();
  const language = useApp((state) => state.language);
  const question = useMergeQuestion();
  const isPossible = question.sizes[question.unit].minimum !== null || isByRules(question);
  const { data, isPlaceholderData, error } = useMergeCounts(question, isPossible);
  useTried(error || !isPossible ? undefined : data);
  if (!data || error) return <div className="size-counts-none" aria-busy={!error} />;
  const rules = Object.entries(data.rules);
  return (
    <section
      className="size-counts"
      aria-label={t("merges.counts")}
      aria-busy={isPlaceholderData}
      data-units={data.units}
    >
      {isByRules(question) && (
        <Hint>
          {t("merges.ofRules", {
            rules: rules
              .map(([area, one]) =>
                [translateLoose(language, `area.${area}`), rulesText(t, one)]
                  .filter(Boolean)
                  .join(" "),
              )
              .join(" · "),
          })}
        </Hint>
      )}
      <dl className="count-cells figures" aria-live="polite">
        {COUNTED.map((state) => (
          <div key={state} data-state={state}>
            <dt>{t(`merges.count.${state}`)}</dt>
            <dd>{count(data[state])}</dd>
          </div>
        ))}
      </dl>
      {data.unknown > 0 && (
        <Hint>
          {t("merges.count.unknown")} {count(data.unknown)}
        </Hint>
      )}
      <SizeBars
        measure={data.histogram.measure}
        edges={data.histogram.edges}
        counts={data.histogram.counts}
        rules={data.rules}
      />
    </section>
  );
}

export function SizeFields() {
  const t = useT();
  const question = useMergeQuestion();
  const { unit, byRules } = question;
  const sizes = question.sizes[unit];
  return (
    <fieldset className="size-fields">
      <legend className="field-label">{t("merges.sizes")}</legend>
      {unit === "grid" && (
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("merges.sizes")}
          value={byRules ? "rules" : "own"}
          onChange={(value) => setMergeQuestion({ byRules: value === "rules" })}
          data={[
            { value: "rules", label: t("merges.byRules") },
            { value: "own", label: t("merges.own") },
          ]}
        />
      )}
      {!isByRules(question) && <OwnSizes unit={unit} sizes={sizes} />}
      {!hasSizes(question) && <p className="service-error">{t("merges.disorder")}</p>}
      <Counts />
    </fieldset>
  );
}
