/** What happens to the open draft: asked of the server, one write at a time, never assumed. */
import { ApiError } from "../api/client";
import {
  type Edit,
  type EditAnswer,
  fetchPlan,
  makeEdit,
  type Plan,
  previewEdit,
  stepLog,
} from "../api/plans";
import type { GeoJsonGeometry } from "../api/types";
import { CLOSED, type Conflict, planStore, type Refusal, setPlan } from "./store";
import { dropSketch, keptSketch } from "./sketch";

/** Statuses of a write that was made for another revision than the plan has now. */
const STALE = new Set([409, 412]);

type Listener = (answer: EditAnswer) => void;
const listeners = new Set<Listener>();

/** Be told of every edit, undo and redo made here; returns the way to stop. */
export function watchEdits(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Show a plan. A shape kept from before is offered again. */
export function openPlan(plan: Plan): void {
  asked?.abort();
  setPlan({ ...CLOSED, plan, kept: plan.state === "draft" ? keptSketch(plan.id) : null });
}

export function closePlan(): void {
  asked?.abort();
  setPlan({ ...CLOSED });
}

/** Read the plan again; what was previewed on an older revision is asked for again. */
export async function refreshPlan(): Promise<void> {
  const { plan } = planStore.getState();
  if (!plan) return;
  take(await fetchPlan(plan.id));
}

/** Take over what the server says of the plan, unless it is older than what is known. */
export function take(now: Plan): void {
  const { plan, preview } = planStore.getState();
  if (plan?.id !== now.id || now.revision < plan.revision) return;
  setPlan({ plan: now });
  if (preview && now.revision !== plan.revision) {
    if (now.state === "draft") void ask(preview.edit);
    else setPlan({ preview: null });
  }
}

let asked: AbortController | null = null;

/** Ask what an edit would do; the answer is the preview or the refusal. Returns whether it may be made. */
export async function ask(edit: Edit): Promise<boolean> {
  const { plan } = planStore.getState();
  if (!plan) return false;
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  setPlan({ asking: true, refusal: null });
  try {
    const answer = await previewEdit(plan.id, edit, plan.revision, mine.signal);
    setPlan({ asking: false, preview: { edit, answer } });
    return true;
  } catch (error) {
    if (mine.signal.aborted) return false;
    setPlan({ asking: false, preview: null });
    fail(error, edit, plan.revision);
    return false;
  }
}

/** Make the edit that is previewed. */
export async function apply(): Promise<boolean> {
  const { preview } = planStore.getState();
  return preview ? make(preview.edit) : false;
}

/** Make an edit. Returns whether it was made. */
export function make(edit: Edit): Promise<boolean> {
  return write(edit, (plan) => makeEdit(plan.id, edit, plan.revision), edit.type);
}

/** Take the last edit back; nothing happens where there is none. */
export async function undo(): Promise<boolean> {
  if (!planStore.getState().plan?.head) return false;
  return write(null, (plan) => stepLog(plan.id, "undo", plan.revision), "undo");
}

/** Make again what was taken back last. */
export async function redo(): Promise<boolean> {
  if (!planStore.getState().plan?.undone) return false;
  return write(null, (plan) => stepLog(plan.id, "redo", plan.revision), "redo");
}

async function write(
  edit: Edit | null,
  send: (plan: Plan) => Promise<EditAnswer>,
  type: NonNullable<ReturnType<typeof planStore.getState>["made"]>["type"],
): Promise<boolean> {
  const { plan, writing } = planStore.getState();
  if (!plan || writing) return false;
  asked?.abort();
  setPlan({ writing: true, refusal: null });
  try {
    const answer = await send(plan);
    dropSketch();
    setPlan(({ chosen, sources, plan: known }) => {
      const isThere = (code: string) => !answer.removed.includes(code);
      return {
        // The rest of the plan's head (touched villages, box) follows with the next reading.
        plan:
          known?.id === plan.id && known.revision <= answer.revision
            ? { ...known, revision: answer.revision, head: answer.head, state: answer.state }
            : known,
        preview: null,
        asking: false,
        chosen: chosen.filter(isThere),
        sources: sources.filter(isThere),
        made: { type, revision: answer.revision },
      };
    });
    for (const listener of listeners) listener(answer);
    void refreshPlan().catch(() => undefined);
    return true;
  } catch (error) {
    fail(error, edit, plan.revision);
    return false;
  } finally {
    setPlan({ writing: false });
  }
}

/** Sort a failure: somebody was faster, it is not possible, or the server is away. */
export function fail(error: unknown, edit: Edit | null, seen: number): void {
  if (!(error instanceof ApiError)) throw error;
  if (STALE.has(error.status) && error.key === "plan_changed") {
    const conflict: Conflict = { edit, error, seen };
    setPlan({ conflict });
    return;
  }
  setPlan({ refusal: refusalOf(edit, error) });
}

export function refusalOf(edit: Edit | null, error: ApiError): Refusal {
  const { geometry, grids, fix } = error.details as {
    geometry?: GeoJsonGeometry;
    grids?: unknown;
    fix?: Edit;
  };
  return {
    edit,
    error,
    geometry: geometry ?? null,
    grids: Array.isArray(grids) ? grids.map(String) : [],
    fix: fix ?? null,
  };
}

/** Ask what the way out of a refusal would do. */
export async function askFix(): Promise<boolean> {
  const fix = planStore.getState().refusal?.fix;
  return fix ? ask(fix) : false;
}

/** Drop the preview and the refusal. Returns whether there was anything to drop. */
export function discard(): boolean {
  const { preview, refusal, asking } = planStore.getState();
  asked?.abort();
  setPlan({ preview: null, refusal: null, asking: false });
  return Boolean(preview ?? refusal) || asking;
}
