/** What the planner is asked before something is done to the whole plan. */
import { usePlan } from "../../app/hooks";
import { setPlan } from "../../plan/store";
import { BranchDialog } from "./BranchDialog";
import { ConfirmDialog } from "./ConfirmDialog";
import { ConflictDialog } from "./ConflictDialog";
import { PublishDialog } from "./PublishDialog";
import { RebaseDialog } from "./RebaseDialog";

export function PlanDialogs() {
  const { plan, dialog } = usePlan((state) => ({ plan: state.plan, dialog: state.dialog }));
  const close = () => setPlan({ dialog: null });
  if (!plan) return null;
  const props = { plan, onClose: close };
  return (
    <>
      <ConfirmDialog {...props} step="submit" opened={dialog === "submit"} />
      <ConfirmDialog {...props} step="withdraw" opened={dialog === "withdraw"} />
      <PublishDialog {...props} opened={dialog === "publish"} />
      <RebaseDialog {...props} opened={dialog === "rebase"} />
      <BranchDialog {...props} opened={dialog === "branch"} />
      <ConflictDialog />
    </>
  );
}
