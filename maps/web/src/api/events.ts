/** What the server tells by itself: one stream a tab, and none while the tab is hidden. */

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

export type ServerEvent =
  | ({ kind: "hello" } & Hello)
  | { kind: "layer"; layer: string }
  | ({ kind: "plan" } & PlanChange)
  | { kind: "comment"; id: string; scope: string }
  /** Something may have been missed: ask again for everything shown. */
  | { kind: "resync" };

type Listener = (event: ServerEvent) => void;

const KINDS = ["hello", "layer", "plan", "comment", "resync"] as const;
/** The browser connects again by itself, but not after a refusal (too many maps are open). */
const REFUSED_MS = 10_000;

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;

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

// A browser opens six connections to one host for all its tabs: hidden ones leave theirs to others,
// and see by the next hello what they have missed.
function settle(): void {
  clearTimeout(retry);
  const wanted = listeners.size > 0 && document.visibilityState !== "hidden";
  if (wanted && !source) open();
  if (!wanted) close();
}

function open(): void {
  const opened = new EventSource("/api/events");
  for (const kind of KINDS) {
    opened.addEventListener(kind, (message: MessageEvent<string>) => {
      const details = JSON.parse(message.data) as object;
      for (const listener of [...listeners]) listener({ kind, ...details } as ServerEvent);
    });
  }
  opened.addEventListener("error", () => {
    if (opened.readyState !== EventSource.CLOSED) return;
    close();
    retry = setTimeout(settle, REFUSED_MS);
  });
  source = opened;
}

function close(): void {
  source?.close();
  source = null;
}
