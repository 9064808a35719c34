/** Every layer leaves again, in the formats the server writes. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { exportUrl } from "../api/endpoints";
import type { ImportLayer } from "../api/types";
import { useT, useWorkspace } from "../app/hooks";
import { Card, Hint } from "./parts";

/** A list of villages is how divisions come in; other names are found, not taken out. */
type ExportLayer = Exclude<ImportLayer, "villages" | "aliases">;

const LAYERS: readonly ExportLayer[] = [
  "grids",
  "natural_villages",
  "households",
  "centers",
  "divisions",
  "roads",
  "barriers",
  "terrain",
];
const FORMATS = [
  { value: "geojson", label: "GeoJSON" },
  { value: "geojsonl", label: "GeoJSONL" },
  { value: "csv", label: "CSV" },
  { value: "xlsx", label: "XLSX" },
];
/** Heights are a picture of numbers, not a table. */
const RASTER = { value: "tif", label: "GeoTIFF" };

export function ExportCard() {
  const t = useT();
  const workspace = useWorkspace();
  const [format, setFormat] = useState("geojson");
  const chosen = FORMATS.find(({ value }) => value === format) ?? RASTER;
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
      {filled.map((layer) => {
        const { value, label } = layer === "terrain" ? RASTER : chosen;
        return (
          <div key={layer} className="export-row">
            <span>{t(`layer.${layer}`)}</span>
            <Button
              component="a"
              size="compact-xs"
              variant="default"
              leftSection={<IconDownload size={13} aria-hidden />}
              href={exportUrl(layer, value)}
              download={`${layer}.${value}`}
              aria-label={t("data.exportAs", { layer: t(`layer.${layer}`), format: label })}
            >
              {label}
            </Button>
          </div>
        );
      })}
      {filled.length === 0 && <Hint>{t("layers.empty")}</Hint>}
    </Card>
  );
}
