/** How far centers reach: for the county one radius, and each center for itself. */
import type { RadiusResult } from "../../api/service";
import { useT } from "../../app/hooks";
import { count } from "../../i18n/format";
import { Card, Fact, Facts, Hint } from "../parts";
import { CapacityCard } from "./CapacityCard";
import { CenterTable } from "./CenterTable";
import { CostHistogram } from "./CostHistogram";
import { Downloads } from "./Downloads";
import { useResult } from "./follow";
import { standardsText } from "./question";
import { ResultFrame, Warnings } from "./ResultFrame";
import { StateList } from "./StateList";
import { costText, peopleText, shareText } from "./words";

const TABLES = [
  { table: "centers", name: "radius.table.centers", placed: true },
  { table: "service_areas", name: "radius.table.areas", placed: true },
  { table: "histogram", name: "radius.histogram", placed: false },
] as const;
const OVERFLOW = { table: "overflow", name: "radius.table.overflow", placed: true } as const;
const PERCENTILES = [0.5, 0.8, 0.9, 0.95, 1] as const;

function CountyCard({ result }: { result: RadiusResult }) {
  const t = useT();
  const { uniform, unit, share, weight, overlap } = result;
  const n = Math.round(share * 100);
  return (
    <Card>
      <div className="coverage">
        <strong className="figures">{costText(t, uniform.radius, unit)}</strong>
        <span>{t("radius.uniform", { n })}</span>
      </div>
      {uniform.radius === null && (
        <Hint>{t("radius.attainable", { share: shareText(t, uniform.attainable) })}</Hint>
      )}
      <table className="percentiles figures">
        <thead>
          <tr>
            {PERCENTILES.map((each) => (
              <th key={each} scope="col">
                {Math.round(each * 100)}%
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {PERCENTILES.map((each) => (
              <td key={each}>{costText(t, uniform.percentiles[String(each)], unit)}</td>
            ))}
          </tr>
        </tbody>
      </table>
      <Facts>
        {result.capacity && (
          <Fact name={t("radius.withCapacity", { n })}>
            {uniform.with_capacity === null
              ? t("radius.atMost", { share: shareText(t, uniform.attainable_with_capacity) })
              : costText(t, uniform.with_capacity, unit)}
          </Fact>
        )}
        <Fact name={t("radius.one")}>{peopleText(t, overlap.one, weight)}</Fact>
        <Fact name={t("radius.several")}>{peopleText(t, overlap.several, weight)}</Fact>
        <Fact name={t("radius.none")}>{peopleText(t, overlap.none, weight)}</Fact>
      </Facts>
      <Hint>
        {t("question.applied", { rules: standardsText(result.standards, unit, t) })} ·{" "}
        {t("gaps.centers", { n: count(result.centers_counted) })}
      </Hint>
      <StateList states={result.states} />
      <Warnings problems={result.problems} />
      <Downloads tables={result.capacity ? [...TABLES, OVERFLOW] : TABLES} />
    </Card>
  );
}

export function RadiusResults() {
  const t = useT();
  const asked = useResult<RadiusResult>();
  return (
    <ResultFrame asked={asked}>
      {(result) => (
        <>
          <CountyCard result={result} />
          <Card title={t("radius.histogram")}>
            <CostHistogram
              bars={result.uniform.histogram}
              unit={result.unit}
              weight={result.weight}
              standards={[...new Set(Object.values(result.standards))]}
              radius={result.uniform.radius}
            />
          </Card>
          {result.capacity && <CapacityCard result={result} capacity={result.capacity} />}
          <CenterTable result={result} />
        </>
      )}
    </ResultFrame>
  );
}
