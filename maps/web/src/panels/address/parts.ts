/** The parts of an address, from the widest to the narrowest. */
import type { AddressAnswer } from "../../api/addresses";
import type { Key } from "../../i18n/zh";

export const PARTS = {
  province: "address.part.province",
  city: "address.part.city",
  county: "kind.county",
  township: "kind.township",
  village: "kind.village",
  natural_village: "kind.natural_village",
  group: "address.part.group",
  number: "address.part.number",
  sub: "address.part.sub",
  building: "address.part.building",
  unit: "address.part.unit",
  room: "address.part.room",
  grid: "kind.grid",
  center: "kind.center",
} as const satisfies Record<string, Key>;

export type Part = keyof typeof PARTS;

/** The parts that were understood, in the order of an address. */
export function understood(parsed: AddressAnswer["parsed"]): [Part, string][] {
  return (Object.keys(PARTS) as Part[]).flatMap((part) => {
    const value = parsed[part];
    return value === undefined || value === null || value === "" ? [] : [[part, String(value)]];
  });
}
