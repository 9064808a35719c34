/** What the planner sees and has chosen: one store, read by panels and map alike. */
import { createStore } from "zustand/vanilla";
import { IN_FORCE, type Lines } from "../api/lines";
import type { Bbox, GeoJsonGeometry, Point, Problem } from "../api/types";
import { firstLanguage, type Language, loadLanguage } from "../i18n/translate";
import type { MapLayerId, Selection } from "../map/selection";

export type PanelId = "layers" | "plan" | "service" | "merges" | "lookup" | "data";
export type Colouring = "households" | "residents" | "profile_status" | "distance";

export interface LayerView {
  visible: boolean;
  opacity: number;
}

export interface State {
  language: Language;
  panel: PanelId | null;
  panelWide: boolean;
  inspector: boolean;
  drawer: boolean;
  legend: boolean;
  dialog: "help" | "print" | null;
  selection: Selection | null;
  /** Whose lines map, table, lookup and details show. */
  lines: Lines;
  hovered: string | null;
  layers: Record<MapLayerId, LayerView>;
  colouring: Colouring;
  view: { bbox: Bbox; zoom: number; resolution_m: number } | null;
  pointer: Point | null;
  picking: boolean;
  picked: Point | null;
  reachable: boolean;
  problems: Problem[];
  problemIndex: number | null;
  problemPlace: GeoJsonGeometry | null;
  /** What a print says above the map; no heading means the usual one. */
  sheet: { heading: string | null; note: string };
}

const LANGUAGE_KEY = "wangge.language";

function storedLanguage(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    // Storage can be forbidden by policy; the browser's language decides then.
    return null;
  }
}

const shown = (visible: boolean, opacity = 1): LayerView => ({ visible, opacity });

export const store = createStore<State>(() => ({
  language: firstLanguage(storedLanguage(), navigator.languages ?? []),
  panel: "layers",
  panelWide: false,
  inspector: false,
  drawer: true,
  legend: true,
  dialog: null,
  selection: null,
  lines: IN_FORCE,
  hovered: null,
  layers: {
    basemap: shown(true),
    counties: shown(true),
    townships: shown(true),
    villages: shown(true),
    natural_villages: shown(false),
    grids: shown(true),
    roads: shown(false),
    barriers: shown(false),
    households: shown(true),
    centers: shown(true),
  },
  colouring: "households",
  view: null,
  pointer: null,
  picking: false,
  picked: null,
  reachable: true,
  problems: [],
  problemIndex: null,
  problemPlace: null,
  sheet: { heading: null, note: "" },
}));

export const set = store.setState;

/** Show another language as soon as its words are here; without a server it stays as it is. */
export async function showLanguage(language: Language): Promise<void> {
  try {
    await loadLanguage(language);
  } catch {
    return;
  }
  set({ language });
}

/** Change the language and remember it in this browser. */
export function setLanguage(language: Language): void {
  void showLanguage(language);
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // Not remembered then; the switch itself still works.
  }
}

/** Whether the planner chose a language in this browser before. */
export function languageWasChosen(): boolean {
  return storedLanguage() !== null;
}

/** Select a thing and open the inspector on it. */
export function select(selection: Selection | null): void {
  set({ selection, problemPlace: null, ...(selection ? { inspector: true } : {}) });
}

/** Show the lines of a day, null those in force. An open draft is shown in any case. */
export function showDay(date: string | null): void {
  set(({ lines }) => (lines.plan ? {} : { lines: { ...IN_FORCE, date } }));
}

export function setLayer(id: MapLayerId, change: Partial<LayerView>): void {
  set((state) => ({ layers: { ...state.layers, [id]: { ...state.layers[id], ...change } } }));
}

/** Open a panel, or fold it when it is open already. */
export function togglePanel(panel: PanelId): void {
  set((state) => ({ panel: state.panel === panel ? null : panel }));
}

/** Step through the partition problems, round and round. */
export function stepProblem(by: 1 | -1): void {
  set((state) => {
    const total = state.problems.length;
    if (total === 0) return {};
    const from = state.problemIndex ?? (by === 1 ? -1 : 0);
    return { problemIndex: (from + by + total) % total };
  });
}
