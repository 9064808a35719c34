/** Tables as CSV that spreadsheets open without being asked: signed UTF-8, no cell that runs. */
import type { GridChange } from "../../api/difference";
import type { GridRow } from "../../api/types";
import type { Translate } from "../../i18n/translate";

type Cell = string | number | null | undefined;

// A spreadsheet runs a cell that starts with one of these; the apostrophe makes it text.
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines of a CSV file, with the mark by which spreadsheets know UTF-8. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cellOf).join(",")).join("\r\n")}\r\n`;
}

/** The listed grids as rows of a file: plain numbers, units in the heading. */
export function gridCells(
  t: Translate,
  rows: readonly GridRow[],
  changes: ReadonlyMap<string, GridChange> | null,
): Cell[][] {
  const head = [
    t("table.code"),
    t("table.name"),
    t("table.village"),
    t("inspector.township"),
    t("table.csv.kind"),
    t("table.csv.households"),
    ...(changes ? [t("table.csv.before")] : []),
    t("table.csv.residents"),
    t("table.csv.registered"),
    t("inspector.elderly"),
    t("table.csv.area"),
    t("table.csv.farthest"),
    t("table.status"),
  ];
  const body = rows.map((row) => {
    const change = changes?.get(row.code);
    const before = change ? change.households_before : row.households;
    return [
      row.code,
      row.name,
      row.village,
      row.township,
      t(`gridKind.${row.kind}`),
      row.households,
      ...(changes ? [before] : []),
      row.residents,
      row.registered,
      row.elderly,
      row.area_m2 === null ? null : Math.round(row.area_m2),
      row.center_max_m === null ? null : Math.round(row.center_max_m),
      row.profile_status && t(`status.${row.profile_status}`),
    ];
  });
  return [head, ...body];
}

/** Hand a text over as a file. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
