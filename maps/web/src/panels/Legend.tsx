/** What the colours and signs mean, on the map itself. */
import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { STATUS_COLOURS } from "../map/classes";
import type { ProfileStatus, Workspace } from "../api/types";
import { useApp, useT } from "../app/hooks";
import { useService } from "../app/service";
import { set } from "../app/state";
import { type Classes, distanceClasses, householdClasses, residentClasses } from "../map/classes";
import type { MapLayerId } from "../map/selection";
import { HOUSEHOLDS_FROM_ZOOM } from "../map/tiles";
import { LayerSwatch } from "./Swatch";
import type { Key } from "../i18n/zh";

interface ClassBarProps {
  classes: Classes;
  scale?: number;
  /** The limits as they are written, where they are not plain numbers. */
  limits?: readonly string[];
}

function ClassBar({ classes, scale = 1, limits }: ClassBarProps) {
  const words = ["", ...(limits ?? classes.breaks.map((value) => String(value / scale)))];
  const last = words.length - 1;
  return (
    <div className="class-bar">
      {classes.colours.map((colour, index) => (
        <div key={colour}>
          <span style={{ background: colour }} />
          <small className="figures">
            {index === 0
              ? `<${words[1]}`
              : index === last
                ? `${words[index]}+`
                : `${words[index]}–`}
          </small>
        </div>
      ))}
    </div>
  );
}

function StatusBar() {
  const t = useT();
  return (
    <div className="class-bar">
      {(Object.keys(STATUS_COLOURS) as ProfileStatus[]).map((status) => (
        <div key={status}>
          <span style={{ background: STATUS_COLOURS[status] }} />
          <small>{t(`status.${status}`)}</small>
        </div>
      ))}
    </div>
  );
}

const SIGNS: readonly { id: MapLayerId; key: Key }[] = [
  { id: "centers", key: "legend.center" },
  { id: "households", key: "legend.household" },
  { id: "townships", key: "legend.township" },
  { id: "villages", key: "legend.village" },
  { id: "natural_villages", key: "legend.natural_village" },
];

export function Legend({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const { colouring, layers, open, zoom } = useApp((state) => ({
    colouring: state.colouring,
    layers: state.layers,
    open: state.legend,
    zoom: state.view?.zoom ?? 9,
  }));
  const painted = useService((state) => state.painted);
  const breaks = workspace.household_classes;
  const bars = {
    households: <ClassBar classes={householdClasses(breaks)} />,
    residents: <ClassBar classes={residentClasses(breaks)} />,
    profile_status: <StatusBar />,
    distance: <ClassBar classes={distanceClasses()} scale={1000} />,
  };
  const hasGrids = layers.grids.visible && workspace.layers.grids.count > 0;
  const isDrawn = (id: MapLayerId) =>
    layers[id].visible &&
    (id === "basemap" || workspace.layers[id].count > 0) &&
    (id !== "households" || zoom >= HOUSEHOLDS_FROM_ZOOM);
  const title = !hasGrids
    ? t("legend.title")
    : painted
      ? t(painted.title, { per: t(painted.per) })
      : t(`legend.${colouring}`);
  const signs = SIGNS.filter(({ id }) => isDrawn(id));
  const householdKey: Key = zoom < 16 ? "legend.householdCount" : "legend.household";
  return (
    <section className="legend" data-open={open} aria-label={t("legend.title")}>
      <div className="legend-title">
        <strong>{title}</strong>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          size="xs"
          aria-label={t(open ? "legend.fold" : "legend.unfold")}
          aria-expanded={open}
          onClick={() => set({ legend: !open })}
        >
          {open ? <IconChevronDown size={14} /> : <IconChevronUp size={14} />}
        </ActionIcon>
      </div>
      {hasGrids &&
        (painted ? <ClassBar classes={painted.classes} limits={painted.words} /> : bars[colouring])}
      {open && (
        <ul className="signs">
          {signs.map(({ id, key }) => (
            <li key={id}>
              <LayerSwatch id={id} />
              {t(id === "households" ? householdKey : key)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
