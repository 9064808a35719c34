/** Every layer leaves again, in the formats the server writes. */
import { Button, Group } from "@mantine/core";
import { exportUrl } from "../api/endpoints";
import type { ImportLayer } from "../api/types";
import { useT } from "../app/hooks";
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
] as const;

export function ExportCard() {
  const t = useT();
  return (
    <Card title={t("data.export")}>
      <Hint>{t("data.exportHint")}</Hint>
      {LAYERS.map((layer) => (
        <div key={layer} className="export-row">
          <span>{t(`layer.${layer}`)}</span>
          <Group gap={4} wrap="nowrap">
            {FORMATS.map(({ value, label }) => (
              <Button
                key={value}
                component="a"
                size="compact-xs"
                variant="default"
                href={exportUrl(layer, value)}
                download={`${layer}.${value}`}
                aria-label={t("data.exportAs", { layer: t(`layer.${layer}`), format: label })}
              >
                {label}
              </Button>
            ))}
          </Group>
        </div>
      ))}
    </Card>
  );
}
