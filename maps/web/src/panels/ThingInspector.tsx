/** Divisions, natural villages, centers, households: the facts that are known of each. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Selected } from "../app/selected";
import type { CenterLevel, Thing } from "../api/types";
import { useApp, useT } from "../app/hooks";
import { set } from "../app/state";
import { type Translate, translateLoose } from "../i18n/translate";
import { count, spacedCode } from "../i18n/format";
import type { Key } from "../i18n/zh";
import { Flags } from "./Flags";
import { Card, Fact, Facts } from "./parts";
import { ProblemList, zoomToProblem } from "./ProblemList";

const LONG: readonly Key[] = ["inspector.address", "inspector.services"];

type Row = readonly [Key, ReactNode];

const LEVEL_KIND: Record<string, Key> = {
  county: "kind.county",
  township: "kind.township",
  village: "kind.village",
};

function kindOf(kind: Selected["kind"], thing: Thing, t: Translate): string {
  if (kind === "divisions") return t(LEVEL_KIND[thing.level ?? ""] ?? "layer.divisions");
  if (kind === "natural_villages") return t("kind.natural_village");
  if (kind === "centers") {
    const level = thing.level as CenterLevel | undefined;
    return level ? `${t("layer.centers")} · ${t(`level.${level}`)}` : t("layer.centers");
  }
  return t("kind.household");
}

function people(thing: Thing): Row[] {
  return [
    ["table.households", count(thing.households)],
    ["layers.colouring.residents", count(thing.residents)],
    ["import.field.registered", count(thing.registered)],
  ];
}

function rowsOf(
  kind: Selected["kind"],
  thing: Thing,
  t: Translate,
  service: (code: string) => string,
): Row[] {
  const grid = typeof thing.grid === "string" ? { code: thing.grid, name: "" } : thing.grid;
  if (kind === "divisions") {
    return [
      ["layer.grids", count(thing.grids)],
      ["layer.natural_villages", count(thing.natural_villages)],
      ["layer.households", count(thing.households)],
      ["layers.colouring.residents", count(thing.residents)],
      ["layer.centers", count(thing.centers)],
      ["inspector.areaType", thing.area_type ? t(`area.${thing.area_type}`) : null],
    ];
  }
  if (kind === "natural_villages") return [["inspector.village", thing.village], ...people(thing)];
  if (kind === "centers") {
    return [
      ["inspector.village", thing.village],
      ["inspector.address", thing.address || null],
      ["inspector.nearestTo", count(thing.households_nearest)],
      [
        "inspector.capacity",
        thing.capacity == null ? "—" : t("unit.households", { n: count(thing.capacity) }),
      ],
      [
        "inspector.floorArea",
        thing.floor_area_m2 == null
          ? "—"
          : t("inspector.floorAreaValue", { n: count(thing.floor_area_m2) }),
      ],
      ["inspector.services", thing.services?.map(service).join("、") || null],
    ];
  }
  return [
    ["inspector.address", thing.address || null],
    ["inspector.village", thing.village],
    ["inspector.grid", grid ? grid.name || spacedCode(grid.code) : null],
    ["layers.colouring.residents", count(thing.residents)],
    ["import.field.registered", count(thing.registered)],
    ["inspector.children", count(thing.children)],
    ["inspector.elderly", count(thing.elderly)],
    ["inspector.aged80", count(thing.aged_80)],
  ];
}

export function ThingInspector({ kind, thing }: { kind: Selected["kind"]; thing: Thing }) {
  const t = useT();
  const title = thing.name || (kind === "households" ? thing.address : "") || thing.code || "—";
  const above = (thing.parents ?? []).map((parent) => parent.name).join(" › ");
  const language = useApp((state) => state.language);
  const service = (code: string) => translateLoose(language, `service.${code}`) ?? code;
  const rows = rowsOf(kind, thing, t, service).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return (
    <>
      <h2 className="inspector-name">{title}</h2>
      <Text size="sm" c="gray.7" className="figures">
        {kind === "households" ? thing.code : spacedCode(thing.code)}
      </Text>
      <Text size="sm" c="gray.7">
        {kindOf(kind, thing, t)}
        {above && ` · ${above}`}
      </Text>
      <Card>
        <Facts>
          {rows.map(([key, value]) => (
            <Fact key={key} name={t(key)} long={LONG.includes(key)}>
              {value}
            </Fact>
          ))}
        </Facts>
        <Flags flags={thing.flags} />
      </Card>
      {thing.problems.length > 0 && (
        <Card title={t("inspector.problems")}>
          <ProblemList
            problems={thing.problems}
            onPick={(problem) => {
              set({ problemPlace: problem.geometry });
              zoomToProblem(problem);
            }}
          />
        </Card>
      )}
    </>
  );
}
