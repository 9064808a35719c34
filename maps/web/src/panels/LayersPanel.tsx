/** What is on the map: visibility, opacity, counts, and what the grids' colour means. */
import { ActionIcon, Checkbox, Popover, Select, Slider, UnstyledButton } from "@mantine/core";
import { IconDropletHalf2 } from "@tabler/icons-react";
import type { Bbox, LayerId } from "../api/types";
import { useApp, useT, useWorkspace } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { type Colouring, set, setLayer } from "../app/state";
import { count } from "../i18n/format";
import type { MapLayerId } from "../map/selection";
import { Card, PanelTitle } from "./parts";
import { SummaryCard } from "./SummaryCard";
import { LayerSwatch } from "./Swatch";

const LAYERS: readonly MapLayerId[] = [
  "centers",
  "households",
  "counties",
  "townships",
  "villages",
  "natural_villages",
  "grids",
  "roads",
  "barriers",
  "basemap",
];
const COLOURINGS: readonly Colouring[] = ["households", "residents", "profile_status", "distance"];

interface RowOptions {
  id: MapLayerId;
  number: number | null;
  extent: Bbox | null;
}

/** The count of a layer leads to where the layer lies, which need not be the county. */
function LayerCount({ id, number, extent }: RowOptions) {
  const t = useT();
  if (!number || !extent) {
    return <span className="figures layer-count">{number === 0 ? t("layers.empty") : ""}</span>;
  }
  const go = t("layers.zoom", { layer: t(`layer.${id}`) });
  return (
    <UnstyledButton
      className="figures layer-count"
      title={go}
      aria-label={`${count(number)} · ${go}`}
      onClick={() => {
        setLayer(id, { visible: true });
        theMap()?.fit(extent);
      }}
    >
      {count(number)}
    </UnstyledButton>
  );
}

function LayerRow({ id, number, extent }: RowOptions) {
  const t = useT();
  const view = useApp((state) => state.layers[id]);
  const layer = t(`layer.${id}`);
  return (
    <div className="layer-row" data-layer={id}>
      <Checkbox
        size="xs"
        checked={view.visible}
        onChange={(event) => setLayer(id, { visible: event.currentTarget.checked })}
        label={
          <span className="layer-name">
            <LayerSwatch id={id} />
            {layer}
          </span>
        }
      />
      <LayerCount id={id} number={number} extent={extent} />
      <Popover position="right" withArrow shadow="md" trapFocus>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray.7"
            size="sm"
            aria-label={t("layers.opacity", { layer })}
          >
            <IconDropletHalf2 size={15} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown w={190}>
          <Slider
            size="sm"
            min={10}
            max={100}
            step={5}
            value={Math.round(view.opacity * 100)}
            label={(value) => `${value}%`}
            thumbLabel={t("layers.opacity", { layer })}
            onChange={(value) => setLayer(id, { opacity: value / 100 })}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

export function LayersPanel() {
  const t = useT();
  const workspace = useWorkspace();
  const colouring = useApp((state) => state.colouring);
  const listed = LAYERS.filter((id) => id !== "basemap" || workspace?.basemap);
  const stored = (id: MapLayerId) =>
    id === "basemap" || id === "counties" ? undefined : workspace?.layers[id as LayerId];
  return (
    <>
      <PanelTitle>{t("layers.title")}</PanelTitle>
      <Card>
        {listed.map((id) => (
          <LayerRow
            key={id}
            id={id}
            number={stored(id)?.count ?? null}
            extent={stored(id)?.extent ?? null}
          />
        ))}
        <Select
          mt="sm"
          label={t("layers.colouring")}
          data={COLOURINGS.map((value) => ({ value, label: t(`layers.colouring.${value}`) }))}
          value={colouring}
          onChange={(value) => set({ colouring: (value as Colouring) ?? "households" })}
        />
      </Card>
      <SummaryCard />
    </>
  );
}
