/** What is asked: units, sizes, limits; as parameters of a run and as a sentence. */
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";
import type {
  CountsAsked,
  MergeParameters,
  MergeRequest,
  MergeRun,
  MergeUnit,
  Objective,
  RulesApplied,
  Size,
  SizeMeasure,
} from "../../api/merges";
import type { Means, Mode } from "../../api/runs";
import { count, decimal } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import type { Unit } from "../../api/service";
import { modeText } from "../service/question";
import { costText } from "../service/words";
import { type Decisions, NO_DECISIONS } from "./decisions";

/** Sizes as the planner sets them; null: none. */
export interface Sizes {
  measure: SizeMeasure;
  minimum: number | null;
  target: number | null;
  maximum: number | null;
}

export interface MergeQuestion {
  unit: MergeUnit;
  /** Sizes of grids by area type, as the rules in force have them. */
  byRules: boolean;
  /** Own sizes, kept apart for each unit. */
  sizes: Record<MergeUnit, Sizes>;
  maxUnits: number;
  span: number | null;
  unitOfSpan: Unit;
  mode: Mode;
  means: Means;
  within: "township" | "county";
  border: number;
  barriers: boolean;
  objective: Objective;
  scope: string | null;
  /** Over the lines of the open draft, if there is one. */
  draft: boolean;
}

const sizes = (minimum: number, target: number | null, maximum: number | null): Sizes => ({
  measure: "households",
  minimum,
  target,
  maximum,
});

export const FIRST_MERGES: MergeQuestion = {
  unit: "grid",
  byRules: true,
  sizes: {
    grid: sizes(30, 60, 100),
    natural_village: sizes(10, null, null),
    village: sizes(150, null, null),
  },
  maxUnits: 5,
  span: null,
  unitOfSpan: "m",
  mode: "straight",
  means: "walk",
  within: "township",
  border: 10,
  barriers: true,
  objective: "least_change",
  scope: null,
  draft: true,
};

/** As far as the sliders go: most units are smaller, larger numbers are written. */
const SLIDER_ENDS: Record<MergeUnit, Record<SizeMeasure, number>> = {
  grid: { households: 300, residents: 900 },
  natural_village: { households: 80, residents: 240 },
  village: { households: 800, residents: 2400 },
};
export const sliderEnd = (unit: MergeUnit, measure: SizeMeasure) => SLIDER_ENDS[unit][measure];

export const mergeQuestionStore = createStore<MergeQuestion>(() => ({ ...FIRST_MERGES }));
export const setMergeQuestion = mergeQuestionStore.setState;
export const useMergeQuestion = () => useStore(mergeQuestionStore);

export function setSizes(change: Partial<Sizes>): void {
  setMergeQuestion(({ unit, sizes }) => ({
    sizes: { ...sizes, [unit]: { ...sizes[unit], ...change } },
  }));
}

/** An open plan, as far as it matters what is asked of it. */
export interface Draft {
  id: string;
  scope: string;
}

const COUNTY_DIGITS = 6;

/** Where to look: what was chosen, else where the draft can be edited. */
export function scopeOf({ scope, draft }: MergeQuestion, plan: Draft | null): string | null {
  if (scope || !draft || !plan) return scope;
  return plan.scope.length > COUNTY_DIGITS ? plan.scope : null;
}

const sizeOf = (measure: SizeMeasure, value: number | null): Size => ({
  households: measure === "households" ? value : null,
  residents: measure === "residents" ? value : null,
});

export const isByRules = ({ unit, byRules }: MergeQuestion): boolean => unit === "grid" && byRules;

/** Whether sizes are given, and in order; the rules' own always are. */
export function hasSizes(question: MergeQuestion): boolean {
  if (isByRules(question)) return true;
  const { minimum, target, maximum } = question.sizes[question.unit];
  if (minimum === null) return false;
  const given = [minimum, target, maximum].filter((value) => value !== null);
  return given.every((value, index) => index === 0 || value >= (given[index - 1] ?? 0));
}

function askedSizes(
  question: MergeQuestion,
): Pick<MergeParameters, "minimum" | "target" | "maximum"> {
  if (isByRules(question)) return { minimum: null, target: null, maximum: null };
  const { measure, minimum, target, maximum } = question.sizes[question.unit];
  return {
    minimum: sizeOf(measure, minimum),
    target: sizeOf(measure, target),
    maximum: sizeOf(measure, maximum),
  };
}

