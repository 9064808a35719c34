/** Who is left out: how many and why, by which way, where, and in whose area. */
import type { GapResult } from "../../api/service";
import { useT } from "../../app/hooks";
import { count } from "../../i18n/format";
import { Card, Hint } from "../parts";
import { Coverage } from "./Coverage";
import { Downloads } from "./Downloads";
import { useResult } from "./follow";
import { GapList } from "./GapList";
import { StateList } from "./StateList";
import { ThreeDistances } from "./ThreeDistances";
import { ResultFrame, Warnings } from "./ResultFrame";
import { standardsText } from "./question";
import { shareText } from "./words";

const TABLES = [
  { table: "areas", name: "gaps.table.areas", placed: true },
  { table: "shares", name: "gaps.table.shares", placed: false },
  { table: "villages", name: "gaps.table.villages", placed: false },
  { table: "unserved", name: "gaps.table.unserved", placed: true },
] as const;

function Headline({ result }: { result: GapResult }) {
  const t = useT();
  return (
    <Card>
      <div className="coverage">
        <strong className="figures">{shareText(t, result.share)}</strong>
        <span>{t("gaps.share")}</span>
      </div>
      <p className="headline">
        {result.unserved_households === 0
          ? t("gaps.everybody")
          : t("gaps.leftOut", {
              households: count(result.unserved_households),
              residents: count(result.unserved_residents),
              elderly: count(result.unserved_elderly),
            })}
      </p>
      <Hint>
        {t("question.applied", { rules: standardsText(result.standards, result.unit, t) })}
        {" · "}
        {t("gaps.centers", { n: count(result.centers_counted) })}
      </Hint>
      <StateList states={result.states} />
      <Warnings problems={result.problems} />
      <Downloads tables={TABLES} />
    </Card>
  );
}

export function GapResults() {
  const asked = useResult<GapResult>();
  return (
    <ResultFrame asked={asked}>
      {(result) => (
        <>
          <Headline result={result} />
          <ThreeDistances result={result} />
          <GapList result={result} />
          <Coverage result={result} />
        </>
      )}
    </ResultFrame>
  );
}
