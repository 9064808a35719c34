/** What is asked: one form for the three analyses, as parameters of a run and as a sentence. */
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";
import type {
  AnalysisName,
  Means,
  Measure,
  Method,
  Mode,
  Run,
  RunParameters,
  RunRequest,
  Supply,
  Weight,
} from "../../api/runs";
import type { Unit } from "../../api/service";
import type { AreaType, CenterLevel, LayerState, Profile, Workspace } from "../../api/types";
import { UNKNOWN } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { costText } from "./words";

export const LEVELS: readonly CenterLevel[] = ["county", "township", "village", "station"];
export const MODES: readonly Mode[] = ["straight", "road", "terrain"];
export const WEIGHTS: readonly Weight[] = ["residents", "households", "elderly"];
export const METHODS: readonly Method[] = ["2sfca", "e2sfca", "3sfca"];
export const SUPPLIES: readonly Supply[] = ["capacity", "floor_area", "one"];
export const AREAS: readonly AreaType[] = ["urban", "rural_plain", "mountain"];

export interface Question {
  level: CenterLevel;
  mode: Mode;
  means: Means;
  measure: Measure;
  /** Own standard in metres or minutes; null: the rules' by area type. */
  standard: number | null;
  weight: Weight;
  scope: string | null;
  share: number;
  capacity: boolean;
  method: Method;
  supply: Supply;
  /** Over the lines of the open draft. */
  draft: boolean;
}

export const FIRST_QUESTION: Question = {
  level: "village",
  mode: "straight",
  means: "walk",
  measure: "distance",
  standard: null,
  weight: "residents",
  scope: null,
  share: 0.95,
  capacity: false,
  method: "e2sfca",
  supply: "capacity",
  draft: false,
};

/** The form as it is filled in: the same for all tabs, and kept while another panel is open. */
export const questionStore = createStore<Question>(() => ({ ...FIRST_QUESTION }));
export const setQuestion = questionStore.setState;
export const useQuestion = () => useStore(questionStore);

export function requestOf(
  analysis: AnalysisName,
  question: Question,
  plan: string | null,
): RunRequest {
  const { level, mode, measure, standard, weight, scope } = question;
  const parameters: RunRequest["parameters"] = {
    level,
    mode,
    // Driving is by road only.
    means: mode === "road" ? question.means : "walk",
    measure,
    standard_m: measure === "distance" ? standard : null,
    standard_min: measure === "time" ? standard : null,
    weight,
    scope,
  };
  if (analysis === "service_radius") {
    parameters.share = question.share;
    parameters.capacity = question.capacity;
  } else if (analysis === "accessibility") {
    parameters.method = question.method;
    parameters.supply = question.supply;
  }
  return { analysis, parameters, plan: question.draft ? plan : null };
}

/** Fill the form in with what a run was asked; what its analysis does not ask stays. */
export function questionOf({ parameters, plan }: Run): Partial<Question> {
  const { level, mode, means, measure, weight, scope } = parameters;
  const { share, capacity, method, supply } = parameters;
  return {
    level,
    mode,
    means,
    measure,
    standard: parameters.standard_m ?? parameters.standard_min,
    weight,
    scope,
    ...(share === undefined ? {} : { share }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(method === undefined ? {} : { method }),
    ...(supply === undefined ? {} : { supply }),
    draft: plan !== null,
  };
}

const LAYER_OF: Partial<Record<Mode, string>> = { road: "roads", terrain: "terrain" };

/** Ways of going there is data for. */
export function loadedModes(workspace: Workspace | undefined): readonly Mode[] {
  const layers = workspace?.layers as Partial<Record<string, LayerState>> | undefined;
  return MODES.filter((mode) => {
    const layer = LAYER_OF[mode];
    return layer === undefined || (layers?.[layer]?.count ?? 0) > 0;
  });
}

/** What the rules give as a standard for each area type, in metres or minutes. */
export function ruleStandards(
  profile: Profile | null | undefined,
  { level, measure, means }: Pick<Question, "level" | "measure" | "means">,
): Partial<Record<AreaType, number>> {
  const field =
    measure === "distance" ? "distance_m" : means === "drive" ? "drive_min" : "walk_min";
  return Object.fromEntries(
    AREAS.flatMap((area) => {
      const value = profile?.standards[level]?.[area]?.[field];
      return value ? [[area, value]] : [];
    }),
  );
}

/** Whether it is said how far is too far, by oneself or by the rules. */
export function hasStandard(profile: Profile | null | undefined, question: Question): boolean {
  if (question.standard !== null) return true;
  const means = question.mode === "road" ? question.means : "walk";
  return Object.keys(ruleStandards(profile, { ...question, means })).length > 0;
}

/** "山区 2 km · 城镇 1 km". */
export function standardsText(
  standards: Partial<Record<AreaType, number>>,
  unit: Unit,
  t: Translate,
): string {
  const parts = AREAS.flatMap((area) => {
    const value = standards[area];
    return value === undefined ? [] : [`${t(`area.${area}`)} ${costText(t, value, unit)}`];
  });
  return parts.join(" · ") || UNKNOWN;
}

export function sourcesOf(profile: Profile | null, level: CenterLevel): string | null {
  const sources = AREAS.map((area) => profile?.standards[level]?.[area]?.source);
  const known = [...new Set(sources.filter(Boolean))];
  return known.length > 0 ? known.join("; ") : null;
}

export const unitOf = (measure: Measure): Unit => (measure === "time" ? "min" : "m");

/** "沿路网（开车）": how people go. */
export function modeText(t: Translate, { mode, means }: Pick<RunParameters, "mode" | "means">) {
  return mode === "road" ? t(`mode.roadBy.${means}`) : t(`mode.${mode}`);
}

/** What a run was asked, in one line. */
export function questionText(
  t: Translate,
  parameters: RunParameters,
  scopeName: (code: string) => string,
): string {
  const { level, measure, scope, weight } = parameters;
  const own = parameters.standard_m ?? parameters.standard_min;
  const standard =
    own === null
      ? t(`question.rules.${measure}`)
      : t("question.own", { n: costText(t, own, unitOf(measure)) });
  const extra = [
    parameters.capacity ? t("radius.capacityShort") : null,
    parameters.method ? t(`access.method.${parameters.method}`) : null,
  ].filter((part) => part !== null);
  return [
    modeText(t, parameters),
    t("question.levelUp", { level: t(`level.${level}`) }),
    standard,
    ...extra,
    t(`weight.${weight}`),
    scope ? scopeName(scope) : t("question.county"),
  ].join(" · ");
}
