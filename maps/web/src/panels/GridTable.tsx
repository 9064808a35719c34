/** Grids as a table, linked both ways with the map. */
import { ActionIcon, Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { fetchGrids } from "../api/endpoints";
import { useApp, usePlan, useSentence, useT } from "../app/hooks";
import { useChanges } from "../app/planNumbers";
import { set } from "../app/state";
import { GridRows } from "./GridRows";
import { type Question, useGridFilter, useGridList } from "./table/gridList";
import { TableExport } from "./table/TableExport";
import { TableFilters } from "./table/TableFilters";
import { Totals } from "./table/Totals";

const EVERYTHING: Question = {
  where: "view",
  text: "",
  status: null,
  locked: false,
  changed: false,
  sorting: { by: "code", order: "asc" },
};

export default function GridTable() {
  const t = useT();
  const sentence = useSentence();
  const open = useApp((state) => state.drawer);
  const isPlan = usePlan((state) => state.plan !== null);
  const [wanted, setWanted] = useState(EVERYTHING);
  const [text] = useDebouncedValue(wanted.text.trim(), 250);
  const [first, setFirst] = useState(0);
  // What only a plan has is not asked of other lines; it is there again with the next plan.
  const question: Question = isPlan
    ? { ...wanted, text }
    : {
        ...wanted,
        text,
        where: wanted.where === "scope" ? "all" : wanted.where,
        locked: false,
        changed: false,
      };
  const asked = useGridFilter(question);
  const changes = useChanges();
  const { list, error, refetch, isSettled } = useGridList(asked, first, changes, open);
  const { filter, lines } = asked;
  const find = useCallback(
    async (code: string) => {
      const loaded = list ? placeOf(list, code) : null;
      if (loaded !== null || filter.drafted) return loaded;
      return (await fetchGrids({ ...filter, find: code, limit: 1 }, lines)).position;
    },
    [list, filter, lines],
  );

  return (
    <section className="drawer" data-open={open} aria-label={t("table.title")}>
      <div className="drawer-bar">
        <strong className="drawer-title">{t("table.title")}</strong>
        {open && (
          <TableFilters
            question={{ ...question, text: wanted.text }}
            isPlan={isPlan}
            onChange={(change) => setWanted((before) => ({ ...before, ...change }))}
          />
        )}
        {open && <TableExport asked={asked} changes={isPlan ? changes : null} />}
        <ActionIcon
          className="drawer-fold"
          variant="subtle"
          color="gray.7"
          aria-label={t(open ? "table.fold" : "table.unfold")}
          aria-expanded={open}
          onClick={() => set({ drawer: !open })}
        >
          {open ? <IconChevronDown size={18} /> : <IconChevronUp size={18} />}
        </ActionIcon>
      </div>
      {open &&
        (error && !list ? (
          <div className="drawer-message" role="alert">
            {sentence(error)}{" "}
            <Button size="compact-xs" variant="light" onClick={() => void refetch()}>
              {t("app.retry")}
            </Button>
          </div>
        ) : list?.total === 0 ? (
          <div className="drawer-message">
            {question.changed
              ? t("table.noneChanged")
              : lines.date
                ? t("table.noneThen", { date: lines.date })
                : t("table.none")}
          </div>
        ) : (
          list && (
            <GridRows
              list={list}
              changes={isPlan ? changes : null}
              sorting={question.sorting}
              onSort={(sorting) => setWanted((before) => ({ ...before, sorting }))}
              onFirst={setFirst}
              find={find}
              listKey={isSettled ? JSON.stringify(filter) : null}
            />
          )
        ))}
      {open && list && <Totals list={list} />}
    </section>
  );
}

/** Where a grid stands among the rows that are here; null when it is not. */
function placeOf(list: NonNullable<ReturnType<typeof useGridList>["list"]>, code: string) {
  for (let index = 0; index < list.total; index += 1) {
    if (list.rowAt(index)?.code === code) return index;
  }
  return null;
}
