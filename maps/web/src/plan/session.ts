/** What happens to the open draft: asked of the server, one write at a time, never assumed. */
import { ApiError } from "../api/client";
import {
  copyPlan,
  type Edit,
  type EditAnswer,
  fetchPlan,
  fetchPlanLog,
  makeEdit,
  type Plan,
  previewEdit,
  renamePlan,
  stepLog,
} from "../api/plans";
import type { GeoJsonGeometry } from "../api/types";
import { branchPosition, gridsTouched } from "./conflicts";
import { CLOSED, type Made, planStore, type Refusal, setPlan } from "./store";
import { dropSketch, keptSketch } from "./sketch";

/** Refusals of a write because of what somebody else did meanwhile. */
const OVERTAKEN = new Set(["plan_changed", "plan_not_draft", "plan_wrong_state"]);
/** How often something harmless is tried again while others are busy on the same plan. */
const TRIES = 4;

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
  unanswered = null;
  setPlan({ ...CLOSED, plan, kept: plan.state === "draft" ? keptSketch(plan.id) : null });
}

export function closePlan(): void {
  asked?.abort();
  unanswered = null;
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
  const { plan, asking, writing } = planStore.getState();
  if (plan?.id !== now.id || now.revision < plan.revision) return;
  // Nothing is chosen for an edit where none is possible any more.
  setPlan({ plan: now, ...(now.state === "draft" ? {} : { chosen: [], sources: [] }) });
  // What is being asked notices by itself that it was asked of an older revision. While something
  // is written the news may be that very write, come before its answer: `send` asks if it is not.
  // While a write is without an answer the news may be of it as well: `resume` finds out.
  if (!asking && !writing && !unanswered && now.revision !== plan.revision) askAgain();
}

/** Ask once more what the previewed edit would do, now that the plan is another. */
function askAgain(): void {
  const { preview } = planStore.getState();
  if (preview) void ask(preview.edit);
}

let asked: AbortController | null = null;

/** Ask what an edit would do; the answer is the preview or the refusal. Returns whether it may be made. */
export async function ask(edit: Edit): Promise<boolean> {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  setPlan({ asking: true, refusal: null });
  for (let tries = 1; ; tries += 1) {
    const { plan } = planStore.getState();
    if (!plan) return false;
    try {
      const answer = await previewEdit(plan.id, edit, plan.revision, mine.signal);
      if (mine.signal.aborted) return false;
      if (isBehind(plan) && tries < TRIES) continue;
      setPlan({ asking: false, preview: { edit, answer } });
      return true;
    } catch (error) {
      if (mine.signal.aborted) return false;
      // Nothing was written: look at what is there now, and ask that.
      if (isStale(error) && tries < TRIES && (await isRefreshed())) continue;
      if (mine.signal.aborted) return false;
      fail(error, edit, plan);
      setPlan({ asking: false, preview: null });
      return false;
    }
  }
}

const isBehind = (plan: Plan) =>
  (planStore.getState().plan?.revision ?? plan.revision) > plan.revision;
const isStale = (error: unknown) => error instanceof ApiError && error.key === "plan_changed";
const isRefreshed = () =>
  refreshPlan().then(
    () => true,
    () => false,
  );

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
export const undo = () => step("undo", (plan) => plan.head > 0);

/** Make again what was taken back last. */
export const redo = () => step("redo", (plan) => plan.undone > 0);

/** Resolves when the write that is on its way is through. */
let running: Promise<unknown> | null = null;

/** Keys may come faster than answers: each step waits for its turn. */
async function step(way: "undo" | "redo", isPossible: (plan: Plan) => boolean): Promise<boolean> {
  while (running) await running;
  const { plan, conflict } = planStore.getState();
  if (!plan || conflict || !isPossible(plan)) return false;
  return write(null, (now) => stepLog(now.id, way, now.revision), way);
}

function write(...given: Parameters<typeof send>): Promise<boolean> {
  const mine = send(...given).finally(() => {
    if (running === mine) running = null;
  });
  if (!running) running = mine;
  return mine;
}

async function send(
  edit: Edit | null,
  request: (plan: Plan) => Promise<EditAnswer>,
  type: Made["type"],
): Promise<boolean> {
  const { plan, writing } = planStore.getState();
  if (!plan || writing) return false;
  if (unanswered) {
    // First whether that one was made: this one was meant for a plan without it, or is the same.
    await resume().catch((error: unknown) => fail(error, edit, plan));
    return false;
  }
  asked?.abort();
  setPlan({ writing: true, asking: false, refusal: null });
  try {
    accept(plan, edit, await request(plan), type);
    void refreshPlan().catch(() => undefined);
    return true;
  } catch (error) {
    const isOutage = error instanceof ApiError && error.isOutage;
    if (edit && isOutage) unanswered = { plan, edit };
    fail(error, edit, plan);
    if (!isOutage && isBehind(plan)) askAgain();
    return false;
  } finally {
    setPlan({ writing: false });
  }
}

