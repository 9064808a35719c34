import { address } from "./en/address";
import { compare } from "./en/compare";
import { edit } from "./en/edit";
import { merges } from "./en/merges";
import { plan } from "./en/plan";
import { tools } from "./en/tools";
import { screen } from "./en/screen";
import { service } from "./en/service";
import { work } from "./en/work";
import type { Messages } from "./zh";

/** Every word the planner reads, in English. */
export const en: Messages = {
  ...screen,
  ...work,
  ...plan,
  ...tools,
  ...edit,
  ...compare,
  ...service,
  ...merges,
  ...address,
};
