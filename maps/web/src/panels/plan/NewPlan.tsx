/** A new draft: where, and under which name. */
import { Alert, Button, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { IN_FORCE } from "../../api/lines";
import { createPlan } from "../../api/plans";
import { useAllGrids } from "../../app/allGrids";
import { titleOf, useApp, useSentence, useT, useWorkspace } from "../../app/hooks";
import { openAndShow } from "../../app/openPlan";
import { queries } from "../../app/queries";
import { useSelected } from "../../app/selected";
import { freeName, listScopes, type Scope } from "../../plan/naming";
import { Card, Hint } from "../parts";

/** Of very many villages the list shows those that fit what is typed. */
const LISTED = 80;
const LEVELS = ["county", "township", "village"] as const;

/** The township of what is looked at: most plans are about one. */
function useTownshipInView(): string | null {
  const selected = useSelected().data;
  if (selected?.kind === "grids") return selected.data.village_code?.slice(0, 9) ?? null;
  return selected?.kind === "divisions" ? (selected.data.code ?? null) : null;
}

export function NewPlan({ taken }: { taken: readonly string[] }) {
  const t = useT();
  const sentence = useSentence();
  const { language, reachable } = useApp((state) => ({
    language: state.language,
    reachable: state.reachable,
  }));
  const workspace = useWorkspace();
  // A plan begins with the lines in force, whatever day is on show.
  const { data: rows } = useAllGrids(IN_FORCE);
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const suggested = useTownshipInView();
  const scopes = listScopes(rows ?? [], titleOf(workspace, language));
  const scope = scopes.find(({ code }) => code === (chosen ?? suggested)) ?? null;
  const year = new Date().getFullYear();
  const name =
    typed ?? (scope ? freeName(t("plan.defaultName", { year, place: scope.name }), taken) : "");
  const create = useMutation({
    mutationFn: () => createPlan(name.trim(), scope?.code ?? ""),
    onSuccess: (plan) => {
      void queries.invalidateQueries({ queryKey: ["plans"] });
      openAndShow(plan);
    },
  });
  const labelOf = ({ name: own, within }: Scope) => (within ? `${own} · ${within}` : own);
  const groups = LEVELS.map((level) => ({
    group: t(`kind.${level}`),
    items: scopes
      .filter((one) => one.level === level)
      .map((one) => ({ value: one.code, label: labelOf(one) })),
  }));
  return (
    <Card title={t("plan.create")}>
      <form
        className="new-plan"
        onSubmit={(event) => {
          event.preventDefault();
          if (scope && name.trim()) create.mutate();
        }}
      >
        <Select
          label={t("plan.scope")}
          placeholder={t("plan.scope.choose")}
          data={groups}
          value={scope?.code ?? null}
          onChange={setChosen}
          searchable
          limit={LISTED}
          maxDropdownHeight={320}
          disabled={!rows}
          nothingFoundMessage={t("plan.scope.none")}
        />
        <TextInput
          label={t("plan.name")}
          value={name}
          error={create.error ? sentence(create.error) : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          type="submit"
          disabled={!scope || !name.trim() || !reachable}
          loading={create.isPending}
        >
          {t("plan.create.do")}
        </Button>
      </form>
      {!reachable && <Hint>{t("plan.offline.list")}</Hint>}
      {rows?.length === 0 && <Alert color="orange">{t("plan.scope.noGrids")}</Alert>}
    </Card>
  );
}
