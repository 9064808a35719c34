/** The comments of the open plan, and the card in which one is written or read. */
import { createStore } from "zustand/vanilla";
import { ApiError } from "../api/client";
import { fetchComments, type PlanComment, postComment, settleComment } from "../api/comments";
import { watchEvents } from "../api/events";
import type { Point } from "../api/types";
import { planStore } from "./store";

export interface Comments {
  all: readonly PlanComment[];
  /** Where the card is; with a comment's number it shows that one, else it asks for a new one. */
  card: { place: Point; id: number | null } | null;
  /** Where on the map the card is drawn. */
  host: HTMLElement | null;
  sending: boolean;
  failed: ApiError | null;
}

export const commentStore = createStore<Comments>(() => ({
  all: [],
  card: null,
  host: null,
  sending: false,
  failed: null,
}));

const setComments = commentStore.setState;

export function openCard(place: Point, id: number | null = null): void {
  setComments({ card: { place, id }, failed: null });
}

/** Returns whether a card was open. */
export function closeCard(): boolean {
  const { card } = commentStore.getState();
  setComments({ card: null, failed: null });
  return card !== null;
}

async function load(): Promise<void> {
  const { plan } = planStore.getState();
  if (!plan) return;
  try {
    const all = await fetchComments(plan.id);
    if (planStore.getState().plan?.id === plan.id) setComments({ all });
  } catch (error) {
    // Asked again with the next event; that the server is away is told elsewhere.
    console.debug(error);
  }
}

/** Keep the comments of the open plan at hand; returns the way to stop. */
export function followComments(): () => void {
  setComments({ all: [], card: null, failed: null });
  void load();
  return watchEvents((event) => {
    const id = planStore.getState().plan?.id;
    const isOurs = (event.kind === "comment" && event.id === id) || event.kind === "resync";
    if (isOurs || event.kind === "hello") void load();
  });
}

/** Comments with one of them replaced, or added as the last. */
export function withComment(all: readonly PlanComment[], one: PlanComment): PlanComment[] {
  return all.some(({ id }) => id === one.id)
    ? all.map((other) => (other.id === one.id ? one : other))
    : [...all, one];
}

async function send(write: (plan: string) => Promise<PlanComment>): Promise<PlanComment | null> {
  const { plan } = planStore.getState();
  if (!plan || commentStore.getState().sending) return null;
  setComments({ sending: true, failed: null });
  try {
    const one = await write(plan.id);
    setComments(({ all }) => ({ all: withComment(all, one) }));
    return one;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    setComments({ failed: error });
    return null;
  } finally {
    setComments({ sending: false });
  }
}

/** Put a comment on the place of the card; the card is closed when it is stored. */
export async function addComment(text: string): Promise<boolean> {
  const { card } = commentStore.getState();
  if (!card || !text.trim()) return false;
  const made = await send((plan) => postComment(plan, text.trim(), card.place));
  if (made) closeCard();
  return made !== null;
}

export const settle = async ({ id }: PlanComment, resolved: boolean): Promise<boolean> =>
  (await send((plan) => settleComment(plan, id, resolved))) !== null;
