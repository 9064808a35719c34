/** Into the open draft: all at once, what became of it, and the comparison with the lines in force. */
import { Button } from "@mantine/core";
import type { MergeResult, MergeRun } from "../../api/merges";
import { setCompare } from "../../app/comparison";
import { useApp, usePlan, useSentence, useT } from "../../app/hooks";
import { setMerges } from "../../app/merges";
import { set } from "../../app/state";
import { theMap } from "../../app/mapHolder";
import { count } from "../../i18n/format";
import { Card, Hint } from "../parts";
import { isOpen, useAccept, useApplied, useOutcome } from "./accept";
import { useDecisions } from "./decisions";
import { groupName } from "./names";

function Refused({ result }: { result: MergeResult }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const { refused } = useOutcome();
  const told = result.groups.filter(({ id }) => refused.has(id));
  if (told.length === 0) return null;
  return (
    <div className="refused" role="alert">
      {t("merges.refused", { n: count(told.length) })}
      <ul className="plain-list">
        {told.map((group) => {
          const problem = refused.get(group.id);
          return (
            <li key={group.id}>
              <button
                type="button"
                className="link"
                onClick={() => {
                  setMerges({ list: "groups", group: group.id });
                  theMap()?.fit(group.bbox, 14.5);
                }}
              >
                {groupName(group, result.unit)}
              </button>{" "}
              {language === "zh" ? problem?.message_zh : problem?.message}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function DraftCard({ run, result }: { run: MergeRun; result: MergeResult }) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const { plan, writing } = usePlan((state) => ({ plan: state.plan, writing: state.writing }));
  const applied = useApplied();
  const { locked } = useDecisions();
  const outcome = useOutcome();
  const accept = useAccept();
  const left = result.groups.filter((group) => isOpen(group, applied, locked));
  if (!plan || plan.state !== "draft") {
    return (
      <Card title={t("merges.draft")}>
        <Hint>
          {plan ? t("merges.draft.notDraft", { name: plan.name }) : t("merges.draft.none")}
        </Hint>
        <Button variant="light" size="compact-sm" mt={6} onClick={() => set({ panel: "plan" })}>
          {t("merges.draft.open")}
        </Button>
      </Card>
    );
  }
  return (
    <Card title={t("merges.draft")}>
      <Hint>
        {t("merges.draft.into", { name: plan.name })}
        {run.plan !== plan.id && ` ${t("merges.draft.elsewhere")}`}
      </Hint>
      <div className="group-actions">
        <Button
          size="compact-sm"
          disabled={left.length === 0 || !reachable || writing}
          loading={accept.isPending}
          onClick={() => accept.mutate(left.map(({ id }) => id))}
        >
          {t("merges.acceptAll", { n: count(left.length) })}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            setCompare({ on: true });
            set({ panel: "plan" });
          }}
        >
          {t("merges.compare")}
        </Button>
      </div>
      {outcome.applied > 0 && (
        <p className="accepted" role="status">
          {t("merges.applied", { n: count(outcome.applied) })}
        </p>
      )}
      <Refused result={result} />
      {accept.error && (
        <p className="service-error" role="alert">
          {sentence(accept.error)}
        </p>
      )}
    </Card>
  );
}
