/** Which size rule a histogram is drawn against, and how it is called. */
import type { AreaType, GridRow, Profile, SizeRule } from "../api/types";
import { count } from "../i18n/format";
import type { Translate } from "../i18n/translate";

/** The rule that most of these grids stand under. */
export function commonRule(rows: readonly Pick<GridRow, "rule">[]): SizeRule | null {
  const votes = new Map<string, { rule: SizeRule; number: number }>();
  for (const { rule } of rows) {
    if (!rule) continue;
    const key = `${rule.minimum}-${rule.maximum}`;
    const vote = votes.get(key) ?? { rule, number: 0 };
    vote.number += 1;
    votes.set(key, vote);
  }
  const ranked = [...votes.values()].sort((a, b) => b.number - a.number);
  return ranked[0]?.rule ?? null;
}

/** The area type whose household rule this is. */
function areaOf(profile: Profile | null | undefined, rule: SizeRule): AreaType | null {
  for (const byArea of Object.values(profile?.sizes ?? {})) {
    for (const [area, sizes] of Object.entries(byArea)) {
      const found = sizes?.households;
      if (found && found.minimum === rule.minimum && found.maximum === rule.maximum) {
        return area as AreaType;
      }
    }
  }
  return null;
}

/** What stands beneath a histogram of grid sizes. */
export function ruleCaption(
  t: Translate,
  profile: Profile | null | undefined,
  rule: SizeRule | null,
): string {
  const area = rule && areaOf(profile, rule);
  if (!area) return t("layers.histogram");
  return t("layers.histogram.rule", {
    area: t(`area.${area}`),
    min: count(rule.minimum),
    max: count(rule.maximum),
  });
}
