/** An edit that was asked for stays pending until it is applied or dropped: tools let go of it then. */
import { discard } from "./session";
import { planStore, type PlanStore } from "./store";

const isPending = ({ preview, refusal, asking, writing, conflict }: PlanStore) =>
  Boolean(preview ?? refusal ?? conflict) || asking || writing;

let isOwn = false;

/** Drop what is pending without letting go of it: the tool is about to ask for something else. */
export function withdraw(): void {
  isOwn = true;
  discard();
  isOwn = false;
}

/** Be told when a pending edit was applied or dropped; returns the way to stop. */
export function watchSettled(listener: () => void): () => void {
  return planStore.subscribe((now, before) => {
    if (isOwn || !isPending(before) || isPending(now)) return;
    listener();
  });
}
