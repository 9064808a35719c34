/** Whose lines are shown: those in force, those of a day, or those of a draft. */

export interface Lines {
  /** Id of the plan whose draft is shown. */
  plan: string | null;
  /** Changes with every edit of it, so that what was read before is read anew. */
  revision: number;
  /** Day (YYYY-MM-DD) whose lines are shown; a draft has no days. */
  date: string | null;
}

export const IN_FORCE: Lines = { plan: null, revision: 0, date: null };

/** The parameters by which every route knows whose lines are asked. */
export const askedOf = ({ plan, date }: Lines) => ({ plan, date: plan ? null : date });

/** Part of a query's key. */
export const keyOf = ({ plan, revision, date }: Lines): string =>
  plan ? `${plan}:${revision}` : (date ?? "");
