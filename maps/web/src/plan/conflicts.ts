/** Two people on one plan: what the other did, and whether it meets what was to be done here. */
import type { ApiError } from "../api/client";
import type { Edit, EditSince, Plan, PlanStateName } from "../api/plans";
import type { Conflict, Preview } from "./store";

/** As many edits as a 409 tells: there may have been more. */
const EDITS_TOLD = 50;

/** What the server says of the plan as it is now. */
export function changeSince(error: ApiError): {
  revision: number | null;
  state: PlanStateName | null;
  edits: EditSince[];
} {
  const { revision, state, edits } = error.details as {
    revision?: number;
    state?: PlanStateName;
    edits?: EditSince[];
  };
  return { revision: revision ?? null, state: state ?? null, edits: edits ?? [] };
}

/** Codes of the grids an edit names; what it changes besides is known once it was previewed. */
export function gridsOfEdit(edit: Edit): string[] {
  switch (edit.type) {
    case "transfer":
    case "assign":
      return [edit.to, ...(edit.from ?? [])];
    case "fill_gap":
      return edit.to ? [edit.to] : [];
    case "clip_to_village":
    case "set_attributes":
      return [edit.grid];
    case "split":
    case "merge":
    case "reshape":
    case "resolve_overlap":
      return edit.grids;
    case "lock":
    case "unlock":
      return edit.grids ?? [];
    default:
      return [];
  }
}

/** The grids an edit is about: those it names, and those its preview has shown. */
export function gridsTouched(edit: Edit, preview: Preview | null): string[] {
  const shown =
    preview?.edit === edit
      ? [...preview.answer.changed.map((grid) => grid.code), ...preview.answer.removed]
      : [];
  return [...new Set([...gridsOfEdit(edit), ...shown])];
}

/** The grids both have changed. Undo and the like are told without grids: then nothing is known. */
export function meeting({ grids, error }: Conflict): string[] {
  const theirs = new Set(
    changeSince(error).edits.flatMap((edit) => [...edit.changed, ...edit.removed]),
  );
  return grids.filter((code) => theirs.has(code));
}

/** Whether what the other did is known to be elsewhere. */
export function isElsewhere(conflict: Conflict): boolean {
  return changeSince(conflict.error).edits.length > 0 && meeting(conflict).length === 0;
}

/**
 * After how many edits a branch begins that keeps the plan as it was seen; null where the log was
 * written anew since (an undo and another edit, a rebase): then the plan is copied as it is now.
 */
export function branchPosition(seen: Plan, error: ApiError): number | null {
  const { state, edits } = changeSince(error);
  if (state === "published" || edits.length >= EDITS_TOLD) return null;
  return edits.every(({ position }) => position > seen.head) ? seen.head : null;
}
