import { screen } from "./zh/screen";
import { work } from "./zh/work";

/** Every word the planner reads, in Chinese: the source of the keys. */
export const zh = { ...screen, ...work } as const;

export type Key = keyof typeof zh;
export type Messages = Record<Key, string>;
