/** Data in and out: import, export, and the check of the grid lines. */
import { PanelTitle } from "./parts";
import { useT } from "../app/hooks";
import { ExportCard } from "./ExportCard";
import { ImportCard } from "./ImportCard";
import { PartitionCard } from "./PartitionCard";

export default function DataPanel() {
  const t = useT();
  return (
    <>
      <PanelTitle>{t("data.title")}</PanelTitle>
      <ImportCard />
      <PartitionCard />
      <ExportCard />
    </>
  );
}
