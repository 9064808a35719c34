/** Bringing the plan into force: what is checked, what it does, then the word that it is done. */
import { Alert, Button, Group, Loader, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/client";
import { publishPlan } from "../../api/plans";
import { useApp, useSentence, useT } from "../../app/hooks";
import { useDifference } from "../../app/planNumbers";
import { usePlanProblems } from "../../app/planProblems";
import { queries } from "../../app/queries";
import { count } from "../../i18n/format";
import { change } from "../../plan/session";
import { setPlan } from "../../plan/store";
import { Fact, Facts } from "../parts";
import { GateList } from "./GateList";
import { type DialogProps, PlanDialog } from "./PlanDialog";

function Effect() {
  const t = useT();
  const { data, error } = useDifference();
  const sentence = useSentence();
  if (error) return <Alert color="orange">{sentence(error)}</Alert>;
  if (!data) return <Loader size="sm" />;
  const { totals } = data;
  const moved = t("unit.households", { n: count(totals.households_moved) });
  return (
    <Facts>
      <Fact name={t("plan.effect.added")}>{count(totals.added)}</Fact>
      <Fact name={t("plan.effect.removed")}>{count(totals.removed)}</Fact>
      <Fact name={t("plan.effect.changed")}>{count(totals.changed)}</Fact>
      <Fact name={t("plan.effect.renumbered")}>{count(totals.renumbered + totals.attributes)}</Fact>
      <Fact name={t("plan.effect.moved")}>{moved}</Fact>
    </Facts>
  );
}

function Questions({ plan, onClose }: Omit<DialogProps, "opened">) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const [note, setNote] = useState(plan.note);
  const { data: problems, error: unknown, isPlaceholderData } = usePlanProblems();
  const publish = useMutation({
    mutationFn: () => change((now) => publishPlan(now.id, note.trim(), now.revision)),
    onSuccess: () => void queries.invalidateQueries(),
    // The gate may have been passed a moment ago: see what is in the way now.
    onError: () => void queries.invalidateQueries({ queryKey: ["plan-problems", plan.id] }),
  });
  const done = publish.data;
  if (done) {
    return (
      <>
        <Alert color="green" role="status" title={t("plan.published.title")}>
          {t("plan.published.done", {
            opened: count(done.counts.opened),
            closed: count(done.counts.closed),
            unchanged: count(done.counts.unchanged),
          })}
        </Alert>
        <Group mt="md" justify="flex-end">
          <Button data-autofocus onClick={onClose}>
            {t("app.close")}
          </Button>
        </Group>
      </>
    );
  }
  const isBased = !problems?.problems.some(({ key }) => key === "plan_conflict");
  const isRefusedForBase =
    publish.error instanceof ApiError && publish.error.key === "plan_conflict";
  const needsNote = problems?.needs_note ?? false;
  return (
    <>
      <Text size="sm">{t("plan.publish.about")}</Text>
      <h4>{t("plan.gate")}</h4>
      {unknown && <Alert color="orange">{sentence(unknown)}</Alert>}
      {problems ? (
        <GateList problems={problems} note={note} onLeave={onClose} />
      ) : (
        !unknown && <Loader size="sm" />
      )}
      {(!isBased || isRefusedForBase) && (
        <Alert color="orange" mt="xs">
          {t("plan.publish.conflict")}
          <Button mt="xs" variant="light" onClick={() => setPlan({ dialog: "rebase" })}>
            {t("plan.rebase")}
          </Button>
        </Alert>
      )}
      {(needsNote || note) && (
        <Textarea
          mt="xs"
          autosize
          minRows={2}
          maxRows={5}
          label={t("plan.note")}
          description={t("plan.note.about")}
          required={needsNote}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
      <h4>{t("plan.effect")}</h4>
      <Effect />
      {publish.error && !isRefusedForBase && (
        <Alert color="orange" mt="xs" role="alert">
          {sentence(publish.error)}
        </Alert>
      )}
      <Group mt="md" gap="xs" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button
          disabled={
            !reachable || isPlaceholderData || !problems?.can_publish || (needsNote && !note.trim())
          }
          loading={publish.isPending}
          onClick={() => publish.mutate()}
        >
          {t("plan.publish.do")}
        </Button>
      </Group>
    </>
  );
}

export function PublishDialog({ plan, opened, onClose }: DialogProps) {
  const t = useT();
  return (
    <PlanDialog
      opened={opened}
      onClose={onClose}
      title={t("plan.publish.title", { name: plan.name })}
    >
      <Questions plan={plan} onClose={onClose} />
    </PlanDialog>
  );
}
