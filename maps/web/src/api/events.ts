/** What the server tells by itself: one stream a tab, and none while the tab is hidden. */
import { query } from "./client";
import type { AnyRun, RunState } from "./runs";

export interface Hello {
  epoch: string;
  /** Layer of the store → version, as in the workspace. */
  layers: Record<string, string>;
}

export interface PlanChange {
  id: string;
  scope: string;
  state: string;
  revision: number;
}

export interface RunChange {
  id: string;
  analysis: AnyRun["analysis"];
  state: RunState;
  progress: number;
  step: string | null;
}

export type ServerEvent =
  | ({ kind: "hello" } & Hello)
  | { kind: "layer"; layer: string }
  | ({ kind: "plan" } & PlanChange)
  | ({ kind: "run" } & RunChange)
  | { kind: "comment"; id: string; scope: string }
  /** How many have the plan open that this page watches, this page included. */
  | { kind: "presence"; plan: string; editors: number }
  /** Something may have been missed: ask again for everything shown. */
  | { kind: "resync" };

type Listener = (event: ServerEvent) => void;

const KINDS = ["hello", "layer", "plan", "run", "comment", "presence", "resync"] as const;
/** The browser connects again by itself, but not after a refusal (too many maps are open). */
const REFUSED_MS = 10_000;
const CLIENT_KEY = "wangge.client";

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let watched: string | null = null;
let token: string | null = null;

/** Be told of every event; all listeners share one stream. Returns the way to stop. */
export function watchEvents(listener: Listener): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", settle);
  listeners.add(listener);
  settle();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener("visibilitychange", settle);
    settle();
  };
}

/** Say which plan is open here, so that others see that somebody is at it; null: none. */
export function watchPlan(plan: string | null): void {
  if (plan === watched) return;
  watched = plan;
  close();
  settle();
}

// crypto.randomUUID is missing where the page is served over plain http from another machine.
function makeToken(): string {
  const parts = crypto.getRandomValues(new Uint32Array(4));
  return [...parts].map((part) => part.toString(36)).join("-");
}

/** This tab, for counting: made up here, kept over a reload, known to nobody as a person. */
function clientToken(): string {
  if (token) return token;
  token = makeToken();
  try {
    const kept = sessionStorage.getItem(CLIENT_KEY);
    if (kept) token = kept;
    else sessionStorage.setItem(CLIENT_KEY, token);
  } catch {
    // Not kept then: after a reload this tab counts as a new one.
  }
  return token;
}

// A browser opens six connections to one host for all its tabs: hidden ones leave theirs to others,
// and see by the next hello what they have missed.
function settle(): void {
  clearTimeout(retry);
  const wanted = listeners.size > 0 && document.visibilityState !== "hidden";
  if (wanted && !source) open();
  if (!wanted) close();
}

function open(): void {
  const asked = watched ? query({ plan: watched, client: clientToken() }) : "";
  const opened = new EventSource(`/api/events${asked}`);
  for (const kind of KINDS) {
    opened.addEventListener(kind, (message: MessageEvent<string>) => {
      const details = JSON.parse(message.data) as object;
      for (const listener of [...listeners]) listener({ kind, ...details } as ServerEvent);
    });
  }
  opened.addEventListener("error", () => {
    if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
    close();
    retry = setTimeout(settle, REFUSED_MS);
  });
  source = opened;
}

function close(): void {
  source?.close();
  source = null;
}
