/** Following a run: by its events, and by asking now and then in case one was missed. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "../../api/client";
import { type RunChange, watchEvents } from "../../api/events";
import {
  type AnalysisName,
  type AnyRequest,
  type AnyRun,
  cancelRun,
  fetchResult,
  fetchRun,
  fetchRunLayer,
  fetchRuns,
  fetchWay,
  isOver,
  restartRun,
  type Run,
  startRun,
} from "../../api/runs";
import type { ServiceResult } from "../../api/service";
import type { Point } from "../../api/types";
import { showMerges } from "../../app/merges";
import { queries } from "../../app/queries";
import { forgetRun, serviceStore, showRun, shownRun, useService } from "../../app/service";

const ASK_AGAIN_MS = 1500;
const LISTED = 8;

/** A run as it is told: at once on show, and the rest of it asked for when it is over. */
export function hearRun({ id, state, progress, step }: RunChange): void {
  queries.setQueryData<AnyRun>(["run", id], (run) => run && { ...run, state, progress, step });
  if (isOver(state)) void queries.invalidateQueries({ queryKey: ["run", id] });
  if (isOver(state) || state === "queued") void queries.invalidateQueries({ queryKey: ["runs"] });
}

/** Start listening; returns the way to stop. */
export const followRuns = () =>
  watchEvents((event) => {
    if (event.kind === "run") hearRun(event);
  });

function take(run: AnyRun): void {
  queries.setQueryData(["run", run.id], run);
  if (run.analysis === "merges") showMerges(run.id);
  else showRun(run.analysis, run.id);
  void queries.invalidateQueries({ queryKey: ["runs"] });
}

/** Ask a question: the run is on show at once, whatever becomes of it. */
export const useStart = () =>
  useMutation({ mutationFn: (request: AnyRequest) => startRun(request), onSuccess: take });

export const useRestart = () =>
  useMutation({ mutationFn: (id: string) => restartRun(id), onSuccess: take });

export const useCancel = () =>
  useMutation({
    mutationFn: (id: string) => cancelRun(id),
    // Also when it was over already: then it is shown as what it is.
    onSettled: (_, __, id) => {
      void queries.invalidateQueries({ queryKey: ["run", id] });
      void queries.invalidateQueries({ queryKey: ["runs"] });
    },
  });

/** A run as far as it is; one that is not there any more is forgotten. */
export function useRun<R extends AnyRun>(id: string | null, forget: (id: string) => void) {
  const asked = useQuery<R>({
    queryKey: ["run", id],
    enabled: id !== null,
    queryFn: ({ signal }) => fetchRun<R>(id ?? "", signal),
    refetchInterval: ({ state: { data } }) => (data && !isOver(data.state) ? ASK_AGAIN_MS : false),
  });
  const isGone = asked.error instanceof ApiError && asked.error.status === 404;
  useEffect(() => {
    if (isGone && id) forget(id);
  }, [isGone, id, forget]);
  return { id, run: id ? asked.data : undefined, error: isGone ? null : asked.error };
}

/** The run on show. */
export const useShownRun = () => useRun<Run>(useService(shownRun), forgetRun);

/** The numbers of the run on show, once it is done. */
export function useResult<T extends ServiceResult>() {
  const { id, run } = useShownRun();
  return useQuery({
    queryKey: ["run-result", id],
    enabled: run?.state === "done",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => fetchResult<T>(id ?? "", signal),
  });
}

/** A layer of a run that is done, as GeoJSON. */
export function useLayerOf(run: AnyRun | undefined, layer: string, wanted = true): object | null {
  const isThere = wanted && run?.state === "done";
  const asked = useQuery({
    queryKey: ["run-layer", run?.id, layer],
    enabled: isThere,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => fetchRunLayer(run?.id ?? "", layer, signal),
  });
  return isThere ? (asked.data ?? null) : null;
}

/** A layer of the run on show. */
export const useRunLayer = (layer: string, wanted: boolean) =>
  useLayerOf(useShownRun().run, layer, wanted);

/**
 * The way from the place in focus to its nearest center; within capacities, where people may be
 * assigned to another, to the one picked in the table.
 */
export function useWay() {
  const { id, run } = useShownRun();
  const place = useService((state) => state.place);
  const chosen = useService(({ tab, chosen }) => (tab === "service_radius" ? chosen : null));
  const center = run?.parameters.capacity ? chosen : null;
  const asked = useQuery({
    queryKey: ["run-way", id, place, center],
    enabled: place !== null && run?.state === "done",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => fetchWay(id ?? "", place as Point, center, signal),
  });
  return { place: run?.state === "done" ? place : null, center, ...asked };
}

export function useRecentRuns<R extends AnyRun = Run>(analysis: R["analysis"]) {
  return useQuery({
    queryKey: ["runs", analysis],
    queryFn: async ({ signal }) => (await fetchRuns<R>(analysis, signal)).runs.slice(0, LISTED),
  });
}

/** What is shown when nobody has chosen: the newest answer, or the one that is on its way. */
export function newestOf<R extends AnyRun>(runs: readonly R[], plan: string | null): R | null {
  const shown = (run: R) =>
    (run.state === "done" || !isOver(run.state)) && (run.plan === null || run.plan === plan);
  return runs.find(shown) ?? null;
}

/** Whether nobody has looked at this analysis yet, here or after a reload. */
export const isUnseen = (analysis: AnalysisName): boolean =>
  serviceStore.getState().runs[analysis] === undefined;
