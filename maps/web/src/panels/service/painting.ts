/** Grids coloured by their score. */
import type { AccessResult } from "../../api/service";
import type { Painted } from "../../app/service";
import { scoreClasses } from "../../map/classes";
import { scoreText } from "./words";

/** Limits between classes; where many grids have the same score, two of them may be one. */
export const limitsOf = (breaks: readonly number[]): number[] =>
  [...new Set(breaks)].sort((a, b) => a - b);

export function paintingOf({ breaks, grid, supply, weight }: AccessResult): Painted {
  const limits = limitsOf(breaks);
  return {
    title: `access.score.${supply}`,
    per: `per.${weight}`,
    classes: scoreClasses(limits),
    scores: new Map(grid.map(({ code, score }) => [code, score])),
    words: limits.map(scoreText),
  };
}
