/** Names that stand in the list of all grids: of townships, and of grids with their village. */
import { useCallback, useMemo } from "react";
import { boxOfPoints, inTownship, listTownships, useAllGrids } from "../../app/allGrids";
import { spacedCode } from "../../i18n/format";

/** The names of townships by their codes, as the form and the list of runs write them. */
export function useScopes() {
  const grids = useAllGrids().data;
  return useMemo(() => {
    const townships = listTownships(grids ?? []);
    const names = new Map(townships.map(({ code, name }) => [code, name]));
    return {
      townships,
      nameOf: (code: string) => names.get(code) ?? code,
      boxOf: (code: string) =>
        boxOfPoints((grids ?? []).filter(inTownship(code)).map((row) => row.center)),
    };
  }, [grids]);
}

/** A grid by its village and its own name: there is a "第二网格" in every village. */
export function useGridName(): (code: string, name: string) => string {
  const grids = useAllGrids().data;
  const villages = useMemo(
    () => new Map((grids ?? []).map(({ code, village }) => [code, village])),
    [grids],
  );
  return useCallback(
    (code, name) => `${villages.get(code) ?? ""}${name}` || spacedCode(code),
    [villages],
  );
}
