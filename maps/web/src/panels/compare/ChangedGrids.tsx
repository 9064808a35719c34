/** The grids that differ, each a click away from its place on the map. */
import { UnstyledButton } from "@mantine/core";
import type { GridChange } from "../../api/difference";
import { useApp, useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { select } from "../../app/state";
import { count, spacedCode, squareKilometres, UNKNOWN } from "../../i18n/format";
import { KindSwatch } from "./KindSwatch";
import { LongList } from "./LongList";

const ROW_HEIGHT = 62;

function show({ code, change, bbox }: GridChange): void {
  // A grid that is gone has nothing to inspect in the draft; its place is still there.
  select(change === "removed" ? null : { kind: "grids", id: code });
  if (bbox) theMap()?.fit(bbox, 15);
}

function Row({ change }: { change: GridChange }) {
  const t = useT();
  const isSelected = useApp(
    ({ selection }) => selection?.kind === "grids" && selection.id === change.code,
  );
  const before = count(change.households_before);
  const after = count(change.households_after);
  const renamed = change.change === "renumbered" && change.previous_code;
  return (
    <UnstyledButton
      className="change-row"
      data-code={change.code}
      data-kind={change.change}
      aria-current={isSelected}
      onClick={() => show(change)}
    >
      <span className="change-head">
        <KindSwatch kind={change.change} />
        <strong className="figures">{spacedCode(change.code)}</strong>
        <span>{t(`compare.kind.${change.change}`)}</span>
      </span>
      <span className="change-numbers figures">
        <span>{renamed ? t("compare.was", { code: spacedCode(renamed) }) : change.name}</span>
        <span>
          {before === UNKNOWN && after === UNKNOWN
            ? UNKNOWN
            : before === after
              ? t("unit.households", { n: after })
              : t("compare.households", { before, after })}
        </span>
      </span>
      <span className="change-numbers figures">
        <span>
          {t("compare.landIn", { n: squareKilometres(change.area_in_m2) })}{" "}
          {t("compare.landOut", { n: squareKilometres(change.area_out_m2) })}
        </span>
        <span>
          {t("compare.peopleIn", {
            gained: count(change.households_in),
            lost: count(change.households_out),
          })}
        </span>
      </span>
    </UnstyledButton>
  );
}

export function ChangedGrids({ grids }: { grids: readonly GridChange[] }) {
  const t = useT();
  return (
    <LongList
      label={t("compare.grids")}
      count={grids.length}
      rowHeight={ROW_HEIGHT}
      row={(index) => <Row change={grids[index] as GridChange} />}
    />
  );
}
