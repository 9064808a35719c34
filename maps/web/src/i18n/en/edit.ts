import type { edit as zh } from "../zh/edit";

/** Kinds of edits, and what tools say in the panel, in English. */
export const edit: Record<keyof typeof zh, string> = {
  "edit.split": "Split: preview",
  "edit.merge": "Merge: preview",
  "edit.reshape": "New border: preview",
  "edit.transfer": "Transfer: preview",
  "edit.assign": "Natural villages: preview",
  "edit.move_vertex": "Node: preview",
  "edit.fill_gap": "Gap: preview",
  "edit.resolve_overlap": "Overlap: preview",
  "edit.clip_to_village": "Village line: preview",
  "edit.match_borders": "Matched borders: preview",
  "edit.set_attributes": "Attributes: preview",
  "edit.renumber": "New codes: preview",
  "edit.lock": "Lock: preview",
  "edit.unlock": "Unlock: preview",
};
