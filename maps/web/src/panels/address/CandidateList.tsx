/** What an address may mean: the same numbers as on the map, and the grids that are not among them. */
import type { AddressAnswer } from "../../api/addresses";
import { showCandidate, useAddress } from "../../app/address";
import { useT } from "../../app/hooks";
import { count, spacedCode } from "../../i18n/format";
import { GridLink } from "./GridLink";

export function CandidateList({ answer }: { answer: AddressAnswer }) {
  const t = useT();
  const focus = useAddress((state) => state.focus);
  const { candidates, grids } = answer;
  const listed = new Set(candidates.map(({ grid }) => grid?.code));
  const others = grids.filter(({ code }) => !listed.has(code));
  return (
    <>
      <h4>{t("address.candidates", { n: candidates.length })}</h4>
      <ol className="candidates">
        {candidates.map((candidate, index) => (
          <li key={index}>
            <button
              type="button"
              className="candidate"
              aria-pressed={index === focus}
              onClick={() => showCandidate(candidate, index)}
            >
              <span className="candidate-number">{index + 1}</span>
              <span className="candidate-text">
                {candidate.matched_address}
                <small className="figures">
                  {candidate.grid ? (
                    <>
                      {candidate.grid.name} <span>{spacedCode(candidate.grid.code)}</span>
                    </>
                  ) : (
                    t("lookup.noGrid")
                  )}
                </small>
              </span>
              {candidate.level !== "house" && candidate.households !== null && (
                <span className="figures">
                  {t("unit.households", { n: count(candidate.households) })}
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <>
          <h4>{t("address.otherGrids", { n: others.length })}</h4>
          <ul className="plain-list other-grids">
            {others.map((grid) => (
              <li key={grid.code}>
                <GridLink grid={grid} /> <small className="figures">{spacedCode(grid.code)}</small>
                {grid.households != null && (
                  <span className="figures">
                    {t("unit.households", { n: count(grid.households) })}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
