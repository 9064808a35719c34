/** What panels use: the store, the words, the data. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { ApiError } from "../api/client";
import { fetchWorkspace } from "../api/endpoints";
import type { Workspace } from "../api/types";
import { type Translate, translator } from "../i18n/translate";
import { planStore, type PlanStore } from "../plan/store";
import { type State, store } from "./state";

export function useApp<T>(pick: (state: State) => T): T {
  return useStore(store, useShallow(pick));
}

/** What panels show of the open draft. */
export function usePlan<T>(pick: (state: PlanStore) => T): T {
  return useStore(planStore, useShallow(pick));
}

export function useT(): Translate {
  const language = useApp((state) => state.language);
  return useMemo(() => translator(language), [language]);
}

export function useWorkspace(): Workspace | undefined {
  return useQuery({ queryKey: ["workspace"], queryFn: fetchWorkspace, refetchInterval: 30_000 })
    .data;
}

/** The sentence of any failure in the reader's language. */
export function useSentence(): (error: unknown) => string {
  const language = useApp((state) => state.language);
  return (error) => (error instanceof ApiError ? error.sentence(language) : String(error));
}

/** The name of the county, and of a profile, in the reader's language. */
export function titleOf(workspace: Workspace | undefined, language: "zh" | "en"): string {
  if (!workspace) return "";
  return (language === "zh" ? workspace.title : workspace.title_en) || workspace.title;
}
