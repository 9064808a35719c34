/** Who moves where: households by the pair of their old and their new grid. */
import type { Difference, HouseholdMoved } from "../../api/difference";
import type { Bbox } from "../../api/types";
import { boxOfPoints } from "../../app/allGrids";
import type { Translate } from "../../i18n/translate";
import { type Joined, memberChanges, membersInWords } from "./members";

export interface Move {
  from: string | null;
  to: string | null;
  households: number;
  residents: number;
  bbox: Bbox | null;
}

/** The most households first; equal ones by code. */
export function movesOf(households: readonly HouseholdMoved[]): Move[] {
  const pairs = new Map<string, HouseholdMoved[]>();
  for (const one of households) {
    const key = `${one.old_grid ?? ""}→${one.new_grid ?? ""}`;
    const known = pairs.get(key);
    if (known) known.push(one);
    else pairs.set(key, [one]);
  }
  return [...pairs.entries()]
    .map(([key, moved]) => ({
      key,
      from: moved[0]?.old_grid ?? null,
      to: moved[0]?.new_grid ?? null,
      households: moved.length,
      residents: moved.reduce((sum, { residents }) => sum + residents, 0),
      bbox: boxOfPoints(moved.map(({ point }) => point)),
    }))
    .sort((a, b) => b.households - a.households || (a.key < b.key ? -1 : 1))
    .map(({ from, to, households, residents, bbox }) => ({
      from,
      to,
      households,
      residents,
      bbox,
    }));
}

type Cells = (string | number | null)[][];

/** The changed grids and joint villages as rows of a file: plain numbers, units in the heading. */
export function changeCells(t: Translate, changed: Joined & Pick<Difference, "grids">): Cells {
  const head = [
    t("table.code"),
    t("compare.csv.previous"),
    t("table.name"),
    t("compare.csv.village"),
    t("compare.csv.change"),
    t("table.csv.before"),
    t("compare.csv.after"),
    t("compare.csv.in"),
    t("compare.csv.out"),
    t("compare.csv.residentsBefore"),
    t("compare.csv.residentsAfter"),
    t("compare.csv.areaBefore"),
    t("compare.csv.areaAfter"),
    t("compare.csv.areaIn"),
    t("compare.csv.areaOut"),
    t("compare.csv.members"),
  ];
  const whole = (area: number | null) => (area === null ? null : Math.round(area));
  const grids = changed.grids.map((one) => [
    one.code,
    one.previous_code,
    one.name,
    one.village_code,
    t(`compare.kind.${one.change}`),
    one.households_before,
    one.households_after,
    one.households_in,
    one.households_out,
    one.residents_before,
    one.residents_after,
    whole(one.area_before_m2),
    whole(one.area_after_m2),
    whole(one.area_in_m2),
    whole(one.area_out_m2),
    null,
  ]);
  const joint = memberChanges(t, changed).map((one) => {
    const { code, change, name } = one.joint;
    const kind = t("compare.csv.joint", { kind: t(`compare.kind.${change}`) });
    const numbers = head.slice(5, -1).map(() => null);
    return [code, null, name, null, kind, ...numbers, membersInWords(t, one)];
  });
  return [head, ...grids, ...joint];
}
