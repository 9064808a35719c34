/** Which table, and which of its columns holds the addresses. */
import { Alert, Button, Select } from "@mantine/core";
import { IconTableImport } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { beginBatch } from "../../api/addresses";
import { startBatch, useBatch } from "../../app/batch";
import { useSentence, useT } from "../../app/hooks";
import { FileDrop } from "../FileDrop";
import { Card, Hint } from "../parts";
import { columnsOf } from "./columns";

const TABLES = ".csv,.txt,.xlsx";

export function BatchStart() {
  const t = useT();
  const sentence = useSentence();
  const isGone = useBatch((state) => state.isGone);
  const [file, setFile] = useState<File | null>(null);
  const [column, setColumn] = useState<string | null>(null);
  const begin = useMutation({
    mutationFn: (asked: { file: File; column: string | null }) =>
      beginBatch(asked.file, asked.column),
    onSuccess: startBatch,
  });
  const columns = columnsOf(begin.error);

  function choose(next: File): void {
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
      <FileDrop
        accept={TABLES}
        icon={<IconTableImport size={20} stroke={1.6} aria-hidden />}
        label={
          file
            ? t(begin.isPending ? "address.batch.reading" : "address.batch.file", {
                name: file.name,
              })
            : t("address.batch.drop")
        }
        hint={file ? null : t("address.batch.dropHint")}
        onChoose={choose}
      />
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
