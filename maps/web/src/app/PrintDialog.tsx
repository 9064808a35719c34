/** Asks what is printed, for heading, note and paper, then prints. */
import {
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import type { Workspace } from "../api/types";
import { PAPERS, type Paper, printMap } from "../map/print";
import { useOtherSide } from "./compared";
import { useCompare } from "./comparison";
import { titleOf, useApp, usePlan, useSentence, useT } from "./hooks";
import { useDifference } from "./planNumbers";
import { printComparison } from "./printComparison";
import { theMap } from "./mapHolder";
import { set, store } from "./state";

const useCompared = () => useCompare((state) => ({ comparing: state.on, against: state.against }));

export default function PrintDialog({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const sentence = useSentence();
  const { plan, comparing, against } = { ...usePlan(({ plan }) => ({ plan })), ...useCompared() };
  const [what, setWhat] = useState<"map" | "comparison">(plan && comparing ? "comparison" : "map");
  const isComparison = plan !== null && what === "comparison";
  const usual = isComparison
    ? t("compare.sheet.heading", { name: plan.name })
    : t("print.headingDefault", { county: titleOf(workspace, language) });
  const [typed, setTyped] = useState<string | null>(null);
  const heading = typed ?? usual;
  const { data: difference, error } = useDifference({ against, enabled: isComparison });
  const other = useOtherSide();
  const [failure, setFailure] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [paper, setPaper] = useState<Paper>("A4-landscape");
  const close = () => set({ dialog: null });

  async function print(): Promise<void> {
    if (isComparison) {
      if (!difference) return;
      const version = workspace.layers.grids.version;
      const sides = { before: other.lines, plan, against: other.plan };
      try {
        await printComparison({ heading, note, paper, version, difference, ...sides });
      } catch (cause) {
        setFailure(sentence(cause));
      }
      return;
    }
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
          {plan && (
            <SegmentedControl
              value={what}
              onChange={setWhat}
              aria-label={t("compare.sheet.what")}
              data={[
                { value: "map", label: t("compare.sheet.map") },
                { value: "comparison", label: t("compare.sheet.comparison") },
              ]}
            />
          )}
          <TextInput
            data-autofocus
            label={t("print.heading")}
            value={heading}
            onChange={(event) => setTyped(event.currentTarget.value)}
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
          {(failure ?? error) && (
            <Text size="sm" c="orange.9" role="alert">
              {failure ?? sentence(error)}
            </Text>
          )}
          {isComparison && difference?.grids.length === 0 && (
            <Text size="sm">{t("compare.same")}</Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t("app.cancel")}
            </Button>
            <Button type="submit" loading={isComparison && !difference && !error}>
              {t("print.go")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
