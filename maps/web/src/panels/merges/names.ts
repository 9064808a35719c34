/** Units and reasons in words that fit a narrow panel. */
import { useCallback, useMemo } from "react";
import type { MergeGroup, MergeResult, Reason } from "../../api/merges";
import { useAllGrids } from "../../app/allGrids";
import { useApp } from "../../app/hooks";

const CODE = /\(([0-9A-Za-z_-]{6,})\)/g;

/** A sentence without codes; a unit of another village is told with that village. */
export const plainly = (
  sentence: string,
  villageOf: (code: string) => string | null,
  home: string | null,
): string =>
  sentence
    .replace(CODE, (_, code: string) => {
      const village = villageOf(code);
      return village && village !== home ? `（${village}）` : "";
    })
    // Spaces that stood around a code; those around a number stay.
    .replace(/(?<=[\u4e00-\u9fff）])\s+(?=[\u4e00-\u9fff])/g, "");

/** The village of a grid by its code. */
function useVillageOf(): (code: string) => string | null {
  const grids = useAllGrids().data;
  return useMemo(() => {
    const villages = new Map((grids ?? []).map(({ code, village }) => [code, village]));
    return (code: string) => villages.get(code) ?? null;
  }, [grids]);
}

/** Tell a reason in the reader's language, as it is said in a village. */
export function useTell(): (reason: Reason, home?: string | null) => string {
  const language = useApp((state) => state.language);
  const villageOf = useVillageOf();
  return useCallback(
    (reason, home = null) => plainly(language === "zh" ? reason.zh : reason.en, villageOf, home),
    [language, villageOf],
  );
}

/** A group by its village, where it lies in one, and the names of its members. */
export const groupName = ({ members, village }: MergeGroup, unit: MergeResult["unit"]): string => {
  const names = members.map(({ name, code }) => name || code).join("、");
  return unit === "village" || !village ? names : `${village.name} ${names}`;
};

/** Names of units by their codes, as far as the answer names them. */
export function useUnitNames(result: MergeResult | undefined): (code: string) => string {
  const grids = useAllGrids().data;
  const names = useMemo(() => {
    const known = new Map<string, string>(
      (grids ?? []).map(({ code, village, name }) => [code, `${village ?? ""}${name}`]),
    );
    for (const { members } of result?.groups ?? []) {
      for (const { code, name } of members) if (!known.has(code)) known.set(code, name);
    }
    for (const { code, name } of [...(result?.left ?? []), ...(result?.above ?? [])]) {
      if (!known.has(code)) known.set(code, name);
    }
    return known;
  }, [grids, result]);
  return useCallback((code) => names.get(code) || code, [names]);
}
