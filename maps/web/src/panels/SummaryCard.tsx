/** How the grids in view, or of the county, stand against the size rule. */
import { SegmentedControl, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Bbox, GridRow } from "../api/types";
import { useAllGrids } from "../app/allGrids";
import { useApp, useT, useWorkspace } from "../app/hooks";
import { count, percent, UNKNOWN } from "../i18n/format";
import { Histogram } from "./Histogram";
import { Card, Fact, Facts } from "./parts";
import { commonRule, ruleCaption } from "./sizeRules";

const inside = ([w, s, e, n]: Bbox, row: GridRow) => {
  const [lon, lat] = row.center;
  return lon >= w && lon <= e && lat >= s && lat <= n;
};

export function SummaryCard() {
  const t = useT();
  const [where, setWhere] = useState("view");
  const rows = useAllGrids().data;
  const profile = useWorkspace()?.profile;
  const bbox = useApp((state) => state.view?.bbox ?? null);
  if (rows?.length === 0) return null;
  const chosen = rows?.filter((row) => where === "county" || !bbox || inside(bbox, row)) ?? [];
  const sizes = chosen.map((row) => row.households).filter((n): n is number => n !== null);
  const within = chosen.filter((row) => row.profile_status === "within").length;
  const rule = commonRule(chosen);
  const sum = (pick: (row: GridRow) => number | null) =>
    chosen.reduce((total, row) => total + (pick(row) ?? 0), 0);
  const range =
    sizes.length === 0 ? UNKNOWN : `${count(Math.min(...sizes))}–${count(Math.max(...sizes))}`;
  return (
    <Card
      title={t("layers.summary")}
      aside={
        <SegmentedControl
          size="xs"
          value={where}
          onChange={setWhere}
          aria-label={t("layers.summary")}
          data={[
            { value: "view", label: t("layers.summary.view") },
            { value: "county", label: t("layers.summary.county") },
          ]}
        />
      }
    >
      {rows ? (
        <>
          <Facts>
            <Fact name={t("layers.summary.grids")}>{count(chosen.length)}</Fact>
            <Fact name={t("layers.summary.within")}>
              {chosen.length === 0
                ? UNKNOWN
                : t("unit.share", { n: percent(within / chosen.length) })}
            </Fact>
            <Fact name={t("layer.households")}>{count(sum((row) => row.households))}</Fact>
            <Fact name={t("layers.colouring.residents")}>{count(sum((row) => row.residents))}</Fact>
            <Fact name={t("layers.summary.range")}>{range}</Fact>
          </Facts>
          {sizes.length > 0 && (
            <Histogram
              values={sizes}
              minimum={rule?.minimum ?? null}
              maximum={rule?.maximum ?? null}
              label={ruleCaption(t, profile, rule)}
            />
          )}
        </>
      ) : (
        <Skeleton height={150} />
      )}
    </Card>
  );
}
