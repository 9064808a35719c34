/** Costs, scores and shares as service answers write them. */
import type { Unit } from "../../api/service";
import { count, decimal, kilometres, length, percent, UNKNOWN } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";

type Figure = number | null | undefined;

const isUnknown = (value: Figure): value is null | undefined =>
  value === null || value === undefined || !Number.isFinite(value);

/** Minutes below ten keep a decimal, so that a standard of 7.5 is not read as 8. */
const minuteDigits = (value: number) => (value < 10 && !Number.isInteger(value) ? 1 : 0);

/** A cost for a sentence: "950 m", "2.4 km", "32 分钟". */
export function costText(t: Translate, value: Figure, unit: Unit): string {
  if (isUnknown(value)) return UNKNOWN;
  if (unit === "m") return length(value);
  return t("unit.minutes", { n: decimal(value, minuteDigits(value)) });
}

/** A cost for a column whose heading names the unit: kilometres or minutes. */
export function costFigure(value: Figure, unit: Unit): string {
  if (isUnknown(value)) return UNKNOWN;
  return unit === "m" ? kilometres(value, 2) : decimal(value, 0);
}

/** "km" or "分钟" for a heading. */
export const unitText = (t: Translate, unit: Unit): string => t(`unit.${unit}`);

/** 0.0342 → "34.2": places for a thousand people, three figures. */
export function scoreText(value: Figure): string {
  if (isUnknown(value)) return UNKNOWN;
  const perThousand = value * 1000;
  return decimal(perThousand, perThousand >= 100 ? 0 : perThousand >= 10 ? 1 : 2);
}

/** "91.4%". */
export const shareText = (t: Translate, value: Figure): string =>
  isUnknown(value) ? UNKNOWN : t("unit.share", { n: percent(value) });

/** People as the run weighs them: "251 人" or "92 户". */
export const peopleText = (t: Translate, value: Figure, weight: string): string =>
  isUnknown(value)
    ? UNKNOWN
    : t(weight === "households" ? "unit.households" : "unit.residents", { n: count(value) });
