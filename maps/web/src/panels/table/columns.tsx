/** The columns of the grid table. */
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { GridChange } from "../../api/difference";
import type { GridRow, GridSort } from "../../api/types";
import { useT } from "../../app/hooks";
import { count, kilometres, spacedCode, squareKilometres } from "../../i18n/format";
import type { Key } from "../../i18n/zh";
import { StatusBadge } from "../GridInspector";
import { SizeBar } from "../RuleBar";

export interface Column {
  label: Key;
  sort?: GridSort;
  figures?: boolean;
  /** Shown with an open plan only. */
  ofPlan?: boolean;
  cell: (row: GridRow, change: GridChange | undefined) => ReactNode;
}

function Code({ row }: { row: GridRow }) {
  const t = useT();
  return (
    <>
      {spacedCode(row.code)}
      {row.locked && <IconLock className="row-lock" size={13} aria-label={t("table.isLocked")} />}
    </>
  );
}

/** Households before → after; nothing where nobody moves. */
export function Change({ change }: { change: GridChange | undefined }) {
  const t = useT();
  if (!change) return null;
  const { households_before: before, households_after: after } = change;
  if (change.change === "added") return <>{t("table.isNew", { n: count(after) })}</>;
  if (before === after) {
    const isLand = change.change === "changed";
    const word = isLand ? t("table.unchanged") : t(`compare.kind.${change.change}`);
    return <span className="was">{word}</span>;
  }
  return (
    <>
      <span className="was">{count(before)} →</span> {count(after)}
    </>
  );
}

export const COLUMNS: readonly Column[] = [
  { label: "table.code", sort: "code", cell: (row) => <Code row={row} /> },
  { label: "table.name", sort: "name", cell: (row) => row.name || "—" },
  { label: "table.village", cell: (row) => row.village ?? "—" },
  {
    label: "table.households",
    sort: "households",
    figures: true,
    cell: (row) => count(row.households),
  },
  {
    label: "table.change",
    figures: true,
    ofPlan: true,
    cell: (_, change) => <Change change={change} />,
  },
  {
    label: "table.residents",
    sort: "residents",
    figures: true,
    cell: (row) => count(row.residents),
  },
  {
    label: "table.size",
    cell: (row) => <SizeBar value={row.households} rule={row.rule} status={row.profile_status} />,
  },
  {
    label: "table.area",
    sort: "area_m2",
    figures: true,
    cell: (row) => squareKilometres(row.area_m2),
  },
  {
    label: "table.farthest",
    sort: "center_max_m",
    figures: true,
    cell: (row) => kilometres(row.center_max_m),
  },
  {
    label: "table.status",
    sort: "profile_status",
    cell: (row) => <StatusBadge status={row.profile_status} />,
  },
];
