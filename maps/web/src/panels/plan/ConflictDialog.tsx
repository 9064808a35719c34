/** Somebody was faster: shown over everything, until the planner has chosen or looks at the map. */
import { usePlan, useT } from "../../app/hooks";
import { setPlan } from "../../plan/store";
import { ConflictChoices } from "./ConflictChoices";
import { PlanDialog } from "./PlanDialog";

/** Closing the dialog chooses nothing: the question goes on in the panel. */
function layAside(): void {
  setPlan(({ conflict }) => ({ conflict: conflict && { ...conflict, aside: true } }));
}

export function ConflictDialog() {
  const t = useT();
  const conflict = usePlan((state) => state.conflict);
  return (
    <PlanDialog
      opened={conflict !== null && !conflict.aside}
      onClose={layAside}
      title={t("conflict.title")}
    >
      {conflict && <ConflictChoices conflict={conflict} onLook={layAside} />}
    </PlanDialog>
  );
}
