/** Whether a file adds to what is stored or stands for all there is in its area. */
import { Radio, Stack } from "@mantine/core";
import type { ImportMode } from "../api/analysis";
import type { ImportLayer } from "../api/types";
import { useT } from "../app/hooks";
import type { Key } from "../i18n/zh";

interface ImportModeChoiceProps {
  layer: ImportLayer;
  value: ImportMode;
  onChange: (mode: ImportMode) => void;
}

/** Divisions are compared within their parent; households have no history to stay in. */
function replaceHint(layer: ImportLayer): Key {
  if (layer === "divisions") return "import.replaceHint.divisions";
  if (layer === "households") return "import.replaceHint.households";
  return "import.replaceHint.other";
}

export function ImportModeChoice({ layer, value, onChange }: ImportModeChoiceProps) {
  const t = useT();
  return (
    <Radio.Group label={t("import.mode")} value={value} onChange={(chosen) => onChange(chosen)}>
      <Stack gap={4} mt={4}>
        <Radio
          size="xs"
          value="upsert"
          label={t("import.mode.upsert")}
          description={value === "upsert" ? t("import.upsertHint") : undefined}
        />
        <Radio
          size="xs"
          value="replace"
          label={t("import.mode.replace")}
          description={
            value === "replace" ? t(replaceHint(layer), { layer: t(`layer.${layer}`) }) : undefined
          }
        />
      </Stack>
    </Radio.Group>
  );
}
