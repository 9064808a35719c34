/** One grid: people, size against the rule, reach, problems, history. */
import { Text } from "@mantine/core";
import type { GridDetail, ProfileStatus } from "../api/types";
import { useApp, usePlan, useT, useWorkspace } from "../app/hooks";
import { useChanges } from "../app/planNumbers";
import { select, set, showDay } from "../app/state";
import {
  count,
  day,
  decimal,
  kilometres,
  length,
  percent,
  spacedCode,
  squareKilometres,
} from "../i18n/format";
import type { Translate } from "../i18n/translate";
import { Card, Fact, Facts, Hint } from "./parts";
import { Flags } from "./Flags";
import { ProblemList, zoomToProblem } from "./ProblemList";
import { RuleBar } from "./RuleBar";
import { RuleSource } from "./RuleSource";

export function StatusBadge({ status }: { status: ProfileStatus | null }) {
  const t = useT();
  if (!status) return <span>—</span>;
  return (
    <span className="status" data-status={status}>
      {t(`status.${status}`)}
    </span>
  );
}

function Elderly({ elderly, residents }: { elderly: number | null; residents: number | null }) {
  const t = useT();
  if (elderly === null || !residents) return <>{count(elderly)}</>;
  return (
    <>{t("inspector.elderlyValue", { n: count(elderly), share: percent(elderly / residents) })}</>
  );
}

/** What the open plan found; nothing where it leaves the number alone. */
function Was({ before, after }: { before: number | null | undefined; after: number | null }) {
  if (before === undefined || before === null || before === after) return null;
  return <span className="was">{count(before)} →</span>;
}

function SizeCard({ grid }: { grid: GridDetail }) {
  const t = useT();
  const profile = useWorkspace()?.profile ?? null;
  const isPlan = usePlan((state) => state.plan !== null);
  const changes = useChanges();
  const change = isPlan ? changes?.get(grid.code) : undefined;
  const before = squareKilometres(change?.area_before_m2);
  const areaBefore =
    change?.area_before_m2 == null || before === squareKilometres(grid.area_m2) ? null : before;
  const { rule } = grid;
  return (
    <Card>
      <Facts>
        <Fact name={t("layers.colouring.households")}>
          <Was before={change?.households_before} after={grid.households} />{" "}
          {count(grid.households)}
        </Fact>
        <Fact name={t("inspector.people")}>
          <Was before={change?.residents_before} after={grid.residents} /> {count(grid.residents)} /{" "}
          {count(grid.registered)}
        </Fact>
        <Fact name={t("inspector.elderly")}>
          <Elderly elderly={grid.elderly} residents={grid.residents} />
        </Fact>
        <Fact name={t("inspector.area")}>
          {areaBefore !== null && <span className="was">{areaBefore} → </span>}
          {t("unit.km2", { n: squareKilometres(grid.area_m2) })}
        </Fact>
        <Fact name={t("inspector.compactness")}>{decimal(grid.compactness, 2)}</Fact>
        {rule ? (
          <Fact name={t("inspector.rule")}>
            {t("inspector.ruleValue", {
              min: count(rule.minimum),
              target: count(rule.target),
              max: count(rule.maximum),
            })}
          </Fact>
        ) : (
          <Fact name={t("inspector.rule")}>{t("inspector.noRule")}</Fact>
        )}
      </Facts>
      {rule && (
        <>
          <RuleBar value={grid.households} rule={rule} status={grid.profile_status} />
          <div className="rule-line">
            <StatusBadge status={grid.profile_status} />
            <RuleSource profile={profile} rule={rule} />
          </div>
        </>
      )}
    </Card>
  );
}

/** Since when its lines are in force; a grid that is only drafted says so. */
function sinceWhen(t: Translate, { valid_from }: GridDetail): string {
  if (valid_from === null) return t("inspector.drafted");
  return t("inspector.since", { date: day(valid_from) });
}

/** Versions of the grid; each leads to the lines of its first day. */
function History({ grid }: { grid: GridDetail }) {
  const t = useT();
  const { shown, isPlan } = useApp(({ lines }) => ({
    shown: lines.date,
    isPlan: lines.plan !== null,
  }));
  if (grid.history.length === 0) return <Hint>{t("inspector.notYet")}</Hint>;
  return (
    <Facts>
      {grid.history.map(({ valid_from, valid_to }) => {
        const from = day(valid_from);
        const link = (
          <button
            type="button"
            className="link figures"
            aria-current={from === shown ? "date" : undefined}
            title={t("time.show", { date: from })}
            onClick={() => showDay(from)}
          >
            {from}
          </button>
        );
        return (
          <Fact key={valid_from} name={isPlan ? from : link}>
            {valid_to ? `→ ${day(valid_to)}` : t("inspector.historyNow")}
          </Fact>
        );
      })}
    </Facts>
  );
}

/** "第一网格" says little without its village. */
function gridName(grid: GridDetail): string {
  const village = grid.village ?? "";
  if (!grid.name) return spacedCode(grid.code);
  return grid.name.startsWith(village) ? grid.name : `${village}${grid.name}`;
}

export function GridInspector({ grid }: { grid: GridDetail }) {
  const t = useT();
  const center = grid.nearest_center;
  return (
    <>
      <h2 className="inspector-name">{gridName(grid)}</h2>
      <Text size="sm" c="gray.7" className="figures">
        {spacedCode(grid.code)}
      </Text>
      <Text size="sm" c="gray.7">
        {t(`gridKind.${grid.kind}`)} · {sinceWhen(t, grid)}
        {grid.locked && ` · ${t("table.isLocked")}`}
      </Text>
      <SizeCard grid={grid} />
      <Card title={t("inspector.center")} aside={<small>{t("inspector.straight")}</small>}>
        <Facts>
          <Fact name={t("inspector.medianMax")}>
            {t("unit.km", {
              n: `${kilometres(grid.center_median_m)} / ${kilometres(grid.center_max_m)}`,
            })}
          </Fact>
        </Facts>
        {center && (
          <button
            type="button"
            className="link"
            onClick={() => select({ kind: "centers", id: center.code })}
          >
            {center.name || center.code}
            <span className="figures"> · {length(center.distance_m)}</span>
          </button>
        )}
      </Card>
      <Card title={t("inspector.problems")}>
        {grid.problems.length === 0 ? (
          <Hint>{t("inspector.noProblems")}</Hint>
        ) : (
          <ProblemList
            problems={grid.problems}
            onPick={(problem) => {
              set({ problemPlace: problem.geometry });
              zoomToProblem(problem);
            }}
          />
        )}
        <Flags flags={grid.flags} />
      </Card>
      <Card title={t("inspector.history")}>
        <History grid={grid} />
      </Card>
    </>
  );
}
