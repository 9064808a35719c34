/** Grids coloured by their score. */
import type { AccessResult } from "../../api/service";
import type { Painted } from "../../app/service";
import { scoreClasses } from "../../map/classes";
import { scoreText } from "./words";

/** Limits between classes: without the ends of the scale, and none of them twice. */
export function limitsOf(breaks: readonly number[]): number[] {
  const inner = breaks.length > 4 ? breaks.slice(1, -1) : breaks;
  return [...new Set(inner)].sort((a, b) => a - b);
}

export function paintingOf({ breaks, grid, supply }: AccessResult): Painted {
  const limits = limitsOf(breaks);
  return {
    title: `access.score.${supply}`,
    classes: scoreClasses(limits),
    scores: new Map(grid.map(({ code, score }) => [code, score])),
    words: limits.map(scoreText),
  };
}
