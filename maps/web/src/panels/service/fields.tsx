/** What only one of the analyses asks, and whether it is about the open draft. */
import { Select, Slider, Switch } from "@mantine/core";
import type { Method, Supply } from "../../api/runs";
import { usePlan, useT } from "../../app/hooks";
import { METHODS, setQuestion, SUPPLIES, useQuestion } from "./question";

const MARKS = [80, 90, 95, 100];

export function RadiusFields() {
  const t = useT();
  const { share, capacity } = useQuestion();
  return (
    <>
      <div className="share-field">
        <div className="field-label" id="question-share">
          {t("radius.shareField", { n: Math.round(share * 100) })}
        </div>
        <Slider
          size="sm"
          min={80}
          max={100}
          step={1}
          label={null}
          thumbLabel={t("radius.shareField", { n: Math.round(share * 100) })}
          marks={MARKS.map((value) => ({ value, label: `${value}%` }))}
          value={Math.round(share * 100)}
          onChange={(value) => setQuestion({ share: value / 100 })}
        />
      </div>
      <Switch
        size="xs"
        label={t("radius.capacityField")}
        description={t("radius.capacityHint")}
        checked={capacity}
        // Capacities are registered in households.
        onChange={({ currentTarget: { checked } }) =>
          setQuestion({ capacity: checked, ...(checked ? { weight: "households" } : {}) })
        }
      />
    </>
  );
}

export function AccessFields() {
  const t = useT();
  const { method, supply } = useQuestion();
  return (
    <div className="question-pair">
      <Select
        label={t("access.methodField")}
        description={t(`access.methodHint.${method}`)}
        inputWrapperOrder={["label", "input", "description"]}
        data={METHODS.map((value) => ({ value, label: t(`access.method.${value}`) }))}
        value={method}
        onChange={(value) => setQuestion({ method: value as Method })}
      />
      <Select
        label={t("access.supplyField")}
        data={SUPPLIES.map((value) => ({ value, label: t(`access.supply.${value}`) }))}
        value={supply}
        onChange={(value) => setQuestion({ supply: value as Supply })}
      />
    </div>
  );
}

export function DraftField() {
  const t = useT();
  const name = usePlan((state) => state.plan?.name ?? "");
  const { draft } = useQuestion();
  return (
    <Switch
      size="xs"
      label={t("question.draft")}
      description={t("question.draftHint", { name })}
      checked={draft}
      onChange={(event) => setQuestion({ draft: event.currentTarget.checked })}
    />
  );
}
