/** What is suggested: before and after, group by group, what is left over, what is too large. */
import { SegmentedControl } from "@mantine/core";
import type { MergeResult, MergeRun, SizeCounts } from "../../api/merges";
import { useApp, useT } from "../../app/hooks";
import { MERGE_LISTS, setMerges, useMerges } from "../../app/merges";
import { count } from "../../i18n/format";
import { translateLoose } from "../../i18n/translate";
import { Card, Hint } from "../parts";
import { Downloads } from "../service/Downloads";
import { ResultFrame, Warnings } from "../service/ResultFrame";
import { DecisionsCard } from "./DecisionsCard";
import { DraftCard } from "./DraftCard";
import { useMergeResult } from "./follow";
import { GroupList } from "./GroupList";
import { JointVillages } from "./JointVillages";
import { rulesText } from "./question";
import { SizeBars } from "./SizeBars";
import { TownshipTable } from "./TownshipTable";
import { AboveList, LeftList } from "./UnitLists";

const TABLES = [
  { table: "groups", name: "merges.table.groups", placed: true },
  { table: "units", name: "merges.table.units", placed: true },
  { table: "left", name: "merges.table.left", placed: true },
  { table: "above", name: "merges.table.above", placed: true },
  { table: "townships", name: "merges.table.townships", placed: false },
] as const;

const STATES = ["below", "within", "above", "empty"] as const;
/** Of many warnings of one kind the first say enough. */
const WARNINGS = 3;

function headline(t: ReturnType<typeof useT>, { counts, counts_after, groups }: MergeResult) {
  const before = count(counts.below);
  if (counts.below === 0 && groups.length === 0) return t("merges.fine");
  if (groups.length === 0) return t("merges.nothing", { before });
  return t("merges.headline", {
    groups: count(groups.length),
    before,
    after: count(counts_after.below),
  });
}

function BeforeAfter({ before, after }: { before: SizeCounts; after: SizeCounts }) {
  const t = useT();
  return (
    <table className="state-list before-after figures">
      <thead>
        <tr>
          <th>{t("merges.size")}</th>
          <th>{t("merges.before")}</th>
          <th>{t("merges.after")}</th>
        </tr>
      </thead>
      <tbody>
        {STATES.map((state) => (
          <tr key={state} data-state={state}>
            <th scope="row">{t(`merges.count.${state}`)}</th>
            <td>{count(before[state])}</td>
            <td>{count(after[state])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Headline({ run, result }: { run: MergeRun; result: MergeResult }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const rules = Object.entries(result.rules).map(([area, one]) =>
    [translateLoose(language, `area.${area}`), rulesText(t, one)].filter(Boolean).join(" "),
  );
  const { histogram } = result;
  return (
    <Card>
      <p className="headline merge-headline">{headline(t, result)}</p>
      <Hint>
        {t("merges.ofRules", { rules: rules.join(" · ") })}
        {" · "}
        {t(result.proved ? "merges.proved" : "merges.notProved")}
      </Hint>
      <BeforeAfter before={result.counts} after={result.counts_after} />
      <SizeBars
        measure={histogram.measure}
        edges={histogram.edges}
        counts={histogram.after}
        before={histogram.before}
        rules={result.rules}
      />
      <Warnings problems={distinct(result.problems)} />
      <Downloads run={run.id} tables={TABLES} />
    </Card>
  );
}

/** A town seat in a group is told with the group; of the rest each kind once. */
const distinct = (problems: MergeResult["problems"]) =>
  problems
    .filter(({ key }) => key !== "merge_holds_seat")
    .filter(({ key }, index, all) => all.findIndex((one) => one.key === key) === index)
    .slice(0, WARNINGS);

const LISTS = { groups: GroupList, left: LeftList, above: AboveList, townships: TownshipTable };

function Lists({ result }: { result: MergeResult }) {
  const t = useT();
  const list = useMerges((state) => state.list);
  const List = LISTS[list];
  return (
    <Card>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("merges.lists")}
        value={list}
        onChange={(value) => setMerges({ list: value, group: null, unit: null })}
        data={MERGE_LISTS.map((value) => ({
          value,
          label: t(`merges.list.${value}`, { n: count(result[value].length) }),
        }))}
      />
      <div className="merge-list">
        <List result={result} />
      </div>
    </Card>
  );
}

export function MergeResults({ run }: { run: MergeRun }) {
  const asked = useMergeResult();
  return (
    <ResultFrame asked={asked}>
      {(result) => (
        <>
          <Headline run={run} result={result} />
          <DecisionsCard run={run} result={result} />
          <Lists result={result} />
          <DraftCard run={run} result={result} />
          {result.unit === "village" && <JointVillages />}
        </>
      )}
    </ResultFrame>
  );
}
