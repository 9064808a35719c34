/** How grids are chosen, and what the chosen ones have together. */
import { SegmentedControl } from "@mantine/core";
import { useT } from "../../../app/hooks";
import { setTool } from "../../../plan/toolStore";
import { ChosenSum } from "./ChosenSum";
import { useTool } from "./useTool";

const WAYS = ["click", "box", "lasso"] as const;

export function SelectOptions() {
  const t = useT();
  const pickBy = useTool((state) => state.pickBy);
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("tool.select.way")}
        value={pickBy}
        onChange={(value) => setTool({ pickBy: value })}
        data={WAYS.map((value) => ({ value, label: t(`tool.by.${value}`) }))}
      />
      <ChosenSum />
    </>
  );
}
