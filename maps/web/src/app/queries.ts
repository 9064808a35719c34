/** How answers of the server are kept, tried again and thrown away. */
import { type InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // An outage is waited out by the watcher; a refusal will not change by asking again.
      retry: (failures, error) => error instanceof ApiError && error.isOutage && failures < 2,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/**
 * Have answers read anew. One that is being read for the first time is waited for: it would
 * otherwise be taken for fresh, though it may be from before what we were told of.
 */
export async function freshen(filters: InvalidateQueryFilters): Promise<void> {
  const first = queries
    .getQueryCache()
    .findAll(filters)
    .filter(({ state }) => state.data === undefined && state.fetchStatus === "fetching")
    .map((query) => query.fetch().catch(() => undefined));
  await Promise.all([queries.invalidateQueries(filters), ...first]);
  if (first.length > 0) await queries.invalidateQueries(filters);
}
