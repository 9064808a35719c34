/** Which of the merged grids keeps its code and name. */
import { UnstyledButton } from "@mantine/core";
import { useT } from "../../../app/hooks";
import { count } from "../../../i18n/format";
import { setTool } from "../../../plan/toolStore";
import { Hint } from "../../parts";
import { ChosenSum } from "./ChosenSum";
import { useTool } from "./useTool";

export function MergeOptions() {
  const t = useT();
  const { chosen, keep } = useTool((state) => ({ chosen: state.chosen, keep: state.keep }));
  const codes = chosen.map((grid) => grid.code).sort();
  const kept = keep && codes.includes(keep) ? keep : codes[0];
  return (
    <>
      <ChosenSum />
      {chosen.length > 1 && (
        <div role="radiogroup" aria-label={t("tool.merge.keep")} className="keep">
          <Hint>{t("tool.merge.keep")}</Hint>
          {[...chosen]
            .sort((a, b) => (a.code < b.code ? -1 : 1))
            .map((grid) => (
              <UnstyledButton
                key={grid.code}
                className="keep-row"
                role="radio"
                aria-checked={grid.code === kept}
                onClick={() => setTool({ keep: grid.code })}
              >
                <span className="figures">{grid.code.slice(-3)}</span>
                <span className="name">{grid.name}</span>
                <span className="figures">
                  {t("unit.households", { n: count(grid.households) })}
                </span>
              </UnstyledButton>
            ))}
        </div>
      )}
    </>
  );
}
