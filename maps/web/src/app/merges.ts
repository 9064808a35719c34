/** Which suggestions of merges are on show, and what of them is in focus. */
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { createStore } from "zustand/vanilla";
import type { Tried } from "../map/mergeStyles";
import { set, store } from "./state";

export const MERGE_LISTS = ["groups", "left", "above", "townships"] as const;
export type MergeList = (typeof MERGE_LISTS)[number];

export interface MergesState {
  /** Run on show: not there until somebody has looked, null once it was cleared. */
  run?: string | null;
  list: MergeList;
  /** Group and unit in focus. */
  group: string | null;
  unit: string | null;
  /** Group or unit under the pointer, on the map or in a list. */
  hovered: string | null;
  hidden: readonly string[];
  /** While the form is open. */
  tried: Tried | null;
}

/** Kept for this tab of the browser: a reload goes on following its run. */
const KEY = "wangge.merges";

const NO_FOCUS = { group: null, unit: null, hovered: null } as const;

interface Kept {
  run?: string | null;
  open: boolean;
}

function remembered(): Kept {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Kept>;
    return { ...(kept.run === undefined ? {} : { run: kept.run }), open: kept.open === true };
  } catch {
    // Not kept then: the newest answer of the server is shown instead.
    return { open: false };
  }
}

function remember(): void {
  const { run } = mergesStore.getState();
  const open = store.getState().panel === "merges";
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ run, open }));
  } catch {
    // As above.
  }
}

export const mergesStore = createStore<MergesState>(() => {
  const { run } = remembered();
  return {
    ...(run === undefined ? {} : { run }),
    list: "groups",
    ...NO_FOCUS,
    hidden: [],
    tried: null,
  };
});
export const setMerges = mergesStore.setState;

export function useMerges<T>(pick: (state: MergesState) => T): T {
  return useStore(mergesStore, useShallow(pick));
}

/** Show the suggestions of a run, or with null none. */
export const showMerges = (run: string | null) => setMerges({ run, ...NO_FOCUS });

/** Forget a run that is not there any more, so that the newest is looked for. */
export function forgetMerges(): void {
  const { list, hidden, tried } = mergesStore.getState();
  mergesStore.setState({ list, hidden, tried, ...NO_FOCUS }, true);
}

/** Start remembering; the panel is opened again if it was open before a reload. */
export function followMerges(): () => void {
  if (remembered().open) set({ panel: "merges" });
  const stops = [
    mergesStore.subscribe((now, before) => {
      if (now.run !== before.run) remember();
    }),
    store.subscribe((now, before) => {
      if (now.panel !== before.panel) remember();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
