/** Edits that are not possible on the lines in force, each with its reason. */
import type { ApiError } from "../../api/client";
import type { Failed } from "../../api/plans";
import { useT } from "../../app/hooks";
import { ProblemSentence } from "../ProblemList";

/** The edits a refusal is about; none for any other failure. */
export const failedOf = (error: ApiError): Failed[] =>
  (error.details as { conflicts?: Failed[] }).conflicts ?? [];

export function FailedEdits({ failed }: { failed: readonly Failed[] }) {
  const t = useT();
  return (
    <ul className="problem-list failed-edits">
      {failed.map(({ position, edit, problem }) => (
        <li key={position}>
          <strong>{t("plan.failed.which", { n: position, what: t(`act.${edit.type}`) })}</strong>
          <ProblemSentence problem={problem} />
        </li>
      ))}
    </ul>
  );
}
