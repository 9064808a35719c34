/** How much service there is within reach: the county, and the grids and villages that have least. */
import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import type { AccessResult, AccessUnit } from "../../api/service";
import { useApp, useT } from "../../app/hooks";
import { count, spacedCode } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { Card, Fact, Facts, Hint } from "../parts";
import { Downloads } from "./Downloads";
import { useResult } from "./follow";
import { useGridName } from "./names";
import { showUnit } from "./places";
import { standardsText } from "./question";
import { ResultFrame, Warnings } from "./ResultFrame";
import { type Column, ResultTable } from "./ResultTable";
import { StateList } from "./StateList";
import { peopleText, scoreText } from "./words";

const TABLES = [
  { table: "grids", name: "access.table.grids", placed: false },
  { table: "villages", name: "access.table.villages", placed: false },
  { table: "townships", name: "access.table.townships", placed: false },
] as const;
const UNITS = ["grid", "village", "township"] as const;
type AccessBy = (typeof UNITS)[number];
const SHOWN = 12;

function Headline({ result }: { result: AccessResult }) {
  const t = useT();
  const { supply, weight, unreached } = result;
  const names = unreached.slice(0, SHOWN).map(({ name, code }) => name || code);
  return (
    <Card>
      <div className="coverage">
        <strong className="figures">{scoreText(result.mean)}</strong>
        <span>{t(`access.score.${supply}`, { per: t(`per.${weight}`) })}</span>
      </div>
      <Facts>
        <Fact name={t("access.without")}>{peopleText(t, result.without, weight)}</Fact>
        {unreached.length > 0 && (
          <Fact name={t("access.unreached", { n: count(unreached.length) })} long>
            {names.join("、")}
            {unreached.length > SHOWN ? "…" : ""}
          </Fact>
        )}
      </Facts>
      <Hint>{t(`access.about.${supply}`)}</Hint>
      {supply === "capacity" && weight !== "households" && <Hint>{t("radius.capacityUnit")}</Hint>}
      <Hint>
        {t("access.catchment", { rules: standardsText(result.standards, result.unit, t) })}
      </Hint>
      <StateList states={result.states} />
      <Warnings problems={result.problems} />
      <Downloads tables={TABLES} />
    </Card>
  );
}

function columnsOf(
  t: Translate,
  by: AccessBy,
  result: AccessResult,
  gridName: (code: string, name: string) => string,
): Column<AccessUnit>[] {
  const nameOf = ({ code, name }: AccessUnit) =>
    by === "grid" ? gridName(code, name) : name || spacedCode(code);
  const best = Math.max(0, ...result[by].map(({ score }) => score ?? 0));
  return [
    {
      id: "name",
      label: t(`shares.${by}`),
      width: "minmax(0,1.2fr)",
      value: nameOf,
      cell: (row) => <span title={spacedCode(row.code)}>{nameOf(row)}</span>,
    },
    {
      id: "score",
      label: t("access.column", { per: t(`per.${result.weight}`) }),
      figures: true,
      width: "minmax(110px,1fr)",
      value: (row) => row.score,
      cell: (row) => (
        <span className="cell-bar">
          <span className="share-bar score-bar" aria-hidden="true">
            <span style={{ width: best ? `${((row.score ?? 0) / best) * 100}%` : 0 }} />
          </span>
          {scoreText(row.score)}
        </span>
      ),
    },
    {
      id: "people",
      label: t(result.weight === "households" ? "table.households" : "access.people"),
      figures: true,
      width: "74px",
      value: (row) => row.people,
      cell: (row) => count(row.people),
    },
    {
      id: "households",
      label: t("table.households"),
      figures: true,
      wide: true,
      width: "74px",
      value: (row) => row.households,
      cell: (row) => count(row.households),
    },
  ];
}

function Units({ result }: { result: AccessResult }) {
  const t = useT();
  const gridName = useGridName();
  const [by, setBy] = useState<AccessBy>("grid");
  const columns = useMemo(() => columnsOf(t, by, result, gridName), [t, by, result, gridName]);
  const selected = useApp(({ selection }) =>
    selection?.kind === "grids" || selection?.kind === "divisions" ? selection.id : null,
  );
  return (
    <Card title={t("access.worst")}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("shares.by")}
        value={by}
        onChange={setBy}
        data={UNITS.map((value) => ({ value, label: t(`shares.${value}`) }))}
      />
      <ResultTable
        key={by}
        label={t("access.worst")}
        rows={result[by]}
        columns={columns}
        keyOf={(row) => row.code}
        current={selected}
        onPick={(row) => void showUnit(by, row.code)}
        first={{ by: "score", order: "asc" }}
      />
    </Card>
  );
}

export function AccessResults() {
  const asked = useResult<AccessResult>();
  return (
    <ResultFrame asked={asked}>
      {(result) => (
        <>
          <Headline result={result} />
          <Units result={result} />
        </>
      )}
    </ResultFrame>
  );
}
