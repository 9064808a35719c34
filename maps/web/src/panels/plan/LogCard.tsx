/** What was done to the plan, the last first; a click goes to the grids. */
import { Badge, Button, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { LogEntry } from "../../api/plans";
import { boxOfDrawing, goToGrids } from "../../app/goTo";
import { usePlan, useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { EDITS, MOST_EDITS, usePlanLog } from "../../app/planLog";
import { count, moment } from "../../i18n/format";
import { choose, isEditable, planStore } from "../../plan/store";
import { Card } from "../parts";

const FIRST = 5;
const MORE = 50;
/** Grids named in a row before the rest is counted. */
const NAMED = 3;

function goTo(entry: LogEntry): void {
  const codes = [...new Set([...entry.changed, ...entry.created])];
  const box = boxOfDrawing(entry.edit);
  if (box) theMap()?.fit(box, 15.5);
  else void goToGrids([...codes, ...entry.removed]);
  if (isEditable(planStore.getState())) choose(codes);
}

function Row({ entry }: { entry: LogEntry }) {
  const t = useT();
  const codes = [...new Set([...entry.changed, ...entry.created, ...entry.removed])];
  const named = codes
    .slice(0, NAMED)
    .map((code) => code.slice(-3))
    .join(t("plan.and"));
  const rest = codes.length - NAMED;
  return (
    <li>
      <UnstyledButton className="log-row" data-state={entry.state} onClick={() => goTo(entry)}>
        <span className="log-what">
          <strong>{t(`act.${entry.edit.type}`)}</strong>{" "}
          <span className="figures">
            {named}
            {rest > 0 && ` ${t("plan.log.more", { n: rest })}`}
          </span>
        </span>
        {entry.state !== "applied" && (
          <Badge size="xs" variant="light" color="gray.7" tt="none">
            {t(`plan.log.${entry.state}`)}
          </Badge>
        )}
        <small>
          {entry.author} · <time dateTime={entry.made_at}>{moment(entry.made_at)}</time>
        </small>
      </UnstyledButton>
    </li>
  );
}

export function LogCard() {
  const t = useT();
  const [shown, setShown] = useState(FIRST);
  const isOpen = usePlan((state) => state.plan !== null);
  const { data } = usePlanLog(shown > EDITS ? MOST_EDITS : EDITS);
  if (!isOpen || !data || data.edits.length === 0) return null;
  const latest = [...data.edits].reverse();
  return (
    <Card title={t("plan.log", { n: count(data.total) })}>
      <ul className="problem-list log-list">
        {latest.slice(0, shown).map((entry, index) => (
          <Row key={`${entry.position}/${entry.made_at}/${index}`} entry={entry} />
        ))}
      </ul>
      {Math.min(data.total, MOST_EDITS) > shown && (
        <Button size="compact-xs" variant="subtle" onClick={() => setShown((now) => now + MORE)}>
          {t("plan.showMore", { n: Math.min(MORE, data.total - shown) })}
        </Button>
      )}
    </Card>
  );
}
