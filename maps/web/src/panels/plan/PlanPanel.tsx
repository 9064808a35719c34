/** The draft in work, or the plans there are. */
import { usePlan } from "../../app/hooks";
import { PlanHead } from "./PlanHead";
import { PlanList } from "./PlanList";
import { ToolCard } from "./ToolCard";
import { ToolOptions } from "./ToolOptions";

export default function PlanPanel() {
  const isOpen = usePlan((state) => state.plan !== null);
  if (!isOpen) return <PlanList />;
  return (
    <>
      <PlanHead />
      <ToolCard />
      <ToolOptions />
    </>
  );
}
