/** Name and kind of the chosen grid: Enter saves, Esc drops. */
import { Button, Group, SegmentedControl, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useStore } from "zustand";
import type { GridAttributes } from "../../../api/plans";
import { usePlan, useSentence, useT } from "../../../app/hooks";
import { focusMap } from "../../../app/shortcuts";
import { formStore, namesake, type Named } from "../../../plan/form";
import { discard, make } from "../../../plan/session";
import { choose } from "../../../plan/store";
import { Hint } from "../../parts";
import { useVillageGrids } from "./villageGrids";

function changesOf(grid: Named, name: string, kind: Named["kind"]): GridAttributes {
  return {
    ...(name.trim() === grid.name ? {} : { name: name.trim() }),
    ...(kind === grid.kind ? {} : { kind }),
  };
}

function Form({ grid }: { grid: Named }) {
  const t = useT();
  const sentence = useSentence();
  const [name, setName] = useState(grid.name);
  const [kind, setKind] = useState(grid.kind);
  const { refusal, writing } = usePlan((state) => ({
    refusal: state.refusal,
    writing: state.writing,
  }));
  const others = useVillageGrids(grid.village_code);
  const attributes = changesOf(grid, name, kind);
  const isSame = Object.keys(attributes).length === 0;
  const same = namesake(name, grid, others?.map(({ properties }) => properties) ?? []);
  const error = refusal?.edit?.type === "set_attributes" ? sentence(refusal.error) : null;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSame || writing) return;
    await make({ type: "set_attributes", grid: grid.code, attributes });
  }

  function drop(): void {
    discard();
    choose([]);
    focusMap();
  }

  return (
    <form
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape") drop();
      }}
    >
      <Text size="xs" c="gray.7" className="figures">
        {grid.code}
      </Text>
      <TextInput
        data-autofocus
        autoFocus
        label={t("attributes.name")}
        value={name}
        error={error}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {same && (
        <Text size="xs" className="name-taken" role="status">
          {t("attributes.taken", { grid: same.code.slice(-3) })}
        </Text>
      )}
      <SegmentedControl
        fullWidth
        size="xs"
        my={8}
        aria-label={t("attributes.kind")}
        value={kind}
        onChange={(value) => setKind(value === "dedicated" ? "dedicated" : "basic")}
        data={[
          { value: "basic", label: t("attributes.basic") },
          { value: "dedicated", label: t("attributes.dedicated") },
        ]}
      />
      <Group gap="xs">
        <Button type="submit" size="compact-sm" disabled={isSame || writing}>
          {t("attributes.save")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={drop}>
          {t("app.cancel")}
        </Button>
      </Group>
    </form>
  );
}

export function AttributesOptions() {
  const t = useT();
  const { grid } = useStore(formStore);
  if (!grid) return <Hint>{t("attributes.hint")}</Hint>;
  // What somebody else saved meanwhile is taken over; so is another grid.
  return <Form key={`${grid.code} ${grid.name} ${grid.kind}`} grid={grid} />;
}
