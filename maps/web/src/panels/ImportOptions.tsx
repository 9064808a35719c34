/** How a file is to be read: its layer, coordinate system and encoding. */
import { Select } from "@mantine/core";
import type { ImportSettings } from "../api/endpoints";
import { useT } from "../app/hooks";
import { CrsSelect } from "./CrsSelect";
import type { ImportNeeds } from "./importNeeds";

const ENCODINGS = ["UTF-8", "GB18030", "GBK", "Big5", "UTF-16", "Windows-1252"];

interface ImportOptionsProps {
  settings: ImportSettings;
  needs: ImportNeeds;
  onChange: (change: Partial<ImportSettings>) => void;
}

export function ImportOptions({ settings, needs, onChange }: ImportOptionsProps) {
  const t = useT();
  const { sourceLayer, encoding } = settings;
  const asksLayer = !sourceLayer || !needs.sourceLayers.includes(sourceLayer);
  return (
    <>
      {needs.sourceLayers.length > 0 && (
        <Select
          label={t("import.sourceLayer")}
          required
          placeholder={t("import.sourceLayerChoose", { n: needs.sourceLayers.length })}
          error={asksLayer ? t("import.sourceLayerMissing") : undefined}
          data={needs.sourceLayers}
          value={sourceLayer}
          onChange={(value) => onChange({ sourceLayer: value })}
        />
      )}
      <CrsSelect value={settings.crs} onChange={(crs) => onChange({ crs })} required={needs.crs} />
      <Select
        label={t("import.encoding")}
        required={needs.encoding}
        error={needs.encoding && !encoding ? t("import.encodingMissing") : undefined}
        data={[
          { value: "", label: t("import.encodingAuto") },
          ...ENCODINGS.map((value) => ({ value, label: value })),
        ]}
        value={encoding ?? ""}
        onChange={(value) => onChange({ encoding: value || null })}
      />
    </>
  );
}
