/** What the planner has decided: groups that stay, pairs that must or must not, units left alone. */
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";
import type { MergeParameters, Pair } from "../../api/merges";

export type Decisions = Pick<MergeParameters, "together" | "apart" | "pinned" | "locked">;

export const NO_DECISIONS: Decisions = { together: [], apart: [], pinned: [], locked: [] };

export const decisionStore = createStore<Decisions>(() => ({ ...NO_DECISIONS }));
export const useDecisions = () => useStore(decisionStore);

/** The same units, in whichever order they are named. */
const keyOf = (codes: readonly string[]) => [...codes].sort().join(" ");
const has = (groups: readonly (readonly string[])[], codes: readonly string[]) =>
  groups.some((group) => keyOf(group) === keyOf(codes));
const without = <T extends readonly string[]>(groups: readonly T[], codes: readonly string[]) =>
  groups.filter((group) => keyOf(group) !== keyOf(codes));

export const isPinned = ({ pinned }: Decisions, members: readonly string[]) => has(pinned, members);
/** A group that was not accepted: its units stay as they are. */
export const isRejected = ({ locked }: Decisions, members: readonly string[]) =>
  members.length > 0 && members.every((code) => locked.includes(code));
export const isApart = ({ apart }: Decisions, pair: Pair) => has(apart, pair);
export const isTogether = ({ together }: Decisions, pair: Pair) => has(together, pair);

/** A unit is in one decision about groups at most: the last one counts. */
const clear = (decisions: Decisions, members: readonly string[]): Decisions => ({
  ...decisions,
  pinned: decisions.pinned.filter((group) => !group.some((code) => members.includes(code))),
  locked: decisions.locked.filter((code) => !members.includes(code)),
});

export function togglePinned(now: Decisions, members: readonly string[]): Decisions {
  const cleared = clear(now, members);
  if (isPinned(now, members)) return cleared;
  const isInside = ([one, other]: Pair) => members.includes(one) && members.includes(other);
  return {
    ...cleared,
    apart: now.apart.filter((pair) => !isInside(pair)),
    pinned: [...cleared.pinned, [...members]],
  };
}

export function toggleRejected(now: Decisions, members: readonly string[]): Decisions {
  const cleared = clear(now, members);
  if (isRejected(now, members)) return cleared;
  return {
    ...cleared,
    together: now.together.filter((pair) => !pair.some((code) => members.includes(code))),
    locked: [...cleared.locked, ...members],
  };
}

/** Forbid a pair, or allow it again. */
export function toggleApart(now: Decisions, pair: Pair): Decisions {
  if (isApart(now, pair)) return { ...now, apart: without(now.apart, pair) };
  return {
    ...now,
    together: without(now.together, pair),
    pinned: now.pinned.filter((group) => !pair.every((code) => group.includes(code))),
    apart: [...now.apart, pair],
  };
}

/** Force two units together, or leave it to the solver again. */
export function toggleTogether(now: Decisions, pair: Pair): Decisions {
  if (isTogether(now, pair)) return { ...now, together: without(now.together, pair) };
  return {
    ...clear(now, pair),
    apart: without(now.apart, pair),
    together: [...now.together, pair],
  };
}

/** Decisions about units that are gone (merged in the draft) are done with. */
export function prune(now: Decisions, gone: readonly string[]): Decisions {
  const isThere = (codes: readonly string[]) => !codes.some((code) => gone.includes(code));
  return {
    together: now.together.filter(isThere),
    apart: now.apart.filter(isThere),
    pinned: now.pinned.filter(isThere),
    locked: now.locked.filter((code) => !gone.includes(code)),
  };
}

export const countDecisions = ({ together, apart, pinned, locked }: Decisions): number =>
  together.length + apart.length + pinned.length + locked.length;

const sorted = (groups: readonly (readonly string[])[]) => groups.map(keyOf).sort().join("|");

/** Whether two sets of decisions say the same. */
export const sameDecisions = (one: Decisions, other: Decisions): boolean =>
  sorted(one.together) === sorted(other.together) &&
  sorted(one.apart) === sorted(other.apart) &&
  sorted(one.pinned) === sorted(other.pinned) &&
  keyOf(one.locked) === keyOf(other.locked);
