/** Bars of a histogram as they are drawn: the few largest units share the last one. */
import type { RulesApplied, SizeMeasure } from "../../api/merges";

export interface Bars {
  width: number;
  counts: readonly number[];
  before: readonly number[] | null;
  /** Where the last bar ends, if it is wider than the others: it holds everything beyond. */
  openTo: number | null;
}

export function barsOf(
  edges: readonly number[],
  counts: readonly number[],
  before?: readonly number[],
): Bars {
  const [first = 0, second = 1] = edges;
  const width = second - first;
  const [last = 0, end = last + width] = edges.slice(-2);
  return { width, counts, before: before ?? null, openTo: end - last > width ? end : null };
}

export interface Limits {
  minima: readonly number[];
  maxima: readonly number[];
}

/** The limits of all area types, each once. */
export function limitsOf(
  rules: Readonly<Record<string, RulesApplied>>,
  measure: SizeMeasure,
): Limits {
  const distinct = (pick: (one: RulesApplied) => number | null) => [
    ...new Set(
      Object.values(rules)
        .map(pick)
        .filter((limit) => limit !== null),
    ),
  ];
  return {
    minima: distinct(({ minimum }) => minimum[measure]),
    maxima: distinct(({ maximum }) => maximum[measure]),
  };
}
