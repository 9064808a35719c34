/** The chosen grids in one line: how many, and what they have together. */
import { Button } from "@mantine/core";
import { usePlan, useT } from "../../../app/hooks";
import { count, squareKilometres } from "../../../i18n/format";
import { addUp } from "../../../plan/changes";
import { choose } from "../../../plan/store";
import { Fact, Facts, Hint } from "../../parts";
import { useTool } from "./useTool";

export function ChosenSum() {
  const t = useT();
  const number = usePlan((state) => state.chosen.length);
  const grids = useTool((state) => state.chosen);
  if (number === 0) return <Hint>{t("tool.chosen.none")}</Hint>;
  // While numbers of some are still on their way there is no sum yet.
  const sum = addUp(grids.length === number ? grids : [{}]);
  return (
    <div className="chosen-sum" role="status">
      <div className="chosen-head">
        <strong>{t("tool.chosen.number", { n: number })}</strong>
        <Button variant="subtle" size="compact-xs" onClick={() => choose([])}>
          {t("tool.chosen.clear")}
        </Button>
      </div>
      <Facts>
        <Fact name={t("table.households")}>{count(sum.households)}</Fact>
        <Fact name={t("table.residents")}>{count(sum.residents)}</Fact>
        <Fact name={t("plan.area")}>{squareKilometres(sum.area_m2)}</Fact>
      </Facts>
    </div>
  );
}
