/** Answers that were said to be wrong: asked again, and settled with a note. */
import { Alert, Button, SegmentedControl, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchReports, type Report, settleReport } from "../../api/addresses";
import { askAddress } from "../../app/address";
import { useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { moment } from "../../i18n/format";
import { Card, Hint } from "../parts";
import { MOST_LETTERS } from "./ReportForm";

function ReportCard({ report }: { report: Report }) {
  const t = useT();
  const sentence = useSentence();
  const [note, setNote] = useState("");
  const settle = useMutation({
    mutationFn: settleReport,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["address-reports"] }),
  });
  const { answer } = report;
  const given = answer.grid?.name || answer.grid?.code || answer.matched_address;
  return (
    <li className="report">
      <strong>{report.query}</strong>
      <small className="figures">{moment(report.created_at)}</small>
      <p>
        {t("address.report.answered", {
          answer: [t(`lookup.status.${answer.status}`), given].filter(Boolean).join(" · "),
        })}
      </p>
      {report.note && <p>{t("address.report.said", { note: report.note })}</p>}
      {report.settled_at ? (
        <p>
          {t("address.report.settledAt", { at: moment(report.settled_at) })} {report.settled_note}
        </p>
      ) : (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            settle.mutate({ id: report.id, note: note.trim() });
          }}
        >
          <TextInput
            size="xs"
            aria-label={t("address.report.done")}
            placeholder={t("address.report.done")}
            maxLength={MOST_LETTERS}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" variant="light" loading={settle.isPending}>
            {t("address.report.settle")}
          </Button>
        </form>
      )}
      {settle.error && (
        <Alert color="orange" role="alert">
          {sentence(settle.error)}
        </Alert>
      )}
      <button type="button" className="link" onClick={() => askAddress(report.query)}>
        {t("address.report.again")}
      </button>
    </li>
  );
}

export function ReportList() {
  const t = useT();
  const sentence = useSentence();
  const [which, setWhich] = useState<"open" | "settled">("open");
  const { data, error } = useQuery({
    queryKey: ["address-reports", which],
    queryFn: () => fetchReports(which === "settled"),
  });
  return (
    <Card title={t("address.reports.title")}>
      <Hint>{t("address.reports.hint")}</Hint>
      <SegmentedControl
        fullWidth
        size="xs"
        mb="xs"
        aria-label={t("address.reports.which")}
        value={which}
        data={[
          { value: "open", label: t("address.reports.open") },
          { value: "settled", label: t("address.reports.settled") },
        ]}
        onChange={(value) => setWhich(value)}
      />
      {error && (
        <Alert color="orange" role="alert">
          {sentence(error)}
        </Alert>
      )}
      {!data && !error && <Skeleton height={80} />}
      {data?.total === 0 && (
        <Hint>{t(which === "open" ? "address.reports.none" : "address.reports.noneSettled")}</Hint>
      )}
      <ul className="plain-list">
        {data?.reports.map((report) => (
          <ReportCard key={report.id} report={report} />
        ))}
      </ul>
      {data && data.total > data.reports.length && (
        <Hint>{t("address.reports.more", { n: data.total - data.reports.length })}</Hint>
      )}
    </Card>
  );
}
