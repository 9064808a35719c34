import type { compare as zh } from "../zh/compare";

/** Words of comparing and of days, in English. */
export const compare: Record<keyof typeof zh, string> = {};
