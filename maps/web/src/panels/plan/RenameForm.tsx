/** A name in place of the title: Enter keeps it, Esc leaves the old one. */
import { ActionIcon, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Plan } from "../../api/plans";
import { useSentence, useT } from "../../app/hooks";
import { queries } from "../../app/queries";
import { rename } from "../../plan/session";

export function RenameForm({ plan, onDone }: { plan: Plan; onDone: () => void }) {
  const t = useT();
  const sentence = useSentence();
  const [name, setName] = useState(plan.name);
  const store = useMutation({
    mutationFn: () => rename(name.trim()),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      onDone();
    },
  });
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        if (!name.trim() || name.trim() === plan.name) onDone();
        else store.mutate();
      }}
    >
      <TextInput
        autoFocus
        aria-label={t("plan.name")}
        value={name}
        error={store.error ? sentence(store.error) : null}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onDone();
        }}
        rightSection={
          <ActionIcon
            type="submit"
            variant="subtle"
            aria-label={t("plan.rename.keep")}
            loading={store.isPending}
          >
            <IconCheck size={16} />
          </ActionIcon>
        }
      />
    </form>
  );
}
