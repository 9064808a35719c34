/** The gap run on show: its state, its numbers, its layers. */
import { useQuery } from "@tanstack/react-query";
import { getJson } from "../api/client";
import { fetchGapResult, fetchRun, runLayerUrl } from "../api/endpoints";
import { useApp } from "./hooks";

const POLL_MS = 700;
const over = (state: string | undefined) =>
  state !== undefined && state !== "queued" && state !== "running";

export function useGapRun() {
  const id = useApp((state) => state.gapRun);
  const run = useQuery({
    queryKey: ["run", id],
    enabled: id !== null,
    queryFn: () => fetchRun(id ?? ""),
    refetchInterval: (query) => (over(query.state.data?.state) ? 30_000 : POLL_MS),
  });
  const done = id !== null && run.data?.state === "done";
  const result = useQuery({
    queryKey: ["run-result", id],
    enabled: done,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => fetchGapResult(id ?? ""),
  });
  return { id, run: run.data, result: result.data, error: run.error ?? result.error };
}

/** GeoJSON of the run's areas and unserved households, for the map. */
export function useGapLayers() {
  const { id, run } = useGapRun();
  return useQuery({
    queryKey: ["run-layers", id],
    enabled: id !== null && run?.state === "done",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const [areas, unserved] = await Promise.all([
        getJson<object>(runLayerUrl(id ?? "", "areas"), signal),
        getJson<object>(runLayerUrl(id ?? "", "unserved"), signal),
      ]);
      return { areas, unserved };
    },
  }).data;
}
