/** How far a run is; why there is no answer; that the answer is of older data. */
import { Alert, Button, Progress } from "@mantine/core";
import { type AnyRequest, type AnyRun, isOver } from "../../api/runs";
import { useApp, useSentence, useT } from "../../app/hooks";
import { type Language, translateLoose } from "../../i18n/translate";
import { Card } from "../parts";
import { useCancel, useRestart, useStart } from "./follow";

/** Steps of merges have names of their own: what is measured there are ways between units. */
const stepWords = (language: Language, { analysis, step }: AnyRun) =>
  (analysis === "merges" ? translateLoose(language, `step.merges.${step}`) : null) ??
  translateLoose(language, `step.${step ?? "reading"}`);

function Running({ run }: { run: AnyRun }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const cancel = useCancel();
  const done = Math.round(run.progress * 100);
  const step = run.state === "queued" ? t("run.queued") : (stepWords(language, run) ?? run.step);
  return (
    <Card>
      <div className="run-line">
        <span role="status">{step}</span>
        <span className="figures">{t("unit.share", { n: done })}</span>
      </div>
      <Progress value={done} aria-label={t("run.progress")} mt={4} mb={8} />
      <Button
        variant="default"
        size="compact-xs"
        loading={cancel.isPending}
        onClick={() => cancel.mutate(run.id)}
      >
        {t("run.cancel")}
      </Button>
    </Card>
  );
}

function Ended({ run }: { run: AnyRun }) {
  const t = useT();
  const sentence = useSentence();
  const language = useApp((state) => state.language);
  const restart = useRestart();
  const reason = (language === "zh" ? run.error?.message_zh : run.error?.message) ?? "—";
  return (
    <Alert color="orange" role="alert" mb="sm" className="run-ended" data-state={run.state}>
      {run.state === "failed"
        ? t("run.failed", { reason })
        : t(run.state === "cancelled" ? "run.ended.cancelled" : "run.ended.interrupted")}
      {restart.error && <p>{sentence(restart.error)}</p>}
      <div className="run-again">
        <Button
          variant="default"
          size="compact-xs"
          loading={restart.isPending}
          onClick={() => restart.mutate(run.id)}
        >
          {t("run.again")}
        </Button>
      </div>
    </Alert>
  );
}

function Stale({ run }: { run: AnyRun }) {
  const t = useT();
  const start = useStart();
  const { analysis, parameters, plan } = run;
  return (
    <Alert color="yellow" role="status" mb="sm" className="run-stale">
      {t("run.stale")}
      <div className="run-again">
        <Button
          variant="default"
          size="compact-xs"
          loading={start.isPending}
          onClick={() => start.mutate({ analysis, parameters, plan } as AnyRequest)}
        >
          {t("run.renew")}
        </Button>
      </div>
    </Alert>
  );
}

export function RunState({ run, error }: { run: AnyRun | undefined; error: Error | null }) {
  const t = useT();
  const sentence = useSentence();
  if (!run) {
    if (!error) return null;
    return (
      <Alert color="orange" role="alert" mb="sm">
        {t("run.refused", { reason: sentence(error) })}
      </Alert>
    );
  }
  if (!isOver(run.state)) return <Running run={run} />;
  if (run.state !== "done") return <Ended run={run} />;
  return run.stale ? <Stale run={run} /> : null;
}
