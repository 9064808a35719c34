/** Nothing selected: the county at a glance and the rules it is measured by. */
import { Text } from "@mantine/core";
import type { AreaType, CenterLevel, LayerId } from "../api/types";
import { titleOf, useApp, useT, useWorkspace } from "../app/hooks";
import { count } from "../i18n/format";
import { Card, Fact, Facts, Hint } from "./parts";

const COUNTED: readonly LayerId[] = [
  "townships",
  "villages",
  "natural_villages",
  "grids",
  "households",
  "centers",
];
const AREAS: readonly AreaType[] = ["urban", "rural_plain", "mountain"];
const LEVELS: readonly CenterLevel[] = ["county", "township", "village", "station"];
const NAMES = {
  townships: "inspector.townships",
  villages: "inspector.villages",
  natural_villages: "layer.natural_villages",
  grids: "layer.grids",
  households: "layer.households",
  centers: "layer.centers",
} as const;

export function CountyInspector() {
  const t = useT();
  const language = useApp((state) => state.language);
  const workspace = useWorkspace();
  const profile = workspace?.profile;
  if (!workspace) return null;
  return (
    <>
      <h2 className="inspector-name">{titleOf(workspace, language)}</h2>
      <Hint>{t("inspector.none")}</Hint>
      <Card title={t("inspector.counts")}>
        <Facts>
          {COUNTED.map((id) => (
            <Fact key={id} name={t(NAMES[id as keyof typeof NAMES])}>
              {count(workspace.layers[id].count)}
            </Fact>
          ))}
        </Facts>
      </Card>
      {profile && (
        <Card title={language === "zh" ? profile.title_zh : profile.title_en}>
          <Facts>
            {AREAS.map((area) => {
              const rule = profile.sizes.grid?.[area]?.households;
              if (!rule) return null;
              const values = {
                min: count(rule.minimum),
                target: count(rule.target),
                max: count(rule.maximum),
              };
              return (
                <Fact key={area} name={t(`area.${area}`)}>
                  {t("inspector.ruleValue", values)}
                </Fact>
              );
            })}
            {LEVELS.map((level) => {
              const distance = profile.standards[level]?.mountain?.distance_m;
              if (!distance) return null;
              return (
                <Fact key={level} name={`${t(`level.${level}`)} · ${t("area.mountain")}`}>
                  {t("unit.km", { n: distance / 1000 })}
                </Fact>
              );
            })}
          </Facts>
          <Text size="xs" c="gray.7" mt={6}>
            {profile.source}
          </Text>
        </Card>
      )}
    </>
  );
}
