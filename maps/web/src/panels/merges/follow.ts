/** The run of merges on show, its answer, and counts for sizes that are being tried. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import {
  fetchMergeCounts,
  type MergeCounts,
  type MergeResult,
  type MergeRun,
} from "../../api/merges";
import { fetchResult } from "../../api/runs";
import { usePlan, useWorkspace } from "../../app/hooks";
import { forgetMerges, useMerges } from "../../app/merges";
import { useLayerOf, useRecentRuns, useRun } from "../service/follow";
import { countsOf, type Draft, type MergeQuestion } from "./question";

/** A slider on its way asks a few times a second. */
const PAUSE_MS = 120;

export const useMergeRun = () =>
  useRun<MergeRun>(
    useMerges((state) => state.run ?? null),
    forgetMerges,
  );

export const useRecentMerges = () => useRecentRuns<MergeRun>("merges");

/** The suggestions of the run on show, once it is done. */
export function useMergeResult() {
  const { id, run } = useMergeRun();
  return useQuery({
    queryKey: ["run-result", id],
    enabled: run?.state === "done",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => fetchResult<MergeResult>(id ?? "", signal),
  });
}

export const useMergeLayer = (layer: "units" | "groups") => useLayerOf(useMergeRun().run, layer);

/** The open plan as long as it can be drawn in. */
export function useDraft(): Draft | null {
  const { id, scope } = usePlan(({ plan }) => ({
    id: plan?.state === "draft" ? plan.id : null,
    scope: plan?.scope ?? "",
  }));
  return id === null ? null : { id, scope };
}

/** What a question, as it is written into a key, is about. */
const unitOf = (asked: unknown): string | null =>
  typeof asked === "string" ? (JSON.parse(asked) as ReturnType<typeof countsOf>).unit : null;

/** Units by size, for the sizes in the form; those of a moment ago until the answer is there. */
export function useMergeCounts(question: MergeQuestion, wanted: boolean) {
  const draft = useDraft();
  const revision = usePlan(({ plan }) => plan?.revision ?? 0);
  const layers = useWorkspace()?.layers;
  const version = layers ? `${layers.grids.version} ${layers.households.version}` : "";
  const [asked] = useDebouncedValue(JSON.stringify(countsOf(question, draft)), PAUSE_MS);
  return useQuery<MergeCounts>({
    queryKey: ["merge-counts", asked, asked.includes('"plan":null') ? 0 : revision, version],
    enabled: wanted,
    staleTime: 60_000,
    // Numbers of other units would be taken for those of these.
    placeholderData: (before, query) =>
      unitOf(query?.queryKey[1]) === unitOf(asked) ? before : undefined,
    queryFn: ({ signal }) =>
      fetchMergeCounts(JSON.parse(asked) as ReturnType<typeof countsOf>, signal),
  });
}
