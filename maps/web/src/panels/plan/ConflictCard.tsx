/** A conflict that was laid aside to look at the map: it waits here, with what is to be compared. */
import { usePlan, useT } from "../../app/hooks";
import { Card } from "../parts";
import { ConflictChoices } from "./ConflictChoices";

export function ConflictCard() {
  const t = useT();
  const conflict = usePlan((state) => state.conflict);
  if (!conflict?.aside) return null;
  return (
    <div className="conflict-card">
      <Card title={t("conflict.title")}>
        <ConflictChoices conflict={conflict} onLook={null} />
      </Card>
    </div>
  );
}
