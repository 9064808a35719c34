/** Chooses the coordinate system of a file: never guessed, so always asked in plain words. */
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useT } from "../app/hooks";

const OTHER = "other";
/** Central meridians of the 3-degree zones of China, EPSG 4534–4554. */
const MERIDIANS = Array.from({ length: 21 }, (_, index) => 75 + 3 * index);

interface CrsSelectProps {
  value: string | null;
  onChange: (crs: string | null) => void;
  required?: boolean;
}

export function CrsSelect({ value, onChange, required = false }: CrsSelectProps) {
  const t = useT();
  const [isOther, setOther] = useState(false);
  const zones = MERIDIANS.map((lon) => {
    const code = 4534 + (lon - 75) / 3;
    return { value: `EPSG:${code}`, label: t("crs.zone", { lon, code }) };
  });
  return (
    <>
      <Select
        searchable
        label={t("import.crs")}
        required={required}
        error={required && !value ? t("import.crsMissing") : undefined}
        data={[
          { value: "", label: t("import.crsAuto") },
          { value: "EPSG:4490", label: t("crs.cgcs2000") },
          { value: "EPSG:4326", label: t("crs.wgs84") },
          { value: "GCJ02", label: t("crs.gcj02") },
          { value: "BD09", label: t("crs.bd09") },
          ...zones,
          { value: OTHER, label: t("import.crsOther") },
        ]}
        value={isOther ? OTHER : (value ?? "")}
        onChange={(chosen) => {
          setOther(chosen === OTHER);
          onChange(chosen === OTHER || !chosen ? null : chosen);
        }}
      />
      {isOther && (
        <TextInput
          mt={4}
          aria-label={t("import.crsOther")}
          placeholder={t("import.crsOtherHint")}
          value={value ?? ""}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      )}
    </>
  );
}
