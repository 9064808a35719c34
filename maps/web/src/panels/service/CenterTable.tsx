/** Each center: whom it serves, how far they come, and whether its capacity suffices. */
import { useMemo } from "react";
import type { CenterRadius, RadiusResult, Unit } from "../../api/service";
import { useT } from "../../app/hooks";
import { useService } from "../../app/service";
import { count } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import type { Key } from "../../i18n/zh";
import { Card, Fact, Facts, Hint } from "../parts";
import { showCenter } from "./places";
import { type Column, ResultTable } from "./ResultTable";
import { costFigure, costText, peopleText, shareText, unitText } from "./words";

/** How full a center is; the bar is full at its capacity, and what is beyond is told by its colour. */
function Load({ center }: { center: CenterRadius }) {
  const t = useT();
  if (center.load === null) return <>—</>;
  const over = center.load > 1;
  return (
    <span className="cell-bar" data-over={over}>
      <span className="share-bar load-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(1, center.load) * 100}%` }} />
      </span>
      {shareText(t, center.load)}
    </span>
  );
}

/** All of them are service centers: in a column the place they are named after tells them apart. */
const shortName = ({ name, code }: CenterRadius): string =>
  name.replace(/(党群)?服务(中心|站)$/, "") || name || code;

const COSTS = ["radius_50", "radius_90", "radius_95", "radius_100"] as const;

function columnsOf(t: Translate, unit: Unit, share: number): Column<CenterRadius>[] {
  const people = (id: "people" | "within" | "only_here", label: Key, wide: boolean) => ({
    id,
    label: t(label),
    figures: true,
    wide,
    width: "68px",
    value: (row: CenterRadius) => row[id],
    cell: (row: CenterRadius) => count(row[id]),
  });
  return [
    {
      id: "name",
      label: t("radius.center"),
      width: "minmax(0,1fr)",
      value: shortName,
      cell: (row) => <span title={row.name || row.code}>{shortName(row)}</span>,
    },
    people("people", "radius.people", false),
    ...COSTS.map((id) => ({
      id,
      label: `P${id.slice(7)}`,
      figures: true,
      wide: true,
      width: "62px",
      value: (row: CenterRadius) => row[id],
      cell: (row: CenterRadius) => costFigure(row[id], unit),
    })),
    {
      id: "radius",
      label: t("radius.column", { n: Math.round(share * 100), unit: unitText(t, unit) }),
      figures: true,
      width: "76px",
      value: (row) => row.radius,
      cell: (row) => costFigure(row.radius, unit),
    },
    {
      id: "load",
      label: t("radius.load"),
      figures: true,
      width: "96px",
      value: (row) => row.load,
      cell: (row) => <Load center={row} />,
    },
    people("within", "radius.within", true),
    people("only_here", "radius.onlyHere", true),
  ];
}

function CenterDetail({ center, result }: { center: CenterRadius; result: RadiusResult }) {
  const t = useT();
  const { unit, weight } = result;
  const people = (value: number | null) => peopleText(t, value, weight);
  return (
    <section className="area-detail" aria-label={center.name || center.code}>
      <h4>{center.name || center.code}</h4>
      <Facts>
        <Fact name={t("radius.assigned")}>
          {t("unit.households", { n: count(center.households) })}
          {weight === "households" ? "" : ` · ${people(center.people)}`}
        </Fact>
        <Fact name="P50 / P90">
          {costText(t, center.radius_50, unit)} / {costText(t, center.radius_90, unit)}
        </Fact>
        <Fact name="P95 / P100">
          {costText(t, center.radius_95, unit)} / {costText(t, center.radius_100, unit)}
        </Fact>
        <Fact name={t("radius.withinLong")}>{people(center.within)}</Fact>
        <Fact name={t("radius.onlyHereLong")}>{people(center.only_here)}</Fact>
        <Fact name={t("inspector.capacity")}>
          {center.capacity === null ? t("radius.capacityUnknown") : count(center.capacity)}
        </Fact>
        {center.over !== null && center.over > 0 && (
          <Fact name={t("radius.over")}>{people(center.over)}</Fact>
        )}
        {center.takes_in && <Fact name={t("radius.takesIn")}>{t("radius.takesInOne")}</Fact>}
        {center.worth !== null && center.worth > 0 && (
          <Fact name={t("radius.worth")}>{costText(t, center.worth, unit)}</Fact>
        )}
      </Facts>
    </section>
  );
}

export function CenterTable({ result }: { result: RadiusResult }) {
  const t = useT();
  const { unit, share, centers, weight } = result;
  const current = useService((state) => state.center);
  const columns = useMemo(() => columnsOf(t, unit, share), [t, unit, share]);
  const chosen = centers.find(({ code }) => code === current);
  return (
    <Card
      title={t("radius.centers")}
      aside={<span className="figures">{count(centers.length)}</span>}
    >
      {centers.length === 0 ? (
        <Hint>{t("radius.noCenters")}</Hint>
      ) : (
        <ResultTable
          label={t("radius.centers")}
          rows={centers}
          columns={columns}
          keyOf={(row) => row.code}
          current={current}
          onPick={(row) => showCenter(row, unit)}
          first={{ by: "radius", order: "desc" }}
        />
      )}
      {weight !== "households" && <Hint>{t("radius.capacityUnit")}</Hint>}
      {chosen && <CenterDetail center={chosen} result={result} />}
    </Card>
  );
}
