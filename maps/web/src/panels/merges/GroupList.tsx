/** The suggested groups, linked with the map; the one in focus tells everything about itself. */
import { Badge, UnstyledButton } from "@mantine/core";
import type { MergeGroup, MergeResult } from "../../api/merges";
import { useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { setMerges, useMerges } from "../../app/merges";
import { count } from "../../i18n/format";
import type { Key } from "../../i18n/zh";
import { LongList } from "../compare/LongList";
import { Hint } from "../parts";
import { costText } from "../service/words";
import { useApplied, useOutcome } from "./accept";
import { isPinned, isRejected, useDecisions } from "./decisions";
import { GroupDetail } from "./GroupDetail";
import { groupName, useTell } from "./names";

const ROW_HEIGHT = 66;

export type GroupState = "applied" | "refused" | "pinned" | "rejected" | "nothing";

const STATE_WORDS: Record<GroupState, Key> = {
  applied: "merges.state.applied",
  refused: "merges.state.refused",
  pinned: "merges.state.pinned",
  rejected: "merges.state.rejected",
  nothing: "merges.state.nothing",
};

/** What has become of a group; null while nobody has decided. */
function useStateOf(): (group: MergeGroup) => GroupState | null {
  const applied = useApplied();
  const { refused } = useOutcome();
  const decisions = useDecisions();
  return ({ id, members, edit }) => {
    const codes = members.map(({ code }) => code);
    if (applied.has(id)) return "applied";
    if (refused.has(id)) return "refused";
    if (isPinned(decisions, codes)) return "pinned";
    if (isRejected(decisions, codes)) return "rejected";
    return edit === null ? "nothing" : null;
  };
}

interface RowProps {
  group: MergeGroup;
  number: number;
  result: MergeResult;
  state: GroupState | null;
}

function GroupRow({ group, number, result, state }: RowProps) {
  const t = useT();
  const tell = useTell();
  const { current, hovered } = useMerges((now) => ({
    current: now.group === group.id,
    hovered: now.hovered === group.id,
  }));
  const why = group.whys[0];
  return (
    <UnstyledButton
      className="area-button merge-button"
      data-group={group.id}
      data-current={current}
      data-hovered={hovered}
      data-state={state}
      aria-current={current}
      onPointerEnter={() => setMerges({ hovered: group.id })}
      onPointerLeave={() => setMerges({ hovered: null })}
      onClick={() => {
        setMerges({ group: group.id, unit: null });
        theMap()?.fit(group.bbox, 14.5);
      }}
    >
      <span className="rank figures">{number}</span>
      <span className="area-text">
        <span className="area-people">
          <strong>{groupName(group, result.unit)}</strong>
          {state && (
            <Badge size="xs" variant="light" tt="none" className="group-state" data-state={state}>
              {t(STATE_WORDS[state])}
            </Badge>
          )}
        </span>
        <span className="figures">
          {t("merges.people", {
            households: count(group.households),
            residents: count(group.residents),
          })}
          {group.span !== null &&
            ` · ${t("merges.spanShort", { n: costText(t, group.span, result.unit_of_span) })}`}
          {group.seat && ` · ${t("merges.state.seat")}`}
        </span>
        <span>{why ? tell(why, group.village?.name) : ""}</span>
      </span>
    </UnstyledButton>
  );
}

export function GroupList({ result }: { result: MergeResult }) {
  const t = useT();
  const group = useMerges((state) => state.group);
  const stateOf = useStateOf();
  const { groups } = result;
  if (groups.length === 0) return <Hint>{t("merges.groups.none")}</Hint>;
  const at = groups.findIndex(({ id }) => id === group);
  const current = groups[at];
  return (
    <>
      <LongList
        label={t("merges.layer.groups")}
        count={groups.length}
        rowHeight={ROW_HEIGHT}
        at={at < 0 ? null : at}
        row={(index) => {
          const one = groups[index] as MergeGroup;
          return <GroupRow group={one} number={index + 1} result={result} state={stateOf(one)} />;
        }}
      />
      {current && (
        <GroupDetail key={current.id} group={current} result={result} state={stateOf(current)} />
      )}
    </>
  );
}
