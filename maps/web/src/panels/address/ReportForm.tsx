/** A clerk says that an answer is wrong, and what would be right. */
import { Alert, Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { reportAnswer } from "../../api/addresses";
import { setAddress } from "../../app/address";
import { useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";

/** Longest text of a report the server takes. */
export const MOST_LETTERS = 200;

interface ReportFormProps {
  query: string;
  onClose: () => void;
}

export function ReportForm({ query, onClose }: ReportFormProps) {
  const t = useT();
  const sentence = useSentence();
  const [note, setNote] = useState("");
  const send = useMutation({
    mutationFn: reportAnswer,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["address-reports"] }),
  });
  if (send.isSuccess) {
    return (
      <Alert color="green" role="status" mt="xs">
        {t("address.report.sent")}{" "}
        <button type="button" className="link" onClick={() => setAddress({ tab: "reports" })}>
          {t("address.report.list")}
        </button>
      </Alert>
    );
  }
  return (
    <form
      className="report-form"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ query: query.slice(0, MOST_LETTERS), note: note.trim() });
      }}
    >
      <Textarea
        label={t("address.report.note")}
        placeholder={t("address.report.noteHint")}
        description={t("address.report.privacy")}
        value={note}
        maxLength={MOST_LETTERS}
        autosize
        minRows={2}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {send.error && (
        <Alert color="orange" role="alert">
          {sentence(send.error)}
        </Alert>
      )}
      <div className="run-again">
        <Button type="submit" size="compact-sm" loading={send.isPending}>
          {t("address.report.send")}
        </Button>
        <Button variant="default" size="compact-sm" onClick={onClose}>
          {t("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
