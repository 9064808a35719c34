/** Suggestions into the open draft: what was taken over, and what was refused and why. */
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";
import { type Accepted, acceptSuggestions, type MergeGroup } from "../../api/merges";
import { fetchPlan, type LogEntry } from "../../api/plans";
import type { Problem } from "../../api/types";
import { MOST_EDITS, usePlanLog } from "../../app/planLog";
import { mergesStore, useMerges } from "../../app/merges";
import { queries } from "../../app/queries";
import { select, store } from "../../app/state";
import { change } from "../../plan/session";
import { planStore, setPlan } from "../../plan/store";
import { decisionStore, prune } from "./decisions";
import { mergeQuestionStore } from "./question";

export interface Outcome {
  /** Run and plan it is about: another answer, or another draft, knows nothing of it. */
  about: string | null;
  applied: number;
  refused: ReadonlyMap<string, Problem>;
}

const NOTHING: Outcome = { about: null, applied: 0, refused: new Map() };
const outcomeStore = createStore<Outcome>(() => NOTHING);

const aboutOf = (run: string | null | undefined, plan: string | undefined) => `${run} ${plan}`;

/** What came of the last suggestions that were accepted, of this run in this draft. */
export function useOutcome(): Outcome {
  const run = useMerges((state) => state.run);
  const plan = useStore(planStore, (state) => state.plan?.id);
  const outcome = useStore(outcomeStore);
  return outcome.about === aboutOf(run, plan) ? outcome : NOTHING;
}

/** Groups of a run that a log holds as edits that have not been undone. */
export function appliedIn(edits: readonly LogEntry[], run: string | null | undefined): Set<string> {
  return new Set(
    edits.flatMap(({ edit, state }) =>
      edit.type === "apply_suggestion" && edit.run === run && state === "applied"
        ? [String(edit.group)]
        : [],
    ),
  );
}

/** Groups of the run on show that are in the open draft. */
export function useApplied(): ReadonlySet<string> {
  const run = useMerges((state) => state.run);
  const edits = usePlanLog(MOST_EDITS).data?.edits;
  return useMemo(() => appliedIn(edits ?? [], run), [edits, run]);
}

function note({ id, revision, applied, refused, removed }: Accepted, run: string): void {
  outcomeStore.setState({
    about: aboutOf(run, id),
    applied: applied.length,
    refused: new Map(refused.map(({ group, problem }) => [String(group), problem])),
  });
  if (applied.length > 0) setPlan({ made: { type: "apply_suggestion", revision } });
  const { selection } = store.getState();
  if (selection?.kind === "grids" && removed.includes(selection.id)) select(null);
  // Over other lines the units are still there, and so is what was decided about them.
  if (mergeQuestionStore.getState().draft) {
    decisionStore.setState(prune(decisionStore.getState(), removed));
  }
  void queries.invalidateQueries({ queryKey: ["plan", id] });
  void queries.invalidateQueries({ queryKey: ["joint-villages"] });
}

/** Accept groups; a conflict with somebody faster is told where plans tell theirs. */
export const useAccept = () =>
  useMutation({
    mutationFn: async (groups: readonly string[]) => {
      const { run } = mergesStore.getState();
      if (!run) return;
      let answer: Accepted | null = null;
      await change(async ({ id, revision }) => {
        answer = await acceptSuggestions(id, run, groups, revision);
        return fetchPlan(id);
      });
      if (answer) note(answer, run);
    },
  });

/** Whether a group can still be accepted. */
export const isOpen = (
  { id, edit, members }: MergeGroup,
  applied: ReadonlySet<string>,
  locked: readonly string[],
): boolean =>
  edit !== null && !applied.has(id) && !members.every(({ code }) => locked.includes(code));
