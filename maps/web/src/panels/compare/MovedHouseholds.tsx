/** The households that change grid, by old grid → new grid. */
import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import type { HouseholdMoved } from "../../api/difference";
import { useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { count, spacedCode } from "../../i18n/format";
import { Hint } from "../parts";
import { LongList } from "./LongList";
import { type Move, movesOf } from "./moves";

const ROW_HEIGHT = 44;

function Row({ move }: { move: Move }) {
  const t = useT();
  const nameOf = (code: string | null) => (code ? spacedCode(code) : t("compare.noGrid"));
  return (
    <UnstyledButton
      className="change-row"
      onClick={() => move.bbox && theMap()?.fit(move.bbox, 15.5)}
    >
      <span className="figures">
        {nameOf(move.from)} → {nameOf(move.to)}
      </span>
      <span className="change-numbers figures">
        <strong>{t("unit.households", { n: count(move.households) })}</strong>
        <span>{t("unit.residents", { n: count(move.residents) })}</span>
      </span>
    </UnstyledButton>
  );
}

export function MovedHouseholds({ households }: { households: readonly HouseholdMoved[] }) {
  const t = useT();
  const moves = useMemo(() => movesOf(households), [households]);
  if (moves.length === 0) return <Hint>{t("compare.nobody")}</Hint>;
  return (
    <LongList
      label={t("compare.moved")}
      count={moves.length}
      rowHeight={ROW_HEIGHT}
      row={(index) => <Row move={moves[index] as Move} />}
    />
  );
}
