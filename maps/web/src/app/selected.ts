/** The thing selected, as the server knows it. */
import { useQuery } from "@tanstack/react-query";
import { fetchGrid, fetchThing } from "../api/endpoints";
import { keyOf } from "../api/lines";
import type { GridDetail, Thing } from "../api/types";
import { useApp } from "./hooks";

export type Selected =
  | { kind: "grids"; data: GridDetail }
  | { kind: "divisions" | "natural_villages" | "centers" | "households"; data: Thing };

export function useSelected() {
  const { selection, lines } = useApp((state) => ({
    selection: state.selection,
    lines: state.lines,
  }));
  const kind = selection?.kind;
  const id = selection && selection.kind !== "cluster" ? selection.id : "";
  return useQuery<Selected>({
    // A draft has grids only; other things are as they are in force.
    queryKey: ["thing", kind, id, kind === "grids" ? keyOf(lines) : ""],
    // The same thing in other lines stays in sight until it is read anew.
    placeholderData: (before, query) => (query?.queryKey[2] === id ? before : undefined),
    enabled: id !== "",
    queryFn: async ({ signal }): Promise<Selected> => {
      if (kind === "grids") return { kind, data: await fetchGrid(id, lines, signal) };
      const thing = kind as Exclude<Selected["kind"], "grids">;
      return { kind: thing, data: await fetchThing(thing, id, signal) };
    },
  });
}
