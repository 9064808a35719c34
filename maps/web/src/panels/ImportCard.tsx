/** A file on its way in: choose, check, correct, then store or discard. */
import { Alert, Button, FileButton, Select } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { CommitResult, ImportReport } from "../api/analysis";
import { ApiError } from "../api/client";
import { commitImport, discardImport, sendImport } from "../api/endpoints";
import type { ImportLayer } from "../api/types";
import { useSentence, useT } from "../app/hooks";
import { queries } from "../app/queries";
import { set } from "../app/state";
import { count } from "../i18n/format";
import { CrsSelect } from "./CrsSelect";
import { ImportReportView } from "./ImportReport";
import { Card, Hint } from "./parts";

const LAYERS: readonly ImportLayer[] = [
  "divisions",
  "natural_villages",
  "grids",
  "households",
  "centers",
];
const ROOM_FOR_BOTH = 1500;
const ENCODINGS = ["UTF-8", "GBK", "GB18030"];

function isAboutCrs(report: ImportReport | undefined, error: unknown): boolean {
  if (error instanceof ApiError) return error.key.includes("crs");
  return report !== undefined && report.crs === null;
}

export function ImportCard() {
  const t = useT();
  const sentence = useSentence();
  const [layer, setLayer] = useState<ImportLayer>("grids");
  const [file, setFile] = useState<File | null>(null);
  const [crs, setCrs] = useState<string | null>(null);
  const [encoding, setEncoding] = useState<string | null>(null);
  const [mapping, setMapping] = useState<Record<string, string> | null>(null);
  const [over, setOver] = useState(false);
  const check = useMutation({ mutationFn: sendImport });
  const store = useMutation({
    mutationFn: ({ id, skip }: { id: string; skip: boolean }) => commitImport(id, skip),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const report = check.data;
  const done: CommitResult | undefined = store.data;
  const needsCrs = isAboutCrs(report, check.error);

  useEffect(() => {
    const isReporting = Boolean(report) && !done;
    set({ panelWide: isReporting });
    // A wide panel and the inspector leave a small screen no room for the map.
    if (isReporting && window.innerWidth < ROOM_FOR_BOTH) set({ inspector: false });
    return () => set({ panelWide: false, problemPlace: null });
  }, [report, done]);

  function reset(): void {
    setFile(null);
    setCrs(null);
    setMapping(null);
    check.reset();
    store.reset();
    set({ problemPlace: null });
  }

  function choose(next: File | null): void {
    if (!next) return;
    reset();
    setFile(next);
  }

  async function send(): Promise<void> {
    if (!file) return;
    // The report it replaces is of no more use.
    if (report) await discardImport(report.id).catch(() => undefined);
    store.reset();
    check.mutate({ layer, file, crs, encoding, mapping });
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
        data={LAYERS.map((value) => ({ value, label: t(`layer.${value}`) }))}
        value={layer}
        onChange={(value) => {
          setLayer((value as ImportLayer) ?? "grids");
          setMapping(null);
          check.reset();
        }}
      />
      <FileButton onChange={choose} accept=".geojson,.json,.geojsonl,.gpkg,.csv,.txt,.zip">
        {(props) => (
          <button
            {...props}
            type="button"
            className="drop"
            data-over={over}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              choose(event.dataTransfer.files[0] ?? null);
            }}
          >
            <IconFileUpload size={20} stroke={1.6} aria-hidden />
            <span>{file ? file.name : t("import.drop")}</span>
            {!file && <small>{t("import.dropHint")}</small>}
          </button>
        )}
      </FileButton>
      {file && (
        <div className="import-options">
          <CrsSelect value={crs} onChange={setCrs} required={needsCrs} />
          <Select
            label={t("import.encoding")}
            data={[
              { value: "", label: t("import.encodingAuto") },
              ...ENCODINGS.map((value) => ({ value, label: value })),
            ]}
            value={encoding ?? ""}
            onChange={(value) => setEncoding(value || null)}
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
          mapping={mapping ?? report.mapping}
          onMapping={setMapping}
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
