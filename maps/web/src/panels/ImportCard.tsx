/** A file on its way in: choose, check, correct, then store or discard. */
import { Alert, Button, Select } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { CommitResult } from "../api/analysis";
import { commitImport, discardImport, type ImportSettings, sendImport } from "../api/endpoints";
import type { ImportLayer } from "../api/types";
import { useSentence, useT } from "../app/hooks";
import { queries } from "../app/queries";
import { set } from "../app/state";
import { count } from "../i18n/format";
import { FileDrop } from "./FileDrop";
import { findNeeds, isOutdated } from "./importNeeds";
import { ImportModeChoice } from "./ImportModeChoice";
import { ImportOptions } from "./ImportOptions";
import { ImportReportView } from "./ImportReport";
import { Card, Hint } from "./parts";

const LAYERS: readonly ImportLayer[] = [
  "divisions",
  "villages",
  "natural_villages",
  "grids",
  "households",
  "centers",
  "roads",
  "barriers",
  "terrain",
  "aliases",
];
const TABLES = ".geojson,.json,.geojsonl,.gpkg,.csv,.txt,.zip";
/** Extracts of OpenStreetMap hold roads and what is in their way. */
const MAPS = ".pbf,.osm";
const RASTERS = ".tif,.tiff";
const WAYS: Partial<Record<ImportLayer, true>> = { roads: true, barriers: true };
const ROOM_FOR_BOTH = 1500;
const AS_THE_FILE_SAYS: ImportSettings = {
  crs: null,
  encoding: null,
  sourceLayer: null,
  mapping: null,
  mode: "upsert",
};

export function ImportCard() {
  const t = useT();
  const sentence = useSentence();
  const [layer, setLayer] = useState<ImportLayer>("grids");
  const [file, setFile] = useState<File | null>(null);
  const [settings, setSettings] = useState(AS_THE_FILE_SAYS);
  const [sourceLayers, setSourceLayers] = useState<string[]>([]);
  const check = useMutation({
    mutationFn: sendImport,
    onSuccess: (found) => setSourceLayers((known) => findNeeds(found, null, known).sourceLayers),
  });
  const store = useMutation({
    mutationFn: ({ id, skip }: { id: string; skip: boolean }) => commitImport(id, skip),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const report = check.data;
  const done: CommitResult | undefined = store.data;
  const needs = findNeeds(report, check.error, sourceLayers);
  const change = (part: Partial<ImportSettings>) => setSettings((now) => ({ ...now, ...part }));

  useEffect(() => {
    const isReporting = Boolean(report) && !done;
    set({ panelWide: isReporting });
    // A wide panel and the inspector leave a small screen no room for the map.
    if (isReporting && window.innerWidth < ROOM_FOR_BOTH) set({ inspector: false });
    return () => set({ panelWide: false, problemPlace: null });
  }, [report, done]);

  function reset(): void {
    setFile(null);
    setSettings(AS_THE_FILE_SAYS);
    setSourceLayers([]);
    check.reset();
    store.reset();
    set({ problemPlace: null });
  }

  function choose(next: File): void {
    reset();
    setFile(next);
  }

  async function send(): Promise<void> {
    if (!file) return;
    // The report it replaces is of no more use.
    if (report) await discardImport(report.id).catch(() => undefined);
    store.reset();
    check.mutate({ ...settings, layer, file });
  }

  if (done) {
    return (
      <Card title={t("data.import")}>
        <Alert color="green" role="status">
          {t("import.done", {
            added: count(done.added),
            changed: count(done.changed),
            unchanged: count(done.unchanged),
            closed: count(done.closed),
          })}
        </Alert>
        <Button mt="xs" variant="light" onClick={reset}>
          {t("import.another")}
        </Button>
      </Card>
    );
  }
  return (
    <Card title={t("data.import")}>
      <Hint>{t("data.importHint")}</Hint>
      <Select
        mt="xs"
        label={t("import.layer")}
        data={LAYERS.map((value) => ({
          value,
          label: t(value === "villages" ? "import.villages" : `layer.${value}`),
        }))}
        value={layer}
        onChange={(value) => {
          setLayer((value as ImportLayer) ?? "grids");
          change({ mapping: null });
          check.reset();
        }}
      />
      <FileDrop
        accept={layer === "terrain" ? RASTERS : layer in WAYS ? `${TABLES},${MAPS}` : TABLES}
        icon={<IconFileUpload size={20} stroke={1.6} aria-hidden />}
        label={file ? file.name : t("import.drop")}
        hint={file ? null : t("import.dropHint")}
        onChoose={choose}
      />
      {file && (
        <div className="import-options">
          <ImportOptions settings={settings} needs={needs} onChange={change} />
          <ImportModeChoice
            layer={layer}
            value={settings.mode}
            onChange={(mode) => change({ mode })}
          />
        </div>
      )}
      {file && (
        <Button
          mt="sm"
          variant={report ? "light" : "filled"}
          loading={check.isPending}
          onClick={() => void send()}
        >
          {t(report || check.error ? "import.recheck" : "import.check")}
        </Button>
      )}
      {check.error && (
        <Alert color="orange" mt="xs" role="alert">
          {sentence(check.error)}
        </Alert>
      )}
      {report && (
        <ImportReportView
          report={report}
          mapping={settings.mapping ?? report.mapping}
          onMapping={(mapping) => change({ mapping })}
          replaces={check.variables?.mode === "replace"}
          outdated={isOutdated(check.variables, settings)}
          storing={store.isPending}
          storeError={store.error}
          onStore={(skip) => store.mutate({ id: report.id, skip })}
          onDiscard={() => {
            void discardImport(report.id).catch(() => undefined);
            reset();
          }}
        />
      )}
    </Card>
  );
}
