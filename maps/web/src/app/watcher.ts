/** Notices that the server is away, keeps asking, and brings everything back when it answers. */
import { watchServer } from "../api/client";
import { fetchHealth } from "../api/endpoints";
import { queries } from "./queries";
import { set, store } from "./state";

const RETRY_MS = 2000;

/** Start watching; `onBack` runs once at every recovery. Returns the way to stop. */
export function watchOutages(onBack: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function ask(): void {
    timer = setTimeout(() => {
      fetchHealth().catch(ask);
    }, RETRY_MS);
  }

  const stop = watchServer((reachable) => {
    const was = store.getState().reachable;
    if (reachable === was) return;
    set({ reachable });
    if (!reachable) {
      ask();
      return;
    }
    clearTimeout(timer);
    void queries.invalidateQueries();
    onBack();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
