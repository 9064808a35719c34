/** Who is left out: households beyond the service standard of every center. */
import { Alert, Button, Group, NumberInput, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { startGapRun } from "../api/endpoints";
import type { AreaType, CenterLevel, Profile } from "../api/types";
import { boxOfPoints, inTownship, listTownships, useAllGrids } from "../app/allGrids";
import { useGapRun } from "../app/gapRun";
import { useApp, useSentence, useT, useWorkspace } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { queries } from "../app/queries";
import { set, setLayer } from "../app/state";
import type { Translate } from "../i18n/translate";
import { GapResults } from "./GapResults";
import { Card, Hint, PanelTitle } from "./parts";
import { RuleSource } from "./RuleSource";

const LEVELS: readonly CenterLevel[] = ["county", "township", "village", "station"];
const AREAS: readonly AreaType[] = ["urban", "rural_plain", "mountain"];

function standardText(profile: Profile | null, level: CenterLevel, t: Translate): string {
  const parts = AREAS.flatMap((area) => {
    const metres = profile?.standards[level]?.[area]?.distance_m;
    return metres ? [t("gaps.standardPart", { area: t(`area.${area}`), n: metres / 1000 })] : [];
  });
  return parts.join(" · ");
}

function standardSource(profile: Profile | null, level: CenterLevel): string | null {
  const sources = AREAS.map((area) => profile?.standards[level]?.[area]?.source);
  const known = [...new Set(sources.filter(Boolean))];
  return known.length > 0 ? known.join("; ") : null;
}

export default function GapsPanel() {
  const t = useT();
  const sentence = useSentence();
  const workspace = useWorkspace();
  const { reachable, language } = useApp((state) => ({
    reachable: state.reachable,
    language: state.language,
  }));
  const grids = useAllGrids().data;
  const [level, setLevel] = useState<CenterLevel>("village");
  const [metres, setMetres] = useState<number | "">("");
  const [scope, setScope] = useState("");
  const townships = useMemo(() => listTownships(grids ?? []), [grids]);
  const { id, run, result, error } = useGapRun();
  const profile = workspace?.profile ?? null;
  const start = useMutation({
    mutationFn: () =>
      startGapRun({ level, standard_m: metres === "" ? null : metres, scope: scope || null }),
    onSuccess: (started) => {
      set({ gapRun: started.id, gapRank: null });
      setLayer("gaps", { visible: true });
      if (scope) {
        // Results of one township are small on the map of the county.
        const box = boxOfPoints((grids ?? []).filter(inTownship(scope)).map((row) => row.center));
        if (box) theMap()?.fit(box, 12.5);
      }
      void queries.invalidateQueries({ queryKey: ["run", started.id] });
    },
  });
  const running = start.isPending || run?.state === "queued" || run?.state === "running";
  const empty =
    workspace && (!workspace.layers.centers.count || !workspace.layers.households.count);
  const failed = start.error ?? error;
  return (
    <>
      <PanelTitle>{t("gaps.title")}</PanelTitle>
      <Card>
        <Hint>{t("gaps.intro")}</Hint>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            start.mutate();
          }}
        >
          <Select
            mt="xs"
            label={t("gaps.level")}
            description={t("gaps.levelHint")}
            data={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
            value={level}
            onChange={(value) => setLevel((value as CenterLevel) ?? "village")}
          />
          <Select
            mt="xs"
            searchable
            label={t("gaps.scope")}
            nothingFoundMessage={t("gaps.scopeNone")}
            data={[
              { value: "", label: t("gaps.scopeCounty") },
              ...townships.map(({ code, name }) => ({ value: code, label: name })),
            ]}
            value={scope}
            onChange={(value) => setScope(value ?? "")}
          />
          <NumberInput
            mt="xs"
            label={t("gaps.standard")}
            placeholder={t("gaps.asProfile")}
            min={1}
            max={1_000_000}
            step={100}
            allowDecimal={false}
            thousandSeparator=","
            value={metres}
            onChange={(value) => setMetres(typeof value === "number" ? value : "")}
          />
          <div className="rule-line">
            <Hint>
              {t("gaps.standardHint")} {standardText(profile, level, t)}
            </Hint>
          </div>
          <Group justify="space-between" mt="xs" wrap="nowrap">
            <Button
              type="submit"
              flex="none"
              loading={running}
              disabled={!reachable || Boolean(empty)}
            >
              {t("gaps.run")}
            </Button>
            <RuleSource
              profile={profile}
              text={standardSource(profile, level)}
              label={t("gaps.source")}
            />
          </Group>
        </form>
        {empty && <Hint>{t("gaps.noCenters")}</Hint>}
      </Card>
      {failed && (
        <Alert color="orange" role="alert">
          {t("gaps.failed", { reason: sentence(failed) })}
        </Alert>
      )}
      {run?.state === "failed" && (
        <Alert color="orange" role="alert">
          {t("gaps.failed", {
            reason: (language === "zh" ? run.error?.message_zh : run.error?.message) ?? "—",
          })}
        </Alert>
      )}
      {run?.stale && <Alert color="yellow">{t("gaps.stale")}</Alert>}
      {id && result && <GapResults id={id} result={result} />}
    </>
  );
}
