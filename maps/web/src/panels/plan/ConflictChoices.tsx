/** Who changed what meanwhile, and the ways out. One's own edit is kept until one is chosen. */
import { Alert, Button, Stack, Text, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { EditSince } from "../../api/plans";
import { goToGrids } from "../../app/goTo";
import { useApp, usePlan, useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { moment } from "../../i18n/format";
import { changeSince, isElsewhere, meeting } from "../../plan/conflicts";
import { ask, keepAsBranch, putOnTop, takeTheirs } from "../../plan/session";
import { choose, type Conflict } from "../../plan/store";

const short = (codes: readonly string[], most = 6) =>
  codes
    .slice(0, most)
    .map((code) => code.slice(-3))
    .join(", ") + (codes.length > most ? " …" : "");

function Theirs({ edit }: { edit: EditSince }) {
  const t = useT();
  const codes = [...new Set([...edit.changed, ...edit.removed])];
  return (
    <li>
      <UnstyledButton
        className="problem-button"
        onClick={() => {
          choose(edit.changed);
          void goToGrids(codes);
        }}
      >
        {t("conflict.theirs.one", {
          who: edit.author,
          what: t(`act.${edit.type}`),
          grids: short(codes),
          when: moment(edit.made_at),
        })}
      </UnstyledButton>
    </li>
  );
}

interface ChoicesProps {
  conflict: Conflict;
  /** How the dialog makes room for the map; null where it has. */
  onLook: (() => void) | null;
}

export function ConflictChoices({ conflict, onLook }: ChoicesProps) {
  const t = useT();
  const sentence = useSentence();
  const reachable = useApp((state) => state.reachable);
  const state = usePlan((now) => now.plan?.state);
  const { edit, error, seen, grids } = conflict;
  const { edits } = changeSince(error);
  const both = meeting(conflict);
  const apart = isElsewhere(conflict);
  const top = useMutation({ mutationFn: putOnTop });
  const branch = useMutation({
    mutationFn: () => keepAsBranch(t("conflict.branch.name", { name: seen.name })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["plans"] }),
  });
  const theirs = useMutation({ mutationFn: takeTheirs });
  const failure = top.error ?? branch.error ?? theirs.error;
  const isBusy = top.isPending || branch.isPending || theirs.isPending;
  const canBeOnTop = edit !== null && state === "draft";
  function look(): void {
    onLook?.();
    if (edit && canBeOnTop) void ask(edit);
    void goToGrids([...both, ...grids, ...edits.flatMap((one) => one.changed)]);
  }
  return (
    <div className="conflict">
      <Text size="sm">{sentence(error)}</Text>
      {edits.length > 0 ? (
        <>
          <h4>{t("conflict.theirs")}</h4>
          <ul className="problem-list">
            {edits.map((one, index) => (
              <Theirs key={index} edit={one} />
            ))}
          </ul>
        </>
      ) : (
        <Text size="sm">{t("conflict.noEdits")}</Text>
      )}
      {edit && (
        <>
          <h4>{t("conflict.mine")}</h4>
          <p className="note">
            {t(`act.${edit.type}`)} {short(grids)} ·{" "}
            {apart
              ? t("conflict.apart")
              : both.length > 0
                ? t("conflict.both", { grids: short(both) })
                : t("conflict.unknown")}
          </p>
        </>
      )}
      {failure && (
        <Alert color="orange" role="alert">
          {sentence(failure)}
        </Alert>
      )}
      <Stack gap={6} mt="sm">
        {canBeOnTop && (
          <Button
            data-autofocus={apart || undefined}
            variant={apart ? "filled" : "default"}
            disabled={!reachable || isBusy}
            loading={top.isPending}
            onClick={() => top.mutate()}
          >
            {t("conflict.top")}
          </Button>
        )}
        {edit && onLook && (
          <Button
            data-autofocus={!apart || undefined}
            variant={apart ? "default" : "filled"}
            onClick={look}
          >
            {t("conflict.look")}
          </Button>
        )}
        {edit && (
          <Button
            variant="default"
            disabled={!reachable || isBusy}
            loading={branch.isPending}
            onClick={() => branch.mutate()}
          >
            {t("conflict.branch")}
          </Button>
        )}
        <Button
          variant="default"
          disabled={!reachable || isBusy}
          loading={theirs.isPending}
          onClick={() => theirs.mutate()}
        >
          {t(edit ? "conflict.drop" : "conflict.refresh")}
        </Button>
      </Stack>
    </div>
  );
}
