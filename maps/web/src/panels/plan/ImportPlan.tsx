/** A plan from a file: a new draft by replaying its edits on the lines in force. */
import { Alert, Button, FileButton, Group, Modal } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiError } from "../../api/client";
import { importPlan, type ImportedPlan } from "../../api/plans";
import { useApp, useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { openPlan } from "../../plan/session";
import { ProblemSentence } from "../ProblemList";
import { FailedEdits, failedOf } from "./FailedEdits";

interface Asked {
  content: unknown;
  drop: boolean;
}

function isOneToTell(plan: ImportedPlan): boolean {
  return plan.problems.length > 0 || plan.dropped.length > 0;
}

export function ImportPlan() {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const clear = useRef<() => void>(null);
  const bring = useMutation({
    mutationFn: ({ content, drop }: Asked) => importPlan(content, drop),
    onSuccess: (plan) => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      if (!isOneToTell(plan)) openPlan(plan);
    },
  });
  const read = useMutation({
    mutationFn: async (file: File): Promise<unknown> => {
      const text = await file.text();
      try {
        return JSON.parse(text);
      } catch {
        throw new ApiError(
          400,
          "plan_file_invalid",
          "This is not a plan file: it is not JSON.",
          "这不是方案文件：内容不是 JSON。",
        );
      }
    },
    onSuccess: (content) => bring.mutate({ content, drop: false }),
  });
  const error = read.error ?? bring.error;
  const failed = error instanceof ApiError ? failedOf(error) : [];
  const told = bring.data && isOneToTell(bring.data) ? bring.data : null;
  function close(): void {
    read.reset();
    bring.reset();
  }
  return (
    <>
      <FileButton
        resetRef={clear}
        accept=".geojson,.json,application/geo+json,application/json"
        onChange={(file) => {
          // Or the browser says nothing when the same file is chosen again.
          clear.current?.();
          if (file) read.mutate(file);
        }}
      >
        {(props) => (
          <Button
            {...props}
            variant="subtle"
            size="compact-xs"
            leftSection={<IconFileUpload size={15} />}
            loading={read.isPending || bring.isPending}
            disabled={!reachable}
          >
            {t("plan.import")}
          </Button>
        )}
      </FileButton>
      <Modal
        opened={error !== null || told !== null}
        onClose={close}
        title={t("plan.import")}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {error && <Alert color="orange">{sentence(error)}</Alert>}
        <FailedEdits failed={failed} />
        {told && (
          <>
            <p>{t("plan.import.done", { n: told.replayed, dropped: told.dropped.length })}</p>
            {told.problems.map((problem, index) => (
              <ProblemSentence key={index} problem={problem} />
            ))}
          </>
        )}
        <Group mt="md" gap="xs" justify="flex-end">
          <Button variant="default" onClick={close}>
            {t(told ? "app.close" : "app.cancel")}
          </Button>
          {failed.length > 0 && bring.variables && (
            <Button onClick={() => bring.mutate({ content: bring.variables.content, drop: true })}>
              {t("plan.leaveOut", { n: failed.length })}
            </Button>
          )}
          {told && <Button onClick={() => openPlan(told)}>{t("plan.open.it")}</Button>}
        </Group>
      </Modal>
    </>
  );
}
