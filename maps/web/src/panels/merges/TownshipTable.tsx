/** Township by township: how many were too small, how many still are, and how sure that is. */
import type { MergeResult, MergeTownship } from "../../api/merges";
import { useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { percent, UNKNOWN } from "../../i18n/format";
import { useScopes } from "../service/names";
import { type Column, ResultTable } from "../service/ResultTable";

export function TownshipTable({ result }: { result: MergeResult }) {
  const t = useT();
  const { boxOf } = useScopes();
  const gap = ({ proved, gap: left }: MergeTownship) =>
    proved
      ? t("merges.gap.proved")
      : left === null
        ? UNKNOWN
        : t("unit.share", { n: percent(left) });
  const number = (id: "units" | "below" | "left" | "groups" | "candidates", wide = false) => ({
    id,
    label: t(`merges.col.${id}`),
    value: (row: MergeTownship) => row[id],
    figures: true,
    wide,
    width: "minmax(44px, .8fr)",
  });
  const columns: Column<MergeTownship>[] = [
    {
      id: "name",
      label: t("merges.township"),
      value: (row) => row.name || row.code,
      width: "minmax(72px, 1.5fr)",
    },
    number("units"),
    number("below"),
    number("left"),
    number("groups"),
    {
      id: "gap",
      label: t("merges.col.gap"),
      value: (row) => (row.proved ? 0 : (row.gap ?? 1)),
      cell: gap,
      figures: true,
      width: "minmax(48px, .8fr)",
    },
    number("candidates", true),
  ];
  return (
    <ResultTable
      label={t("merges.table.townships")}
      rows={result.townships}
      columns={columns}
      keyOf={({ code }) => code}
      onPick={({ code }) => {
        const box = boxOf(code);
        if (box) theMap()?.fit(box, 12.5);
      }}
      first={{ by: "below", order: "desc" }}
    />
  );
}
