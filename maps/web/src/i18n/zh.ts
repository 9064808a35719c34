import { address } from "./zh/address";
import { compare } from "./zh/compare";
import { edit } from "./zh/edit";
import { merges } from "./zh/merges";
import { plan } from "./zh/plan";
import { tools } from "./zh/tools";
import { screen } from "./zh/screen";
import { service } from "./zh/service";
import { work } from "./zh/work";

/** Every word the planner reads, in Chinese: the source of the keys. */
export const zh = {
  ...screen,
  ...work,
  ...plan,
  ...tools,
  ...edit,
  ...compare,
  ...service,
  ...merges,
  ...address,
} as const;

export type Key = keyof typeof zh;
export type Messages = Record<Key, string>;
