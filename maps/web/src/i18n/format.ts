/** Numbers and codes as planners write them; "—" for what is not known, never 0. */

export const UNKNOWN = "—";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 197497 → "197,497". */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? UNKNOWN
    : whole.format(value);
}

/** A number with fixed decimals, thousands separated. */
export function decimal(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** 2430 → "2.4" (km), 95 → "0.1". */
export function kilometres(metres: number | null | undefined, digits = 1): string {
  return decimal(metres === null || metres === undefined ? null : metres / 1000, digits);
}

/** Square kilometres; small areas keep two decimals so that they never read 0.0. */
export function squareKilometres(area_m2: number | null | undefined): string {
  if (area_m2 === null || area_m2 === undefined) return UNKNOWN;
  const km2 = area_m2 / 1e6;
  return decimal(km2, km2 < 1 ? 2 : km2 < 100 ? 1 : 0);
}

/** A length for a sentence: metres below one kilometre. */
export function length(metres: number | null | undefined): string {
  if (metres === null || metres === undefined) return UNKNOWN;
  return metres < 1000 ? `${count(metres)} m` : `${kilometres(metres)} km`;
}

/** 0.9142 → "91.4". */
export function percent(share: number | null | undefined): string {
  return decimal(share === null || share === undefined ? null : share * 100, 1);
}

/** 500229102203007 → "500229 102 203 007"; a code of another shape stays as given. */
export function spacedCode(code: string | null | undefined): string {
  if (!code) return UNKNOWN;
  const parts = /^(\d{6})(\d{3})?(\d{3})?(\d{3})?$/.exec(code);
  return parts ? parts.slice(1).filter(Boolean).join(" ") : code;
}

// Lines are in force from midnight of the county, wherever the reader's computer thinks it is.
const countyDay = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** The day of an instant, as YYYY-MM-DD in the county's time. */
export function day(instant: string | Date | null | undefined): string {
  if (!instant) return UNKNOWN;
  const date = typeof instant === "string" ? new Date(instant) : instant;
  return Number.isNaN(date.getTime()) ? UNKNOWN : countyDay.format(date);
}

const countyMoment = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Shanghai",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** Day and minute of an instant in the county's time: "11-22 09:41". */
export function moment(instant: string | null | undefined): string {
  const date = new Date(instant ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? UNKNOWN : countyMoment.format(date).replace(",", "");
}

/** "108.6642 E 31.9471 N". */
export function coordinates(point: readonly [number, number] | null): string {
  if (!point) return UNKNOWN;
  const [lon, lat] = point;
  return `${Math.abs(lon).toFixed(4)} ${lon < 0 ? "W" : "E"} ${Math.abs(lat).toFixed(4)} ${lat < 0 ? "S" : "N"}`;
}

/** Reads "108.6642, 31.9471" in the ways people paste it; null when it is no lon, lat. */
export function parseCoordinates(text: string): [number, number] | null {
  const cleaned = text.normalize("NFKC").replace(/[EeNn东经北纬°]/g, " ");
  const numbers = cleaned.split(/[\s,;、]+/).filter(Boolean);
  if (numbers.length !== 2) return null;
  const [lon, lat] = numbers.map(Number) as [number, number];
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}
