import { screen } from "./en/screen";
import { work } from "./en/work";
import type { Messages } from "./zh";

/** Every word the planner reads, in English. */
export const en: Messages = { ...screen, ...work };
