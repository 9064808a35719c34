import type { compare as zh } from "../zh/compare";

/** Words of comparing and of days, in English. */
export const compare: Record<keyof typeof zh, string> = {
  "numbers.title": "The plan in numbers",
  "numbers.range": "Households, fewest–most",
  "numbers.moved": "Households that change grid",
  "numbers.before": "Dashed outline: before the plan",

  "compare.open": "Compare with lines in force",
  "compare.kind.added": "Added",
  "compare.kind.removed": "Removed",
  "compare.kind.changed": "Changed",
  "compare.kind.renumbered": "Renumbered",
  "compare.kind.attributes": "Renamed",

  "time.label": "Day of the lines",
  "time.today": "Today",
  "time.back": "Back to today",
  "time.old": "Lines of {date}, not those in force",
  "time.show": "Show the lines of {date}",
  "time.draft": "Draft shown",
  "time.plan": "Plan shown",
  "time.draftHint":
    "Map, table and lookup show the lines of the plan “{name}”; close it to choose a day.",
};
