/** Neighbours that are not in a group, each with its reason, and the way to force one in. */
import type { MergeResult, Pair, Reason } from "../../api/merges";
import { useT } from "../../app/hooks";
import { decisionStore, isTogether, toggleTogether, useDecisions } from "./decisions";
import { useTell, useUnitNames } from "./names";

interface NeighboursProps {
  title: string;
  reasons: readonly Reason[];
  /** The unit they would be joined with. */
  from: string;
  home: string | undefined;
  result: MergeResult;
}

/** Of another village or township: no decision changes that. */
const ELSEWHERE = "zone";

const unitOf = ({ values }: Reason): string | null =>
  typeof values.unit === "string" ? values.unit : null;

export function Neighbours({ title, reasons, from, home, result }: NeighboursProps) {
  const t = useT();
  const tell = useTell();
  const nameOf = useUnitNames(result);
  const decisions = useDecisions();
  const near = reasons.filter(({ key }) => key !== ELSEWHERE);
  const far = reasons.filter(({ key }) => key === ELSEWHERE);
  if (reasons.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul className="reasons neighbours">
        {near.map((reason, index) => {
          const unit = unitOf(reason);
          const pair: Pair | null = unit && unit !== from ? [from, unit] : null;
          const forced = pair !== null && isTogether(decisions, pair);
          return (
            <li key={index} data-unit={unit}>
              <span>{tell(reason, home)}</span>
              {pair && (
                <button
                  type="button"
                  className="link"
                  aria-pressed={forced}
                  aria-label={t("merges.forceWith", { name: nameOf(pair[1]) })}
                  onClick={() => decisionStore.setState(toggleTogether(decisions, pair))}
                >
                  {t(forced ? "merges.isForced" : "merges.force")}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {far.length > 0 && (
        <details className="elsewhere">
          <summary>{t("merges.othersElsewhere", { n: far.length })}</summary>
          <ul className="reasons">
            {far.map((reason, index) => (
              <li key={index}>{tell(reason, home)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
