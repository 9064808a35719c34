/** Keeps the open plan, whose lines the page shows, and what others do to it in step. */
import { watchEvents, watchPlan } from "../api/events";
import { IN_FORCE } from "../api/lines";
import { fetchThing } from "../api/endpoints";
import { fetchPlan, type Plan } from "../api/plans";
import { openPlan, refreshPlan, resume, watchEdits } from "../plan/session";
import { planStore, setPlan } from "../plan/store";
import { theMap } from "./mapHolder";
import { freshen, queries } from "./queries";
import { select, set, store } from "./state";

const KEY = "wangge.plan";

function remember(id: string | null): void {
  try {
    if (id) localStorage.setItem(KEY, id);
    else localStorage.removeItem(KEY);
  } catch {
    // Not remembered then: the plan is opened from the list again.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Map, table, lookup and details show the lines of the open plan; once published, those in force. */
function followLines(): void {
  const { plan } = planStore.getState();
  const { lines } = store.getState();
  if (!plan || plan.state === "published") {
    if (lines.plan) set({ lines: IN_FORCE });
    return;
  }
  if (lines.plan !== plan.id || lines.revision !== plan.revision) {
    set({ lines: { plan: plan.id, revision: plan.revision, date: null } });
  }
}

/** Open a plan from the list: the map goes to where it is about. */
export function openAndShow(plan: Plan): void {
  openPlan(plan);
  const bbox = fetchThing("divisions", plan.scope).then((division) => division.bbox);
  // A scope without an outline: the map stays where it is.
  (theMap()?.fitOnceKnown(bbox) ?? bbox).catch(() => undefined);
}

/** What is asked about a plan is asked again with its next revision. */
export const planKey = (id: string, what: string) => ["plan", id, what] as const;

/** Start following; a plan that was open before the page was loaded is opened again. */
export function followPlan(): () => void {
  const id = remembered();
  if (id && !planStore.getState().plan) {
    fetchPlan(id).then(
      (plan) => {
        if (planStore.getState().plan) return;
        openPlan(plan);
        set({ panel: "plan" });
      },
      () => remember(null),
    );
  }
  const stops = [
    planStore.subscribe(({ plan }, before) => {
      if (plan?.id !== before.plan?.id) {
        remember(plan?.id ?? null);
        watchPlan(plan?.id ?? null);
        set({ problemPlace: null });
      }
      if (plan !== before.plan) followLines();
    }),
    store.subscribe(({ reachable }, before) => {
      if (reachable === before.reachable) return;
      if (reachable) void resume().catch(() => undefined);
      else setPlan({ editors: null });
    }),
    watchEdits(({ id: edited, removed }) => {
      // A grid that is gone has no details any more.
      const { selection } = store.getState();
      if (selection?.kind === "grids" && removed.includes(selection.id)) select(null);
      void queries.invalidateQueries({ queryKey: ["plan", edited] });
    }),
    watchEvents((event) => {
      const { plan } = planStore.getState();
      if (event.kind === "presence") {
        if (event.plan === plan?.id) setPlan({ editors: event.editors });
        return;
      }
      if (event.kind !== "plan" && event.kind !== "resync" && event.kind !== "hello") return;
      // A stream that begins anew (with every plan that is opened or closed) may have missed one.
      void freshen({ queryKey: ["plans"] });
      if (event.kind === "plan") {
        if (event.id !== plan?.id) return;
        if (event.revision === plan.revision && event.state === plan.state) return;
      }
      if (!plan) return;
      void queries.invalidateQueries({ queryKey: ["plan", plan.id] });
      void refreshPlan().catch(() => undefined);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
