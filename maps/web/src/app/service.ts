/** Which answer of the service analyses is on show, and what of it is in focus. */
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { createStore } from "zustand/vanilla";
import { ANALYSES, type AnalysisName } from "../api/runs";
import type { Point } from "../api/types";
import type { Key } from "../i18n/zh";
import type { Classes } from "../map/classes";
import { set, store } from "./state";

/** The colours of grids by the score of a run instead of a number of theirs. */
export interface Painted {
  title: Key;
  /** What the scores are per thousand of. */
  per: Key;
  classes: Classes;
  scores: ReadonlyMap<string, number | null>;
  /** The limits between the classes, as the legend writes them. */
  words: readonly string[];
}

export interface ServiceState {
  tab: AnalysisName;
  /** Run on show by tab: not there until somebody has looked, null once it was cleared. */
  runs: Partial<Record<AnalysisName, string | null>>;
  /** Gap, center and place in focus. */
  rank: number | null;
  center: string | null;
  /** The center picked in the table: within capacities ways lead there. */
  chosen: string | null;
  place: Point | null;
  /** Layers of the answer that are switched off: land in reach says the same as the gaps. */
  hidden: readonly string[];
  painted: Painted | null;
}

/** Kept for this tab of the browser: a reload goes on following its run. */
const KEY = "wangge.service";

export const NO_FOCUS = { rank: null, center: null, chosen: null, place: null } as const;

function remembered(): Pick<ServiceState, "tab" | "runs"> & { open: boolean } {
  const nothing = { tab: ANALYSES[0], runs: {}, open: false };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<typeof nothing>;
    const tab = ANALYSES.find((name) => name === kept.tab) ?? nothing.tab;
    return { tab, runs: kept.runs ?? {}, open: kept.open === true };
  } catch {
    // Not kept then: the newest answer of the server is shown instead.
    return nothing;
  }
}

function remember(): void {
  const { tab, runs } = serviceStore.getState();
  const open = store.getState().panel === "service";
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ tab, runs, open }));
  } catch {
    // As above.
  }
}

export const serviceStore = createStore<ServiceState>(() => {
  const { tab, runs } = remembered();
  return { tab, runs, ...NO_FOCUS, hidden: ["reach"], painted: null };
});
export const setService = serviceStore.setState;

export function useService<T>(pick: (state: ServiceState) => T): T {
  return useStore(serviceStore, useShallow(pick));
}

/** The run whose answer panel and map show; null for none. */
export const shownRun = ({ tab, runs }: ServiceState): string | null => runs[tab] ?? null;

/** Show the answer of a run, or with null none. */
export function showRun(analysis: AnalysisName, id: string | null): void {
  setService(({ runs }) => ({ runs: { ...runs, [analysis]: id }, ...NO_FOCUS }));
}

/** Forget a run that is not there any more, so that the newest is looked for. */
export function forgetRun(id: string): void {
  setService(({ runs }) => ({
    runs: Object.fromEntries(Object.entries(runs).filter(([, run]) => run !== id)),
    ...NO_FOCUS,
  }));
}

export function toggleLayer(layer: string): void {
  setService(({ hidden }) => ({
    hidden: hidden.includes(layer) ? hidden.filter((id) => id !== layer) : [...hidden, layer],
  }));
}

/** Start remembering; the panel is opened again if it was open before a reload. */
export function followService(): () => void {
  if (remembered().open) set({ panel: "service" });
  const stops = [
    serviceStore.subscribe((now, before) => {
      if (now.runs !== before.runs || now.tab !== before.tab) remember();
    }),
    store.subscribe((now, before) => {
      if (now.panel !== before.panel) remember();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
