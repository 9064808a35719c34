/** Pins, pairs and units left alone, each to be dropped; solved again when they have changed. */
import { Button, Pill } from "@mantine/core";
import type { MergeResult, MergeRun } from "../../api/merges";
import { useApp, useSentence, useT } from "../../app/hooks";
import type { Key } from "../../i18n/zh";
import { Card, Hint } from "../parts";
import { useStart } from "../service/follow";
import { useApplied } from "./accept";
import {
  countDecisions,
  type Decisions,
  decisionStore,
  NO_DECISIONS,
  sameDecisions,
  toggleApart,
  togglePinned,
  toggleTogether,
  useDecisions,
} from "./decisions";
import { useDraft } from "./follow";
import { useUnitNames } from "./names";
import { mergeRequestOf, useMergeQuestion } from "./question";

interface Listed {
  id: string;
  key: Key;
  codes: readonly string[];
  drop: (now: Decisions) => Decisions;
}

function listed({ pinned, apart, together, locked }: Decisions): Listed[] {
  return [
    ...pinned.map((codes) => ({
      key: "merges.decision.pinned" as const,
      codes,
      drop: (now: Decisions) => togglePinned(now, codes),
    })),
    ...together.map((codes) => ({
      key: "merges.decision.together" as const,
      codes,
      drop: (now: Decisions) => toggleTogether(now, codes),
    })),
    ...apart.map((codes) => ({
      key: "merges.decision.apart" as const,
      codes,
      drop: (now: Decisions) => toggleApart(now, codes),
    })),
    ...locked.map((code) => ({
      key: "merges.decision.locked" as const,
      codes: [code],
      drop: (now: Decisions) => ({ ...now, locked: now.locked.filter((one) => one !== code) }),
    })),
  ].map((one) => ({ ...one, id: `${one.key} ${one.codes.join(" ")}` }));
}

export function DecisionsCard({ run, result }: { run: MergeRun; result: MergeResult }) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const question = useMergeQuestion();
  const decisions = useDecisions();
  const draft = useDraft();
  const nameOf = useUnitNames(result);
  const start = useStart();
  const applied = useApplied();
  const isSolved = sameDecisions(decisions, run.parameters);
  // What was decided about units that are merged by now is done with, not taken back.
  if (countDecisions(decisions) === 0 && (isSolved || applied.size > 0)) return null;
  return (
    <Card title={t("merges.decisions")}>
      <ul className="decision-list">
        {listed(decisions).map(({ id, key, codes, drop }) => {
          const what = t(key, { names: codes.map(nameOf).join("、") });
          return (
            <li key={id}>
              <Pill
                withRemoveButton
                removeButtonProps={{
                  "aria-label": t("merges.decision.drop", { what }),
                  "aria-hidden": false,
                  tabIndex: 0,
                }}
                onRemove={() => decisionStore.setState(drop(decisionStore.getState()))}
              >
                {what}
              </Pill>
            </li>
          );
        })}
      </ul>
      {!isSolved && <Hint>{t("merges.decisions.unsolved")}</Hint>}
      <div className="group-actions">
        <Button
          size="compact-sm"
          disabled={isSolved || !reachable}
          loading={start.isPending}
          onClick={() => start.mutate(mergeRequestOf(question, decisions, draft))}
        >
          {t("merges.resolve")}
        </Button>
        {countDecisions(decisions) > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            c="gray.8"
            onClick={() => decisionStore.setState({ ...NO_DECISIONS })}
          >
            {t("merges.decisions.clear")}
          </Button>
        )}
      </div>
      {start.error && (
        <p className="service-error" role="alert">
          {t("run.refused", { reason: sentence(start.error) })}
        </p>
      )}
    </Card>
  );
}
