/** The next best thing to do, why it lost, and what it would cost. */
import type { MergeGroup, MergeResult } from "../../api/merges";
import { useT } from "../../app/hooks";
import { decimal } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { length } from "../../i18n/format";
import { plainly, useTell } from "./names";

/** Levels of the objective, the weightiest first. */
const LEVELS = [
  "together_broken",
  "left",
  "healthy_touched",
  "touched",
  "travel",
  "balance",
] as const;

/** "+1" or "−2": more is worse. */
const signed = (value: number) => `${value > 0 ? "+" : "−"}${decimal(Math.abs(value), 0)}`;

export function priceText(
  t: Translate,
  price: Readonly<Record<string, number>>,
  unitOfSpan: MergeResult["unit_of_span"],
): string {
  const parts = LEVELS.flatMap((level) => {
    const value = price[level] ?? 0;
    if (value === 0) return [];
    const isWay = level === "travel" && unitOfSpan === "m";
    const n = isWay
      ? `${value > 0 ? "+" : "−"}${length(Math.abs(value))}`
      : level === "travel"
        ? // Ways in time are added up in seconds.
          `${signed(Math.round(value / 60))} min`
        : signed(value);
    return [t(`merges.price.${level}`, { n })];
  });
  return parts.join(" · ") || t("merges.price.same");
}

export function RunnerUp({ group, result }: { group: MergeGroup; result: MergeResult }) {
  const t = useT();
  const tell = useTell();
  const { runner_up: up, price } = group;
  if (!up) return null;
  const names = up.names.map((name) => plainly(name, () => null, null)).join("、");
  return (
    <>
      <h4>{t("merges.runnerUp")}</h4>
      <ul className="reasons" data-part="runner-up">
        <li>
          {t(up.members.length > 1 ? "merges.runnerUp.group" : "merges.runnerUp.left", { names })}
        </li>
        <li>{tell(up, group.village?.name)}</li>
        {price && (
          <li>
            {t("merges.price")}: {priceText(t, price, result.unit_of_span)}
          </li>
        )}
      </ul>
    </>
  );
}
