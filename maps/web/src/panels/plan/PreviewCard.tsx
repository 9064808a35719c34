/** What an edit would do, before it is made, beside its place on the map; or why it is not possible. */
import { Alert, Button, Group, Loader, VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Problem } from "../../api/types";
import { useApp, usePlan, useSentence, useT } from "../../app/hooks";
import { set } from "../../app/state";
import { count } from "../../i18n/format";
import { isRealChange, shortCode } from "../../plan/changes";
import { apply, askFix, discard } from "../../plan/session";
import { ProblemList } from "../ProblemList";
import { PreviewTable } from "./PreviewTable";
import { useBeside } from "./useBeside";

/** An answer that comes sooner shows no sign of waiting. */
const PATIENCE_MS = 150;

function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return slow;
}

function Problems() {
  const problems = usePlan((state) => state.preview?.answer.problems ?? []);
  const [current, setCurrent] = useState<number | null>(null);
  useEffect(() => () => set({ problemPlace: null }), []);
  if (problems.length === 0) return null;
  const show = (problem: Problem, index: number) => {
    setCurrent(index);
    set({ problemPlace: problem.geometry });
  };
  return <ProblemList problems={problems} current={current} onPick={show} />;
}

/** The numbers in a sentence, read out once an answer is there. */
function Spoken({ title }: { title: string }) {
  const t = useT();
  const answer = usePlan((state) => state.preview?.answer ?? null);
  const changed = answer?.changed.filter(isRealChange) ?? [];
  const codes = changed.map((grid) => grid.code);
  return (
    <VisuallyHidden role="status">
      {answer &&
        [
          title,
          ...changed.map((grid) =>
            t("tool.previewing.spoken", {
              code: shortCode(grid.code, codes),
              before: grid.before ? count(grid.before.households) : t("plan.new"),
              after: count(grid.households),
            }),
          ),
        ].join("; ")}
    </VisuallyHidden>
  );
}

function Answer({ title, slow }: { title: string; slow: boolean }) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const { preview, refusal, asking, writing } = usePlan((state) => ({
    preview: state.preview,
    refusal: state.refusal,
    asking: state.asking,
    writing: state.writing,
  }));
  const { ref, style, handle } = useBeside();
  return (
    <section
      ref={ref}
      className="preview-card"
      style={style}
      role="dialog"
      aria-modal={false}
      aria-label={title}
      aria-busy={asking || writing}
    >
      <div className="preview-head" {...handle}>
        <strong>{title}</strong>
        {slow && <Loader size={14} aria-label={t("tool.previewing.asking")} />}
      </div>
      <div className="preview-body" data-stale={asking && slow}>
        <PreviewTable />
        <Problems />
        {refusal && (
          <Alert color="orange" p="xs" role="alert">
            {sentence(refusal.error)}
          </Alert>
        )}
      </div>
      {preview && !reachable && <p className="note">{t("tool.previewing.away")}</p>}
      <Group gap="xs">
        {preview && (
          <Button
            size="compact-md"
            disabled={asking || writing || !reachable}
            onClick={() => void apply()}
          >
            {t("plan.apply")}
          </Button>
        )}
        {refusal?.fix && (
          <Button size="compact-md" onClick={() => void askFix()}>
            {t("plan.fix")}
          </Button>
        )}
        <Button size="compact-md" variant="default" onClick={() => discard()}>
          {t("app.cancel")}
        </Button>
      </Group>
    </section>
  );
}

export function PreviewCard() {
  const t = useT();
  const { edit, isRefused, isThere, asking, writing } = usePlan((state) => ({
    edit: state.preview?.edit,
    isRefused: state.refusal !== null && !state.refusal.error.isOutage,
    isThere: Boolean(state.preview ?? state.refusal),
    asking: state.asking,
    writing: state.writing,
  }));
  const slow = useSlow(asking || writing);
  const unnamed = isRefused ? "tool.previewing.refused" : "plan.preview";
  const title = edit ? t(`edit.${edit.type}`) : t(unnamed);
  return (
    <>
      <Spoken title={title} />
      {(isThere || (asking && slow)) && <Answer title={title} slow={slow} />}
    </>
  );
}
