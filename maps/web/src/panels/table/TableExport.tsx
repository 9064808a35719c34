/** What is listed leaves as a file; so do all grids of the lines on show. */
import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { GridChange } from "../../api/difference";
import { exportUrl } from "../../api/endpoints";
import { usePlan, useSentence, useT, useWorkspace } from "../../app/hooks";
import { day } from "../../i18n/format";
import { fetchEvery, type GridFilter } from "./gridList";
import { csvOf, download, gridCells } from "./listed";

interface TableExportProps {
  asked: GridFilter;
  changes: ReadonlyMap<string, GridChange> | null;
}

export function TableExport({ asked, changes }: TableExportProps) {
  const t = useT();
  const sentence = useSentence();
  const synthetic = useWorkspace()?.synthetic ?? false;
  const plan = usePlan((state) => state.plan?.name ?? null);
  const [failure, setFailure] = useState<string | null>(null);
  const { filter, lines } = asked;
  const label = t("table.export");
  const name = `${t("layer.grids")}-${plan ?? lines.date ?? day(new Date())}`;

  async function save(): Promise<void> {
    setFailure(null);
    try {
      const rows = await fetchEvery(filter, lines);
      const listed = filter.drafted ? rows.filter(({ code }) => changes?.has(code)) : rows;
      const cells = gridCells(t, listed, changes);
      const notice = synthetic ? [[t("app.synthetic"), t("app.syntheticHint")]] : [];
      download(`${name}.csv`, csvOf([...cells, ...notice]), "text/csv");
    } catch (error) {
      setFailure(sentence(error));
    }
  }

  return (
    <Menu position="top-end" withinPortal>
      <Menu.Target>
        <Tooltip label={failure ?? label}>
          <ActionIcon
            variant="subtle"
            color={failure ? "orange.9" : "gray.7"}
            aria-label={failure ?? label}
          >
            <IconDownload size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save()}>{t("table.exportListed")}</Menu.Item>
        {(["csv", "geojson"] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={exportUrl("grids", format, lines)}
            download={`${name}.${format}`}
          >
            {t("table.exportAll", { format: format === "csv" ? "CSV" : "GeoJSON" })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
