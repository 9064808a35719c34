/** Within capacities: who finds no place and why, and what the assignment costs. */
import type { CapacityResult, RadiusResult } from "../../api/service";
import { useApp, useT } from "../../app/hooks";
import { count } from "../../i18n/format";
import { translateLoose } from "../../i18n/translate";
import { Card, Fact, Facts, Hint } from "../parts";
import { costText, peopleText } from "./words";

interface CapacityCardProps {
  result: RadiusResult;
  capacity: CapacityResult;
}

export function CapacityCard({ result, capacity }: CapacityCardProps) {
  const t = useT();
  const language = useApp((state) => state.language);
  const { unit, weight } = result;
  const reasons = Object.entries(capacity.reasons).filter(([, people]) => people > 0);
  return (
    <Card title={t("capacity.title")}>
      <p className="headline" data-over={capacity.overflow > 0}>
        {capacity.overflow === 0
          ? t("capacity.enough")
          : t("capacity.overflow", {
              people: peopleText(t, capacity.overflow, weight),
              households: count(capacity.overflow_households),
            })}
      </p>
      <Facts>
        {reasons.map(([reason, people]) => (
          <Fact
            key={reason}
            name={translateLoose(language, `capacity.reason.${reason}`) ?? reason}
            long
          >
            {peopleText(t, people, weight)}
          </Fact>
        ))}
        <Fact name={t("capacity.assigned")}>{peopleText(t, capacity.assigned, weight)}</Fact>
        <Fact name={t("capacity.limit")}>{costText(t, capacity.limit, unit)}</Fact>
        <Fact name={t("capacity.mean")}>
          {costText(t, capacity.mean_cost_nearest, unit)} → {costText(t, capacity.mean_cost, unit)}
        </Fact>
        {capacity.split > 0 && (
          <Fact name={t("capacity.split")}>
            {t("unit.households", { n: count(capacity.split) })}
          </Fact>
        )}
        {capacity.without_capacity > 0 && (
          <Fact name={t("capacity.unknown")}>{count(capacity.without_capacity)}</Fact>
        )}
      </Facts>
      <Hint>{t(capacity.proved ? "capacity.proved" : "capacity.notProved")}</Hint>
    </Card>
  );
}
