/** What a dividing line is about: the chosen grids, or whichever it crosses. */
import { usePlan } from "../../../app/hooks";
import { ChosenSum } from "./ChosenSum";
import { TraceOption } from "./TraceOption";

export function SplitOptions() {
  const number = usePlan((state) => state.chosen.length);
  return (
    <>
      {number > 0 && <ChosenSum />}
      <TraceOption />
    </>
  );
}
