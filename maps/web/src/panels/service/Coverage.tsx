/** Served shares by township, village, grid and area type. */
import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import type { GapResult, GapShare, ShareUnit } from "../../api/service";
import type { AreaType } from "../../api/types";
import { useApp, useT } from "../../app/hooks";
import { count, spacedCode } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { Card } from "../parts";
import { useGridName } from "./names";
import { showUnit } from "./places";
import { type Column, ResultTable } from "./ResultTable";
import { shareText } from "./words";

const UNITS: readonly ShareUnit[] = ["township", "village", "grid", "area_type"];
const APART = ["far", "unreachable", "off_network", "unlocated"] as const;

type GridName = (code: string, name: string) => string;

function nameOf({ name, code }: GapShare, unit: ShareUnit, t: Translate, grid: GridName): string {
  if (unit === "area_type") return t(`area.${code as AreaType}`);
  return unit === "grid" ? grid(code, name) : name || spacedCode(code);
}

function columnsOf(t: Translate, unit: ShareUnit, grid: GridName): Column<GapShare>[] {
  return [
    {
      id: "name",
      label: t(`shares.${unit}`),
      width: "minmax(0,1.3fr)",
      value: (row) => nameOf(row, unit, t, grid),
      cell: (row) => <span title={spacedCode(row.code)}>{nameOf(row, unit, t, grid)}</span>,
    },
    {
      id: "share",
      label: t("shares.share"),
      figures: true,
      width: "minmax(96px,1fr)",
      value: (row) => row.share,
      cell: (row) => (
        <span className="cell-bar">
          <span className="share-bar" aria-hidden="true">
            <span style={{ width: `${(row.share ?? 0) * 100}%` }} />
          </span>
          {shareText(t, row.share)}
        </span>
      ),
    },
    {
      id: "left",
      label: t("shares.left"),
      figures: true,
      width: "68px",
      value: (row) => row.households - row.served,
      cell: (row) => count(row.households - row.served),
    },
    {
      id: "households",
      label: t("table.households"),
      figures: true,
      width: "82px",
      value: (row) => row.households,
      cell: (row) => count(row.households),
    },
    {
      id: "residents",
      label: t("shares.leftResidents"),
      figures: true,
      wide: true,
      width: "84px",
      value: (row) => row.residents - row.residents_served,
      cell: (row) => count(row.residents - row.residents_served),
    },
    ...APART.map((state) => ({
      id: state,
      label: t(`state.${state}`),
      figures: true,
      wide: true,
      width: "76px",
      value: (row: GapShare) => row[state],
      cell: (row: GapShare) => count(row[state]),
    })),
  ];
}

export function Coverage({ result }: { result: GapResult }) {
  const t = useT();
  const gridName = useGridName();
  const [unit, setUnit] = useState<ShareUnit>("township");
  const columns = useMemo(() => columnsOf(t, unit, gridName), [t, unit, gridName]);
  const selected = useApp(({ selection }) =>
    selection?.kind === "grids" || selection?.kind === "divisions" ? selection.id : null,
  );
  return (
    <Card title={t("shares.title")}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("shares.by")}
        value={unit}
        onChange={setUnit}
        data={UNITS.map((value) => ({ value, label: t(`shares.${value}`) }))}
      />
      <ResultTable
        key={unit}
        label={t("shares.title")}
        rows={result.shares[unit]}
        columns={columns}
        keyOf={(row) => row.code}
        current={selected}
        onPick={(row) => void showUnit(unit, row.code)}
        first={{ by: "share", order: "asc" }}
      />
    </Card>
  );
}
