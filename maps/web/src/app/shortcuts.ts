/** The keys of the workbench; the help dialog lists the same table. */
import type { Key } from "../i18n/zh";
import { redo, undo } from "../plan/session";
import { isEditable, planStore } from "../plan/store";
import { toggleCompare } from "./comparison";
import { theMap } from "./mapHolder";
import { stepPlanProblem } from "./planProblems";
import { select, set, setLanguage, stepProblem, store, togglePanel } from "./state";

export interface Shortcut {
  keys: readonly string[];
  help: Key;
  run: (key: string) => void;
}

const PANELS = ["layers", "plan", "service", "merges", "lookup", "data"] as const;

type KeyHandler = (event: KeyboardEvent) => boolean;
let first: KeyHandler | null = null;

/** Let an open draft have the keys first; null gives them back. */
export function giveKeysTo(handler: KeyHandler | null): void {
  first = handler;
}

export function focusMap(): void {
  document.querySelector<HTMLElement>("#map")?.focus();
}

export function focusSearch(): void {
  document.querySelector<HTMLElement>("#search")?.focus();
}

function escape(): void {
  const state = store.getState();
  if (state.picking) set({ picking: false });
  else if (state.selection) select(null);
  else set({ inspector: false });
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["/"], help: "help.search", run: focusSearch },
  {
    keys: ["1", "2", "3", "4", "5", "6"],
    help: "help.panels",
    run: (key) => togglePanel(PANELS[Number(key) - 1] ?? "layers"),
  },
  { keys: ["M"], help: "help.map", run: focusMap },
  {
    keys: ["+", "-"],
    help: "help.zoom",
    run: (key) => theMap()?.zoomBy(key === "-" ? -1 : 1),
  },
  { keys: ["0"], help: "help.extent", run: () => theMap()?.fitCounty() },
  { keys: ["T"], help: "help.table", run: () => set((state) => ({ drawer: !state.drawer })) },
  {
    keys: ["I"],
    help: "help.inspector",
    run: () => set((state) => ({ inspector: !state.inspector })),
  },
  {
    keys: ["N", "B"],
    help: "help.problem",
    run: (key) => {
      const by = key.toUpperCase() === "N" ? 1 : -1;
      if (planStore.getState().plan) void stepPlanProblem(by);
      else stepProblem(by);
    },
  },
  { keys: ["D"], help: "help.compare", run: toggleCompare },
  { keys: ["P"], help: "help.print", run: () => set({ dialog: "print" }) },
  {
    keys: ["L"],
    help: "help.language",
    run: () => setLanguage(store.getState().language === "zh" ? "en" : "zh"),
  },
  { keys: ["Esc"], help: "help.escape", run: escape },
  { keys: ["?"], help: "help.help", run: () => set({ dialog: "help" }) },
];

const BY_KEY = new Map(
  SHORTCUTS.flatMap((shortcut) =>
    shortcut.keys.map((key) => [key === "Esc" ? "ESCAPE" : key.toUpperCase(), shortcut] as const),
  ),
);

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(
    element?.closest?.(
      "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select",
    ),
  );
}

/** Steps back and forth are the plan's, not the map's: they work before its tools have come. */
function takeStep(event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || !isEditable(planStore.getState())) return false;
  const key = event.key.toUpperCase();
  if (key === "Z") void (event.shiftKey ? redo() : undo());
  else if (key === "Y") void redo();
  else return false;
  return true;
}

/** The handler of the page's keydown. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || isTyping(event.target) || store.getState().dialog) return;
  if (document.querySelector("[aria-modal=true]")) return;
  if (takeStep(event) || first?.(event)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key === "=" ? "+" : event.key;
  const shortcut = BY_KEY.get(key.toUpperCase());
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run(key);
}
