/** Buttons of the map, the pointer's coordinates, and the map mark that must stand on every map. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMaximize, IconMinus, IconPlus, IconPrinter } from "@tabler/icons-react";
import type { Workspace } from "../api/types";
import { coordinates } from "../i18n/format";
import { useApp, useT } from "./hooks";
import { theMap } from "./mapHolder";
import { set } from "./state";

/** The review number when the map has one, else that it is an internal working map. */
export function useMapMark(workspace: Workspace): string {
  const t = useT();
  const language = useApp((state) => state.language);
  return workspace.review_number
    ? t("print.review", { number: workspace.review_number })
    : workspace.map_mark[language];
}

export function MapCorner({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const mark = useMapMark(workspace);
  const { pointer, picking } = useApp((state) => ({
    pointer: state.pointer,
    picking: state.picking,
  }));
  const buttons = [
    { label: t("map.zoomIn"), icon: IconPlus, run: () => theMap()?.zoomBy(1) },
    { label: t("map.zoomOut"), icon: IconMinus, run: () => theMap()?.zoomBy(-1) },
    { label: t("map.extent"), icon: IconMaximize, run: () => theMap()?.fitCounty() },
    { label: t("map.print"), icon: IconPrinter, run: () => set({ dialog: "print" }) },
  ];
  return (
    <>
      <div className="map-buttons">
        {buttons.map(({ label, icon: Icon, run }) => (
          <Tooltip label={label} position="left" key={label}>
            <ActionIcon variant="default" size={34} aria-label={label} onClick={run}>
              <Icon size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
      {picking && <div className="hint">{t("lookup.clickActive")}</div>}
      <div className="map-corner">
        <span className="figures pointer">{pointer ? coordinates(pointer) : ""}</span>
        <span>{t("map.crs")}</span>
        <span className="map-mark">{mark}</span>
      </div>
    </>
  );
}
