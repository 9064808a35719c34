/** How far is too far: the rules' metres or minutes by area type, or one's own. */
import { NumberInput, SegmentedControl } from "@mantine/core";
import type { Profile } from "../../api/types";
import { useT } from "../../app/hooks";
import { Hint } from "../parts";
import { RuleSource } from "../RuleSource";
import {
  AREAS,
  ruleStandards,
  setQuestion,
  sourcesOf,
  standardsText,
  unitOf,
  useQuestion,
} from "./question";

export function StandardField({ profile }: { profile: Profile | null }) {
  const t = useT();
  const question = useQuestion();
  const { measure, standard, level, mode } = question;
  const isTime = measure === "time";
  const means = mode === "road" ? question.means : "walk";
  const rules = ruleStandards(profile, { level, measure, means });
  const hasRules = Object.keys(rules).length > 0;
  const silent = AREAS.filter((area) => rules[area] === undefined);
  return (
    <div>
      <div className="question-pair">
        <div>
          <div className="field-label" id="question-measure">
            {t("question.measure")}
          </div>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="question-measure"
            value={measure}
            // Metres are no minutes: an own number goes with its measure.
            onChange={(value) => setQuestion({ measure: value, standard: null })}
            data={[
              { value: "distance", label: t("measure.distance") },
              { value: "time", label: t("measure.time") },
            ]}
          />
        </div>
        <NumberInput
          label={t(`question.standard.${measure}`)}
          placeholder={t("question.asRules")}
          min={isTime ? 0.5 : 1}
          max={isTime ? 10_000 : 1_000_000}
          step={isTime ? 5 : 100}
          allowDecimal={isTime}
          decimalScale={1}
          allowNegative={false}
          thousandSeparator=","
          value={standard ?? ""}
          onChange={(value) =>
            setQuestion({ standard: typeof value === "number" && value > 0 ? value : null })
          }
        />
      </div>
      <div className="rule-line">
        <Hint>
          {hasRules
            ? t("question.rulesSay", { rules: standardsText(rules, unitOf(measure), t) })
            : t("question.noRules")}
          {hasRules && silent.length > 0 && standard === null && (
            <span className="rules-silent">
              {t("question.rulesSilent", {
                areas: silent.map((area) => t(`area.${area}`)).join(t("plan.and")),
              })}
            </span>
          )}
        </Hint>
        <RuleSource
          profile={profile}
          text={sourcesOf(profile, level)}
          label={t("question.source")}
        />
      </div>
    </div>
  );
}