export function countsOf(question: MergeQuestion, plan: Draft | null): CountsAsked {
  const { minimum, maximum } = askedSizes(question);
  return {
    unit: question.unit,
    minimum,
    maximum,
    noMaximum: !isByRules(question) && question.sizes[question.unit].maximum === null,
    scope: scopeOf(question, plan),
    plan: question.draft ? (plan?.id ?? null) : null,
  };
}

export function mergeRequestOf(
  question: MergeQuestion,
  decisions: Decisions,
  plan: Draft | null,
): MergeRequest {
  const { unit, span, unitOfSpan, mode } = question;
  return {
    analysis: "merges",
    parameters: {
      unit,
      ...askedSizes(question),
      max_units: question.maxUnits,
      max_span_m: unitOfSpan === "m" ? span : null,
      max_span_min: unitOfSpan === "min" ? span : null,
      mode,
      // Driving is by road only.
      means: mode === "road" ? question.means : "walk",
      within: unit === "village" ? question.within : "village",
      min_shared_border_m: question.border,
      use_barriers: question.barriers,
      scope: scopeOf(question, plan),
      objective: question.objective,
      ...decisions,
    },
    plan: question.draft ? (plan?.id ?? null) : null,
  };
}

const numberIn = (size: Size | null, measure: SizeMeasure) => size?.[measure] ?? null;

/** Fill the form in with what a run was asked. */
export function mergeQuestionOf(
  { parameters, plan }: MergeRun,
  before: MergeQuestion,
): MergeQuestion {
  const { unit, minimum, target, maximum, within } = parameters;
  const byRules = unit === "grid" && minimum === null;
  const measure: SizeMeasure = minimum?.residents ? "residents" : "households";
  const own: Sizes = {
    measure,
    minimum: numberIn(minimum, measure),
    target: numberIn(target, measure),
    maximum: numberIn(maximum, measure),
  };
  return {
    ...before,
    unit,
    byRules: unit === "grid" ? byRules : before.byRules,
    sizes: minimum === null ? before.sizes : { ...before.sizes, [unit]: own },
    maxUnits: parameters.max_units,
    span: parameters.max_span_m ?? parameters.max_span_min,
    unitOfSpan: parameters.max_span_min === null ? "m" : "min",
    mode: parameters.mode,
    means: parameters.means,
    within: within === "county" ? "county" : "township",
    border: parameters.min_shared_border_m,
    barriers: parameters.use_barriers,
    objective: parameters.objective,
    scope: parameters.scope,
    draft: plan !== null,
  };
}

export const decisionsOf = ({ together, apart, pinned, locked }: Decisions): Decisions => ({
  ...NO_DECISIONS,
  together,
  apart,
  pinned,
  locked,
});

const sizeText = (t: Translate, size: Size | null): string | null => {
  if (size?.households) return t("unit.households", { n: count(size.households) });
  return size?.residents ? t("unit.residents", { n: count(size.residents) }) : null;
};

/** "30–60–100 户": the sizes of one set of rules. */
export function rulesText(t: Translate, { minimum, target, maximum }: RulesApplied): string {
  const measure: SizeMeasure = minimum.residents === null ? "households" : "residents";
  const given = [minimum, target, maximum].map((size) => size[measure]);
  const known = given.filter((value) => value !== null).map(count);
  const key = measure === "households" ? "unit.households" : "unit.residents";
  if (given[2] === null) return t("merges.atLeast", { n: t(key, { n: known.join("–") }) });
  return t(key, { n: known.join("–") });
}

/** What a run was asked, in one line. */
export function mergeText(
  t: Translate,
  parameters: MergeParameters,
  scopeName: (code: string) => string,
): string {
  const { unit, minimum, maximum, scope, objective } = parameters;
  const span = parameters.max_span_m ?? parameters.max_span_min;
  const low = sizeText(t, minimum);
  const high = sizeText(t, maximum);
  const own = parameters.max_span_min === null ? "m" : "min";
  return [
    t(`merges.unit.${unit}`),
    low === null ? t("merges.byRules") : t("merges.minimumOf", { n: low }),
    high === null ? null : t("merges.maximumOf", { n: high }),
    t("merges.unitsOf", { n: decimal(parameters.max_units, 0) }),
    span === null
      ? null
      : t("merges.spanOf", { n: costText(t, span, own), mode: modeText(t, parameters) }),
    unit === "village" && parameters.within === "county" ? t("merges.within.county") : null,
    objective === "most_groups" ? t("merges.objective.most_groups") : null,
    scope ? scopeName(scope) : t("question.county"),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
