/** The table of addresses on its way: it goes on by itself, whatever panel is open. */
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { createStore } from "zustand/vanilla";
import { answerNextRows, type Batch, fetchBatch, forgetBatch } from "../api/addresses";
import { ApiError } from "../api/client";
import { setAddress } from "./address";
import { set, store } from "./state";

export interface BatchState {
  id: string | null;
  batch: Batch | null;
  /** Why it stands still; it can be told to go on. */
  error: Error | null;
  /** The server keeps a table for a day at most. */
  isGone: boolean;
}

/** Answered by one request: a second or two. */
const ROWS = 1000;
const RETRY_MS = 3000;
/** Kept for this tab of the browser: a reload goes on following its table. */
const KEY = "wangge.batch";
const NOTHING: BatchState = { id: null, batch: null, error: null, isGone: false };

function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    // Storage can be forbidden by policy; a reload forgets the table then.
    return null;
  }
}

function remember(id: string | null): void {
  try {
    if (id === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch {
    // As above.
  }
}

export const batchStore = createStore<BatchState>(() => NOTHING);

export function useBatch<T>(pick: (state: BatchState) => T): T {
  return useStore(batchStore, useShallow(pick));
}

export const isDone = (batch: Batch) => batch.done >= batch.row_count;

let asking: AbortController | null = null;

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Answer slice after slice; a server that is away is waited for. */
async function follow(id: string): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const isMine = () => asking === mine;
  batchStore.setState({ error: null });
  while (isMine()) {
    try {
      const { batch } = batchStore.getState();
      const { lines } = store.getState();
      const now = batch ? await answerNextRows(id, ROWS, lines, mine.signal) : await fetchBatch(id);
      if (!isMine()) return;
      batchStore.setState({ batch: now });
      if (isDone(now)) return;
    } catch (error) {
      if (!isMine()) return;
      if (!(error instanceof ApiError) || !error.isOutage) {
        const isGone = error instanceof ApiError && error.status === 404;
        if (isGone) remember(null);
        batchStore.setState(isGone ? { ...NOTHING, isGone } : { error: error as Error });
        return;
      }
      await wait(RETRY_MS);
    }
  }
}

/** Follow a table that was handed in. */
export function startBatch(batch: Batch): void {
  remember(batch.id);
  batchStore.setState({ ...NOTHING, id: batch.id, batch });
  if (!isDone(batch)) void follow(batch.id);
}

/** Go on after an error. */
export function continueBatch(): void {
  const { id } = batchStore.getState();
  if (id !== null) void follow(id);
}

/** Stop, and have the server forget the table. */
export async function dropBatch(): Promise<void> {
  const { id } = batchStore.getState();
  asking?.abort();
  asking = null;
  remember(null);
  batchStore.setState(NOTHING);
  if (id !== null) await forgetBatch(id).catch(() => undefined);
}

/** Go on with the table of before a reload, and open it again. */
export function followBatch(): () => void {
  const id = remembered();
  if (id !== null) {
    batchStore.setState({ ...NOTHING, id });
    setAddress({ tab: "table" });
    set({ panel: "lookup" });
    void follow(id);
  }
  return () => {
    asking?.abort();
    asking = null;
  };
}
