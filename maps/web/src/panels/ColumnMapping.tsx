/** Which column of the file is which field; shown when it matters, changed when it is wrong. */
import { Select } from "@mantine/core";
import type { ImportReport } from "../api/analysis";
import type { ImportLayer } from "../api/types";
import { useApp, useT } from "../app/hooks";
import { translateLoose } from "../i18n/translate";
import { Hint } from "./parts";

const COMMON = ["code", "name"];
const FIELDS: Record<ImportLayer, readonly string[]> = {
  divisions: [...COMMON, "level", "urban_rural_class", "area_type", "residents", "valid_from"],
  villages: [...COMMON, "official_name", "township", "county", "city", "province"],
  natural_villages: [...COMMON, "village_code", "households", "residents", "registered"],
  grids: [...COMMON, "village_code", "kind", "parent_code", "network", "valid_from"],
  households: [
    "code",
    "address",
    "village_code",
    "natural_village_code",
    "residents",
    "registered",
    "children",
    "elderly",
    "aged_80",
    "needs",
  ],
  centers: [
    ...COMMON,
    "level",
    "village_code",
    "address",
    "services",
    "capacity",
    "floor_area_m2",
    "valid_from",
  ],
  roads: [...COMMON, "road_class", "oneway", "speed_kmh", "bridge"],
  barriers: [...COMMON, "kind"],
  terrain: [],
  aliases: [...COMMON, "kind", "valid_from", "valid_to"],
};

interface ColumnMappingProps {
  report: ImportReport;
  mapping: Record<string, string>;
  onChange: (mapping: Record<string, string>) => void;
}

export function ColumnMapping({ report, mapping, onChange }: ColumnMappingProps) {
  const t = useT();
  const language = useApp((state) => state.language);
  const usual = FIELDS[report.layer];
  const fields = [...usual, ...Object.keys(report.mapping).filter((f) => !usual.includes(f))];
  const columns = [
    { value: "", label: t("import.mappingNone") },
    ...report.columns.map((column) => ({ value: column, label: column })),
  ];

  function change(field: string, column: string | null): void {
    const next = { ...mapping };
    if (column) next[field] = column;
    else delete next[field];
    onChange(next);
  }

  if (fields.length === 0) return null;
  return (
    <details className="mapping">
      <summary>{t("import.mapping")}</summary>
      <div className="mapping-grid">
        {fields.map((field) => {
          const label = translateLoose(language, `import.field.${field}`) ?? field;
          return (
            <div key={field} className="mapping-row">
              <span>{label}</span>
              <Select
                size="xs"
                aria-label={label}
                data={columns}
                value={mapping[field] ?? ""}
                onChange={(column) => change(field, column)}
              />
            </div>
          );
        })}
      </div>
      {report.unused_columns.length > 0 && (
        <Hint>{t("import.unused", { columns: report.unused_columns.join("、") })}</Hint>
      )}
    </details>
  );
}
