/** One group: who is in it, why, what would come next and why it lost, and what to do with it. */
import { Badge, Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import type { MergeGroup, MergeResult, Pair } from "../../api/merges";
import { useApp, usePlan, useSentence, useT } from "../../app/hooks";
import { setMerges } from "../../app/merges";
import { count, length } from "../../i18n/format";
import { Fact, Facts, Hint } from "../parts";
import { costText } from "../service/words";
import { useAccept, useOutcome } from "./accept";
import {
  decisionStore,
  isApart,
  isPinned,
  isRejected,
  toggleApart,
  togglePinned,
  toggleRejected,
  useDecisions,
} from "./decisions";
import type { GroupState } from "./GroupList";
import { groupName, useTell } from "./names";
import { Neighbours } from "./Neighbours";
import { RunnerUp } from "./RunnerUp";

interface DetailProps {
  group: MergeGroup;
  result: MergeResult;
  state: GroupState | null;
}

interface MembersProps {
  group: MergeGroup;
  picked: readonly string[];
  onPick: (picked: string[]) => void;
}

function MemberSign({ state, children }: { state: GroupState; children: string }) {
  return (
    <Badge size="xs" variant="light" tt="none" className="group-state" data-state={state}>
      {children}
    </Badge>
  );
}

function Members({ group: { members }, picked, onPick }: MembersProps) {
  const t = useT();
  // Of two there is only one pair.
  const isChoice = members.length > 2;
  return (
    <table className="member-list figures">
      <thead>
        <tr>
          <th>{t("merges.members")}</th>
          <th>{t("table.households")}</th>
          <th>{t("table.residents")}</th>
        </tr>
      </thead>
      <tbody>
        {members.map(({ code, name, households, residents, below, seat }) => (
          <tr key={code} data-code={code} data-below={below}>
            <th scope="row">
              <span className="member-name">
                {isChoice && (
                  <Checkbox
                    size="xs"
                    aria-label={t("merges.member.pick", { name: name || code })}
                    checked={picked.includes(code)}
                    onChange={(event) =>
                      onPick(
                        event.currentTarget.checked
                          ? [...picked, code].slice(-2)
                          : picked.filter((one) => one !== code),
                      )
                    }
                  />
                )}
                <span title={code}>{name || code}</span>
                {below && <MemberSign state="refused">{t("merges.member.below")}</MemberSign>}
                {seat && <MemberSign state="nothing">{t("merges.member.seat")}</MemberSign>}
              </span>
            </th>
            <td>{count(households)}</td>
            <td>{count(residents)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions({ group, state, pair }: Omit<DetailProps, "result"> & { pair: Pair | null }) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((now) => now.reachable);
  const { isDraft, writing } = usePlan((now) => ({
    isDraft: now.plan?.state === "draft",
    writing: now.writing,
  }));
  const decisions = useDecisions();
  const accept = useAccept();
  const codes = group.members.map(({ code }) => code);
  const pinned = isPinned(decisions, codes);
  const rejected = isRejected(decisions, codes);
  const apart = pair !== null && isApart(decisions, pair);
  const decide = (next: typeof decisions) => decisionStore.setState(next);
  if (state === "applied") return <Hint>{t("merges.undoHint")}</Hint>;
  return (
    <>
      <div className="group-actions">
        <Button
          size="compact-sm"
          disabled={!isDraft || !reachable || writing || group.edit === null || rejected}
          loading={accept.isPending}
          onClick={() => accept.mutate([group.id])}
        >
          {t("merges.accept")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-pressed={pinned}
          onClick={() => decide(togglePinned(decisions, codes))}
        >
          {t(pinned ? "merges.unpin" : "merges.pin")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-pressed={rejected}
          onClick={() => decide(toggleRejected(decisions, codes))}
        >
          {t(rejected ? "merges.unreject" : "merges.reject")}
        </Button>
        {pair && (
          <Button
            size="compact-sm"
            variant="default"
            aria-pressed={apart}
            onClick={() => decide(toggleApart(decisions, pair))}
          >
            {t(apart ? "merges.allow" : "merges.apart")}
          </Button>
        )}
      </div>
      {!pair && <Hint>{t("merges.pickTwo")}</Hint>}
      {group.edit === null && <Hint>{t("merges.nothingToDo")}</Hint>}
      {!isDraft && <Hint>{t("merges.draft.first")}</Hint>}
      {accept.error && (
        <p className="service-error" role="alert">
          {sentence(accept.error)}
        </p>
      )}
    </>
  );
}

export function GroupDetail({ group, result, state }: DetailProps) {
  const t = useT();
  const tell = useTell();
  const language = useApp((now) => now.language);
  const { refused } = useOutcome();
  const codes = group.members.map(({ code }) => code);
  const [picked, setPicked] = useState<readonly string[]>(codes.length === 2 ? codes : []);
  const [one, other] = picked;
  const pair: Pair | null = one && other ? [one, other] : null;
  const problem = refused.get(group.id);
  const home = group.village?.name;
  // The unit for whose sake the group is made.
  const seeker = group.members.find(({ below }) => below)?.code ?? codes[0] ?? "";
  return (
    <section className="area-detail group-detail" aria-label={t("merges.group")}>
      <h4>{groupName(group, result.unit)}</h4>
      <Members group={group} picked={picked} onPick={setPicked} />
      <Facts>
        <Fact name={t("merges.farthest")}>{costText(t, group.span, result.unit_of_span)}</Fact>
        <Fact name={t("merges.sharedBorder")}>{length(group.shared_border_m)}</Fact>
      </Facts>
      <Actions group={group} state={state} pair={pair} />
      {problem && (
        <p className="service-error" role="alert">
          {language === "zh" ? problem.message_zh : problem.message}
        </p>
      )}
      <h4>{t("merges.why")}</h4>
      <ul className="reasons">
        {group.whys.map((why, index) => (
          <li key={index}>{tell(why, home)}</li>
        ))}
      </ul>
      {group.seat && <Hint>{t("merges.seatHint")}</Hint>}
      <RunnerUp group={group} result={result} />
      <Neighbours
        title={t("merges.others")}
        reasons={group.others}
        from={seeker}
        home={home}
        result={result}
      />
      <button type="button" className="link" onClick={() => setMerges({ group: null })}>
        {t("merges.unfocus")}
      </button>
    </section>
  );
}
