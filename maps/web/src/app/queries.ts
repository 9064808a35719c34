/** How answers of the server are kept, tried again and thrown away. */
import { QueryClient } from "@tanstack/react-query";
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