function accept(plan: Plan, edit: Edit | null, answer: EditAnswer, type: Made["type"]): void {
  dropSketch();
  setPlan(({ chosen, sources, plan: known, conflict }) => {
    const isThere = (code: string) => !answer.removed.includes(code);
    return {
      // The rest of the plan's head (touched villages, box) follows with the next reading.
      plan:
        known?.id === plan.id && known.revision <= answer.revision
          ? { ...known, ...undoneAfter(known, type), ...headOf(answer) }
          : known,
      preview: null,
      chosen: chosen.filter(isThere),
      sources: sources.filter(isThere),
      conflict: conflict && edit && conflict.edit === edit ? null : conflict,
      made: { type, revision: answer.revision },
    };
  });
  for (const listener of listeners) listener(answer);
}

const headOf = ({ revision, head, state }: EditAnswer) => ({ revision, head, state });

/** What can be redone: one more after an undo, one less after a redo, nothing after a new edit. */
function undoneAfter({ undone }: Plan, type: Made["type"]): Pick<Plan, "undone"> {
  if (type === "undo") return { undone: undone + 1 };
  return { undone: type === "redo" ? Math.max(undone - 1, 0) : 0 };
}

/** Sort a failure: somebody was faster, it is not possible, or the server is away. */
export function fail(error: unknown, edit: Edit | null, seen: Plan): void {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 409 && OVERTAKEN.has(error.key)) {
    const grids = edit ? gridsTouched(edit, planStore.getState().preview) : [];
    setPlan({ conflict: { edit, error, seen, grids, aside: false } });
    // Whoever chooses does so before the plan as it is now.
    void refreshPlan().catch(() => undefined);
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

/** An edit that was sent when the server went away: it may have been stored all the same. */
let unanswered: { plan: Plan; edit: Edit } | null = null;

async function wasMade(now: Plan): Promise<boolean> {
  if (!unanswered || unanswered.plan.id !== now.id) return false;
  const { plan, edit } = unanswered;
  if (now.revision !== plan.revision + 1 || now.head !== plan.head + 1) return false;
  const { edits } = await fetchPlanLog(now.id);
  const last = edits.find(({ position, state }) => position === now.head && state === "applied");
  return last?.edit.type === edit.type;
}

/** The server is back: read the plan again, and ask again for what was left without an answer. */
export async function resume(): Promise<void> {
  const open = planStore.getState().plan;
  if (!open) return;
  const now = await fetchPlan(open.id);
  const isMade = await wasMade(now);
  // Looked at only here: a server that stumbles comes back twice, and while the plan was read the
  // planner may have gone on.
  const { plan, refusal, writing } = planStore.getState();
  if (plan?.id !== now.id || writing) return;
  const left = refusal?.error.isOutage && !isMade ? refusal.edit : null;
  unanswered = null;
  if (isMade) {
    dropSketch();
    asked?.abort();
    setPlan({ preview: null, asking: false });
  }
  if (refusal?.error.isOutage) setPlan({ refusal: null });
  if (!left) return take(now);
  if (now.revision >= plan.revision) setPlan({ plan: now });
  await ask(left);
}

/**
 * Write something else than an edit: a state, say. Throws what the server refuses; only that
 * somebody was faster is told as a conflict, and answered with null.
 */
export async function change<P extends Plan>(send: (plan: Plan) => Promise<P>): Promise<P | null> {
  const { plan, writing } = planStore.getState();
  if (!plan || writing) return null;
  asked?.abort();
  setPlan({ writing: true, asking: false, preview: null, refusal: null });
  try {
    const now = await send(plan);
    take(now);
    return now;
  } catch (error) {
    if (!(error instanceof ApiError && OVERTAKEN.has(error.key))) throw error;
    fail(error, null, plan);
    return null;
  } finally {
    setPlan({ writing: false });
  }
}

/** Give the plan another name. It meets nothing that others draw, so it is simply tried again. */
export async function rename(name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { plan } = planStore.getState();
    if (!plan) return;
    try {
      take(await renamePlan(plan.id, name, plan.revision));
      return;
    } catch (error) {
      if (!isStale(error) || tries >= TRIES) throw error;
      await refreshPlan();
    }
  }
}

/** Out of a conflict: ask what the edit would do to the plan as it is now. */
export async function putOnTop(): Promise<void> {
  const { conflict } = planStore.getState();
  if (!conflict?.edit) return;
  await refreshPlan();
  await ask(conflict.edit);
  if (planStore.getState().refusal?.error.isOutage) return;
  setPlan((now) => (now.conflict === conflict ? { conflict: null } : {}));
}

/** Out of a conflict: a plan of one's own, as it was seen, with the edit made in it. */
export async function keepAsBranch(name: string): Promise<void> {
  const { conflict } = planStore.getState();
  if (!conflict) return;
  const { seen, edit, error } = conflict;
  const copy = await copyPlan(seen.id, name, branchPosition(seen, error));
  openPlan(copy);
  if (edit) await make(edit);
}

/** Out of a conflict: the plan as the other left it; one's own edit is dropped. */
export async function takeTheirs(): Promise<void> {
  asked?.abort();
  setPlan({ conflict: null, preview: null, refusal: null, asking: false });
  await refreshPlan();
}
