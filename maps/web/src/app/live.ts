/** Keeps the open map in step with what others publish and import. */
import { type Hello, type ServerEvent, watchEvents } from "../api/events";
import type { LayerId, Workspace } from "../api/types";
import { freshen, queries } from "./queries";

/** Several events of one import are one refresh. */
const TOGETHER_MS = 250;

/** Answers that carry the version they belong to in their key, or that never change. */
const VERSIONED = new Set([
  "workspace",
  "grids",
  "all-grids",
  "run-result",
  "run-layer",
  "run-way",
]);

const STORED_IN: Partial<Record<LayerId, string>> = {
  counties: "divisions",
  townships: "divisions",
  villages: "divisions",
};

/** Whether the server has other versions than the map shows. */
export function isOutdated(workspace: Workspace, hello: Hello): boolean {
  return Object.entries(workspace.layers).some(
    ([layer, { version }]) => version !== hello.layers[STORED_IN[layer as LayerId] ?? layer],
  );
}

/** New versions first: tiles and tables follow them. Then what has no version in its key. */
export async function refresh(): Promise<void> {
  await freshen({ queryKey: ["workspace"] });
  await freshen({
    predicate: ({ queryKey }) => !VERSIONED.has(String(queryKey[0])),
  });
}

/** Start following; returns the way to stop. */
export function followServer(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rules: string | undefined;

  function hear(event: ServerEvent): void {
    if (event.kind !== "hello" && event.kind !== "layer" && event.kind !== "resync") return;
    if (event.kind === "hello") {
      const workspace = queries.getQueryData<Workspace>(["workspace"]);
      const changed = rules !== undefined && rules !== event.layers.profiles;
      rules = event.layers.profiles;
      if (!changed && !(workspace && isOutdated(workspace, event))) return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), TOGETHER_MS);
  }

  const stop = watchEvents(hear);
  return () => {
    clearTimeout(timer);
    stop();
  };
}
