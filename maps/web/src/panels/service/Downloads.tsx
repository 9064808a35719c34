/** The answer leaves as a report and as tables. */
import { Anchor, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { reportUrl, tableUrl } from "../../api/runs";
import { useApp, useT } from "../../app/hooks";
import { shownRun, useService } from "../../app/service";
import type { Key } from "../../i18n/zh";

export interface Download {
  table: string;
  name: Key;
  /** Whether its rows have a place. */
  placed: boolean;
}

interface DownloadsProps {
  tables: readonly Download[];
  /** The run; not given, that of the service analyses on show. */
  run?: string;
}

export function Downloads({ tables, run }: DownloadsProps) {
  const t = useT();
  const language = useApp((state) => state.language);
  const shown = useService(shownRun);
  const id = run ?? shown;
  if (!id) return null;
  return (
    <div className="rule-line downloads">
      <Anchor size="xs" href={reportUrl(id, language)} target="_blank">
        {t("run.report")}
      </Anchor>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Anchor component="button" type="button" size="xs" className="download-menu">
            <IconDownload size={14} aria-hidden /> {t("run.tables")}
          </Anchor>
        </Menu.Target>
        <Menu.Dropdown>
          {tables.map(({ table, name, placed }) =>
            ["xlsx", "csv", ...(placed ? ["geojson"] : [])].map((format) => (
              <Menu.Item
                key={`${table}.${format}`}
                component="a"
                href={tableUrl(id, table, format, language)}
                download
              >
                {t("run.table", {
                  name: t(name),
                  format: format === "geojson" ? "GeoJSON" : format.toUpperCase(),
                })}
              </Menu.Item>
            )),
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
