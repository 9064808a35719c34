/** Bars of a histogram as they are drawn: the long tail is one bar. */
import type { RulesApplied, SizeMeasure } from "../../api/merges";

export interface Bars {
  width: number;
  /** The last one holds everything beyond. */
  counts: readonly number[];
  before: readonly number[] | null;
}

/** As many units may stand in the last bar. */
const TAIL = 0.02;

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

/** Bars of equal width, the few largest units together in the last. */
export function fold(
  edges: readonly number[],
  counts: readonly number[],
  before?: readonly number[],
): Bars {
  const width = (edges[1] ?? 1) - (edges[0] ?? 0);
  const both = counts.map((n, bin) => Math.max(n, before?.[bin] ?? 0));
  const tail = sum(both) * TAIL;
  let last = Math.max(0, both.length - 1);
  while (last > 1 && sum(both.slice(last - 1)) <= tail) last -= 1;
  const cut = (numbers: readonly number[]) => [...numbers.slice(0, last), sum(numbers.slice(last))];
  return { width, counts: cut(counts), before: before ? cut(before) : null };
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
