/** Every layer leaves again, in the formats the server writes. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { exportUrl } from "../api/endpoints";
import type { ImportLayer } from "../api/types";
import { useT, useWorkspace } from "../app/hooks";
import { Card, Hint } from "./parts";

const LAYERS: readonly ImportLayer[] = [
  "grids",
  "natural_villages",
  "households",
  "centers",
  "divisions",
];
const FORMATS = [
  { value: "geojson", label: "GeoJSON" },
  { value: "geojsonl", label: "GeoJSONL" },
  { value: "csv", label: "CSV" },
];

export function ExportCard() {
  const t = useT();
  const workspace = useWorkspace();
  const [format, setFormat] = useState("geojson");
  const name = FORMATS.find(({ value }) => value === format)?.label ?? format;
  const filled = LAYERS.filter((layer) =>
    layer === "divisions"
      ? workspace?.layers.counties.count || workspace?.layers.villages.count
      : workspace?.layers[layer].count,
  );
  return (
    <Card title={t("data.export")}>
      <Hint>{t("data.exportHint")}</Hint>
      <SegmentedControl
        fullWidth
        size="xs"
        mb={6}
        data={FORMATS}
        value={format}
        onChange={setFormat}
        aria-label={t("data.export")}
      />
      {filled.map((layer) => (
        <div key={layer} className="export-row">
          <span>{t(`layer.${layer}`)}</span>
          <Button
            component="a"
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size={13} aria-hidden />}
            href={exportUrl(layer, format)}
            download={`${layer}.${format}`}
            aria-label={t("data.exportAs", { layer: t(`layer.${layer}`), format: name })}
          >
            {name}
          </Button>
        </div>
      ))}
      {filled.length === 0 && <Hint>{t("layers.empty")}</Hint>}
    </Card>
  );
}
