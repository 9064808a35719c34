/** One grid: people, size against the rule, reach, problems, history. */
import { Text } from "@mantine/core";
import type { GridDetail, ProfileStatus } from "../api/types";
import { useT, useWorkspace } from "../app/hooks";
import { select, set } from "../app/state";
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

function SizeCard({ grid }: { grid: GridDetail }) {
  const t = useT();
  const profile = useWorkspace()?.profile ?? null;
  const { rule } = grid;
  return (
    <Card>
      <Facts>
        <Fact name={t("layers.colouring.households")}>{count(grid.households)}</Fact>
        <Fact name={t("inspector.people")}>
          {count(grid.residents)} / {count(grid.registered)}
        </Fact>
        <Fact name={t("inspector.elderly")}>
          <Elderly elderly={grid.elderly} residents={grid.residents} />
        </Fact>
        <Fact name={t("inspector.area")}>
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
        {t(`gridKind.${grid.kind}`)} · {t("inspector.since", { date: day(grid.valid_from) })}
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
        <Facts>
          {grid.history.map((version) => (
            <Fact key={version.valid_from} name={day(version.valid_from)}>
              {version.valid_to ? `→ ${day(version.valid_to)}` : t("inspector.historyNow")}
            </Fact>
          ))}
        </Facts>
      </Card>
    </>
  );
}
