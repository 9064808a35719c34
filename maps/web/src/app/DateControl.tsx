/** Whose lines are on show: those of today, those of a day, or the open draft. */
import { Badge, Button, Tooltip } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { day } from "../i18n/format";
import { useApp, usePlan, useT } from "./hooks";
import { showDay } from "./state";

/** No county kept grids before; half a year typed is no day either. */
const FIRST_DAY = "1949-10-01";

export function DateControl() {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const shown = useApp((state) => state.lines.date);
  const plan = usePlan((state) => state.plan);
  const today = day(new Date());
  const value = shown ?? today;
  // The browser's own field keeps what is half typed, so it is told only when the day is another.
  useEffect(() => {
    if (input.current && input.current.value !== value) input.current.value = value;
  }, [value, plan]);
  // What a published plan did is in force: its lines are those of a day like any other.
  if (plan && plan.state !== "published") {
    return (
      <Tooltip label={t("time.draftHint", { name: plan.name })}>
        <Badge className="lines-draft" variant="light" size="lg" tt="none">
          {t(plan.state === "draft" ? "time.draft" : "time.plan")}
        </Badge>
      </Tooltip>
    );
  }
  return (
    <div className="lines-day" data-old={shown !== null}>
      {shown !== null && <IconHistory size={16} aria-hidden />}
      <Tooltip label={t(shown === null ? "app.today" : "time.old", { date: value })}>
        <input
          ref={input}
          type="date"
          className="figures"
          aria-label={t("time.label")}
          defaultValue={value}
          min={FIRST_DAY}
          max={today}
          onChange={({ currentTarget: field }) => {
            if (!field.value || !field.validity.valid) return;
            showDay(field.value === today ? null : field.value);
          }}
          onBlur={({ currentTarget: field }) => {
            if (!field.value || !field.validity.valid) field.value = value;
          }}
        />
      </Tooltip>
      {shown !== null && (
        <Button size="compact-sm" variant="default" onClick={() => showDay(null)}>
          {t("time.today")}
        </Button>
      )}
    </div>
  );
}

/** On the map itself: these are not the lines in force. */
export function OldLinesMark() {
  const t = useT();
  const date = useApp((state) => state.lines.date);
  if (date === null) return null;
  return (
    <div className="lines-mark" role="status">
      <IconHistory size={16} aria-hidden />
      {t("time.old", { date })}
      <button type="button" className="link" onClick={() => showDay(null)}>
        {t("time.back")}
      </button>
    </div>
  );
}
