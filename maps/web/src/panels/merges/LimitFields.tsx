/** How large and how long a group may be, what parts it, and what is aimed at. */
import { NumberInput, SegmentedControl, Switch } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import type { Objective } from "../../api/merges";
import type { Means, Mode } from "../../api/runs";
import { useT } from "../../app/hooks";
import { MODES } from "../service/question";
import { setMergeQuestion, useMergeQuestion } from "./question";

const OBJECTIVES: readonly Objective[] = ["least_change", "most_groups"];

function SpanFields({ loaded }: { loaded: readonly Mode[] }) {
  const t = useT();
  const { span, unitOfSpan, mode, means } = useMergeQuestion();
  return (
    <>
      <div className="span-field">
        <NumberInput
          label={t("merges.span")}
          placeholder={t("merges.none")}
          min={1}
          max={1_000_000}
          hideControls
          allowNegative={false}
          value={span ?? ""}
          onChange={(value) =>
            setMergeQuestion({ span: typeof value === "number" && value > 0 ? value : null })
          }
        />
        <SegmentedControl
          size="xs"
          aria-label={t("merges.spanUnit")}
          value={unitOfSpan}
          onChange={(value) => setMergeQuestion({ unitOfSpan: value })}
          data={[
            { value: "m", label: t("measure.distance") },
            { value: "min", label: t("measure.time") },
          ]}
        />
      </div>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("question.mode")}
        value={mode}
        onChange={(value) => setMergeQuestion({ mode: value })}
        data={MODES.map((value) => ({
          value,
          label: t(`mode.${value}`),
          disabled: !loaded.includes(value),
        }))}
      />
      {mode === "road" && (
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("question.means")}
          value={means}
          onChange={(value) => setMergeQuestion({ means: value })}
          data={(["walk", "drive"] as Means[]).map((value) => ({
            value,
            label: t(`means.${value}`),
          }))}
        />
      )}
    </>
  );
}

export function LimitFields({ loaded }: { loaded: readonly Mode[] }) {
  const t = useT();
  const { unit, maxUnits, border, barriers, objective, within } = useMergeQuestion();
  return (
    <details className="limit-fields">
      <summary>
        <IconChevronRight size={14} aria-hidden /> {t("merges.limits")}
      </summary>
      <div className="question-form">
        <div className="question-pair">
          <NumberInput
            label={t("merges.maxUnits")}
            min={2}
            max={12}
            clampBehavior="strict"
            allowDecimal={false}
            value={maxUnits}
            onChange={(value) =>
              typeof value === "number" && value >= 2 && setMergeQuestion({ maxUnits: value })
            }
          />
          <NumberInput
            label={t("merges.border")}
            min={0.1}
            max={100_000}
            hideControls
            allowNegative={false}
            value={border}
            onChange={(value) =>
              typeof value === "number" && value > 0 && setMergeQuestion({ border: value })
            }
          />
        </div>
        <SpanFields loaded={loaded} />
        {unit === "village" && (
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t("merges.within")}
            value={within}
            onChange={(value) => setMergeQuestion({ within: value })}
            data={(["township", "county"] as const).map((value) => ({
              value,
              label: t(`merges.within.${value}`),
            }))}
          />
        )}
        <Switch
          size="xs"
          label={t("merges.barriers")}
          description={t("merges.barriersHint")}
          checked={barriers}
          onChange={(event) => setMergeQuestion({ barriers: event.currentTarget.checked })}
        />
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("merges.objective")}
          value={objective}
          onChange={(value) => setMergeQuestion({ objective: value })}
          data={OBJECTIVES.map((value) => ({ value, label: t(`merges.objective.${value}`) }))}
        />
      </div>
    </details>
  );
}
