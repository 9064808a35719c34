/** The kinds of change a comparison tells apart, in the order they are listed. */
import type { ChangeKind } from "../api/difference";

export const CHANGE_KINDS: readonly ChangeKind[] = [
  "added",
  "removed",
  "changed",
  "renumbered",
  "attributes",
];

// Blue and vermilion of Okabe and Ito, a purple of Tol, greys: apart for every kind of colour vision.
export const KIND_COLOURS: Record<ChangeKind, string> = {
  added: "#0072b2",
  removed: "#d55e00",
  changed: "#aa3377",
  renumbered: "#374151",
  attributes: "#6b7280",
};
