/** Asks for heading, note and paper, then prints. */
import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Workspace } from "../api/types";
import { PAPERS, type Paper, printMap } from "../map/print";
import { titleOf, useApp, useT } from "./hooks";
import { theMap } from "./mapHolder";
import { set, store } from "./state";

export default function PrintDialog({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const [heading, setHeading] = useState(
    t("print.headingDefault", { county: titleOf(workspace, language) }),
  );
  const [note, setNote] = useState("");
  const [paper, setPaper] = useState<Paper>("A4-landscape");
  const close = () => set({ dialog: null });

  async function print(): Promise<void> {
    const map = theMap();
    const bbox = store.getState().view?.bbox ?? null;
    set({ dialog: null, sheet: { heading, note } });
    // The dialog must be gone before the page is measured.
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (map) await printMap(map, bbox, paper);
  }

  const papers = PAPERS.map((value) => {
    const [size, turn] = value.split("-") as [string, "landscape" | "portrait"];
    return { value, label: `${size} ${t(`print.${turn}`)}` };
  });
  return (
    <Modal
      opened
      onClose={close}
      title={t("print.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void print();
        }}
      >
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label={t("print.heading")}
            value={heading}
            onChange={(event) => setHeading(event.currentTarget.value)}
          />
          <TextInput
            label={t("print.note")}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Select
            label={t("print.paper")}
            data={papers}
            value={paper}
            onChange={(value) => setPaper((value as Paper) ?? "A4-landscape")}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t("app.cancel")}
            </Button>
            <Button type="submit">{t("print.go")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
