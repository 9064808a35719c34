/** Which table, and which of its columns holds the addresses. */
import { Alert, Button, FileButton, Select } from "@mantine/core";
import { IconTableImport } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { beginBatch } from "../../api/addresses";
import { startBatch, useBatch } from "../../app/batch";
import { useSentence, useT } from "../../app/hooks";
import { Card, Hint } from "../parts";
import { columnsOf } from "./columns";

const TABLES = ".csv,.txt,.xlsx";

export function BatchStart() {
  const t = useT();
  const sentence = useSentence();
  const isGone = useBatch((state) => state.isGone);
  const [file, setFile] = useState<File | null>(null);
  const [column, setColumn] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const clearInput = useRef<() => void>(null);
  const begin = useMutation({
    mutationFn: (asked: { file: File; column: string | null }) =>
      beginBatch(asked.file, asked.column),
    onSuccess: startBatch,
  });
  const columns = columnsOf(begin.error);

  function choose(next: File | null): void {
    if (!next) return;
    // Or the browser says nothing when the same file, corrected, is chosen again.
    clearInput.current?.();
    setFile(next);
    setColumn(null);
    begin.reset();
    begin.mutate({ file: next, column: null });
  }

  return (
    <Card title={t("address.batch.title")}>
      <Hint>{t("address.batch.hint")}</Hint>
      {isGone && (
        <Alert color="yellow" role="status">
          {t("address.batch.gone")}
        </Alert>
      )}
      <FileButton resetRef={clearInput} onChange={choose} accept={TABLES}>
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
            <IconTableImport size={20} stroke={1.6} aria-hidden />
            <span>
              {file
                ? t(begin.isPending ? "address.batch.reading" : "address.batch.file", {
                    name: file.name,
                  })
                : t("address.batch.drop")}
            </span>
            {!file && <small>{t("address.batch.dropHint")}</small>}
          </button>
        )}
      </FileButton>
      {file && columns.length > 0 && (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            begin.mutate({ file, column });
          }}
        >
          <Select
            label={t("address.batch.column")}
            placeholder={t("address.batch.columnHint")}
            data={columns}
            value={column}
            onChange={setColumn}
          />
          <Button type="submit" disabled={column === null} loading={begin.isPending}>
            {t("address.batch.begin")}
          </Button>
        </form>
      )}
      {begin.error && columns.length === 0 && (
        <Alert color="orange" role="alert">
          {sentence(begin.error)}
        </Alert>
      )}
    </Card>
  );
}
