/** The draft in work, or the plans there are. */
import { usePlan } from "../../app/hooks";
import { CommentsCard } from "./CommentsCard";
import { ConflictCard } from "./ConflictCard";
import { LogCard } from "./LogCard";
import { NumbersCard } from "./NumbersCard";
import { PlanActions } from "./PlanActions";
import { PlanHead } from "./PlanHead";
import { PlanList } from "./PlanList";
import { ProblemsCard } from "./ProblemsCard";
import { StateCard } from "./StateCard";
import { ToolCard } from "./ToolCard";
import { ToolOptions } from "./ToolOptions";

export default function PlanPanel() {
  const isOpen = usePlan((state) => state.plan !== null);
  if (!isOpen) return <PlanList />;
  return (
    <>
      <PlanHead />
      <ConflictCard />
      <StateCard />
      <ToolCard />
      <ToolOptions />
      <NumbersCard />
      <ProblemsCard />
      <CommentsCard />
      <LogCard />
      <PlanActions />
    </>
  );
}
