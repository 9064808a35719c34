/** The thing selected, as the server knows it. */
import { useQuery } from "@tanstack/react-query";
import { fetchGrid, fetchThing } from "../api/endpoints";
import type { GridDetail, Thing } from "../api/types";
import { useApp } from "./hooks";

export type Selected =
  | { kind: "grids"; data: GridDetail }
  | { kind: "divisions" | "natural_villages" | "centers" | "households"; data: Thing };

export function useSelected() {
  const selection = useApp((state) => state.selection);
  const kind = selection?.kind;
  const id = selection && selection.kind !== "cluster" ? selection.id : "";
  return useQuery({
    queryKey: ["thing", kind, id],
    enabled: id !== "",
    queryFn: async ({ signal }): Promise<Selected> => {
      if (kind === "grids") return { kind, data: await fetchGrid(id, signal) };
      const thing = kind as Exclude<Selected["kind"], "grids">;
      return { kind: thing, data: await fetchThing(thing, id, signal) };
    },
  });
}
