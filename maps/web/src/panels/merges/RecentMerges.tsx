/** The latest runs of merges: suggestions that are there are there at once. */
import { useT } from "../../app/hooks";
import { showMerges, useMerges } from "../../app/merges";
import { RunList } from "../service/RecentRuns";
import { useRecentMerges } from "./follow";
import { mergeText } from "./question";

export function RecentMerges({ nameOf }: { nameOf: (code: string) => string }) {
  const t = useT();
  return (
    <RunList
      runs={useRecentMerges().data ?? []}
      shown={useMerges((state) => state.run ?? null)}
      textOf={(run) => mergeText(t, run.parameters, nameOf)}
      onPick={(run) => showMerges(run.id)}
    />
  );
}
