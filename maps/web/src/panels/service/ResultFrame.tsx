/** An answer while it is fetched, when it cannot be, and what its numbers leave out. */
import { Alert, Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Problem } from "../../api/types";
import { useApp, useSentence, useT } from "../../app/hooks";

interface ResultFrameProps<Result> {
  asked: UseQueryResult<Result>;
  children: (result: Result) => ReactNode;
}

export function ResultFrame<Result>({ asked, children }: ResultFrameProps<Result>) {
  const t = useT();
  const sentence = useSentence();
  if (asked.data) return children(asked.data);
  if (!asked.error) return <Skeleton height={240} />;
  return (
    <Alert color="orange" role="alert">
      {sentence(asked.error)}
      <div className="run-again">
        <Button variant="default" size="compact-xs" onClick={() => void asked.refetch()}>
          {t("app.retry")}
        </Button>
      </div>
    </Alert>
  );
}

export function Warnings({ problems }: { problems: readonly Problem[] }) {
  const language = useApp((state) => state.language);
  if (problems.length === 0) return null;
  return (
    <ul className="plain-list result-warnings">
      {problems.map((problem, index) => (
        <li key={index} className="problem" data-severity={problem.severity}>
          <IconAlertTriangle size={15} aria-hidden />
          <span>{language === "zh" ? problem.message_zh : problem.message}</span>
        </li>
      ))}
    </ul>
  );
}
