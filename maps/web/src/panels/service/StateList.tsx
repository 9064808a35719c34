/** Served, and each kind of not served for itself: they need different remedies. */
import { type People, type ReachState, STATES } from "../../api/service";
import { useT } from "../../app/hooks";
import { count } from "../../i18n/format";

export function StateList({ states }: { states: Partial<Record<ReachState, People>> }) {
  const t = useT();
  // Too far and no way are said even when it is nobody: that, too, is an answer.
  const shown = STATES.filter(
    (state) =>
      (states[state]?.households ?? 0) > 0 || ["served", "far", "unreachable"].includes(state),
  );
  return (
    <table className="state-list figures">
      <thead>
        <tr>
          <th>
            <span className="unseen">{t("state.title")}</span>
          </th>
          <th>{t("table.households")}</th>
          <th>{t("table.residents")}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((state) => (
          <tr key={state} data-state={state}>
            <th scope="row" title={t(`state.about.${state}`)}>
              <span className="state-dot" data-state={state} aria-hidden="true" />
              {t(`state.${state}`)}
            </th>
            <td>{count(states[state]?.households ?? 0)}</td>
            <td>{count(states[state]?.residents ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
