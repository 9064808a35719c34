/** Locking many grids at once. */
import { Button, Stack } from "@mantine/core";
import { useStore } from "zustand";
import type { Edit } from "../../../api/plans";
import { usePlan, useT } from "../../../app/hooks";
import { lockAll, lockOthers, lockStore, unlockAll } from "../../../plan/locks";
import { make } from "../../../plan/session";
import { Hint } from "../../parts";

export function LockOptions() {
  const t = useT();
  const { inView } = useStore(lockStore);
  const { chosen, writing } = usePlan((state) => ({
    chosen: state.chosen,
    writing: state.writing,
  }));
  const button = (label: string, edit: Edit | null) => (
    <Button
      size="compact-sm"
      variant="default"
      disabled={!edit || writing}
      onClick={() => edit && void make(edit)}
    >
      {label}
    </Button>
  );
  const mine = inView.filter(({ code }) => chosen.includes(code));
  return (
    <Stack gap={6}>
      {button(t("lock.chosen", { n: mine.length }), lockAll(mine))}
      {button(t("lock.others"), mine.length > 0 ? lockOthers(inView, chosen) : null)}
      {button(t("lock.view"), unlockAll(inView))}
      <Hint>{t("lock.note")}</Hint>
    </Stack>
  );
}
