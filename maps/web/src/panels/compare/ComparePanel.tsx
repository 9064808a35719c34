/** The open plan against other lines: totals, changed grids, households that move, files. */
import {
  ActionIcon,
  Button,
  Group,
  SegmentedControl,
  Select,
  Skeleton,
  Tooltip,
} from "@mantine/core";
import { IconPrinter, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { type Difference, differenceUrl } from "../../api/difference";
import { useComparison, useOtherPlans } from "../../app/compared";
import { setCompare, toggleCompare, useCompare } from "../../app/comparison";
import { usePlan, useSentence, useT, useWorkspace } from "../../app/hooks";
import { set } from "../../app/state";
import { count, squareKilometres } from "../../i18n/format";
import { Card, Fact, Facts, Hint, PanelTitle } from "../parts";
import { csvOf, download } from "../table/listed";
import { ChangedGrids } from "./ChangedGrids";
import { JointChanges } from "./JointChanges";
import { MovedHouseholds } from "./MovedHouseholds";
import { changeCells } from "./moves";

/** In a list of choices null cannot be one. */
const BASE = "base";

function Against() {
  const t = useT();
  const against = useCompare((state) => state.against);
  const others = useOtherPlans();
  return (
    <Select
      label={t("compare.against")}
      allowDeselect={false}
      value={against ?? BASE}
      onChange={(value) => setCompare({ against: value === BASE ? null : value })}
      data={[
        { value: BASE, label: t("compare.inForce") },
        ...others.map((plan) => ({
          value: plan.id,
          label: `${plan.name} · ${t(`plan.state.${plan.state}`)}`,
        })),
      ]}
    />
  );
}

function Totals({ totals }: Pick<Difference, "totals">) {
  const t = useT();
  const kinds = t("compare.kinds", {
    added: count(totals.added),
    removed: count(totals.removed),
    changed: count(totals.changed),
  });
  return (
    <Facts>
      <Fact name={t("layers.summary.grids")} long>
        {kinds}
      </Fact>
      {totals.renumbered + totals.attributes > 0 && (
        <Fact name={t("compare.kind.renumbered")}>
          {count(totals.renumbered)} · {t("compare.kind.attributes")} {count(totals.attributes)}
        </Fact>
      )}
      <Fact name={t("compare.area")}>
        {t("unit.km2", { n: squareKilometres(totals.area_moved_m2) })}
      </Fact>
      <Fact name={t("numbers.moved")}>
        {t("unit.households", { n: count(totals.households_moved) })}
      </Fact>
      <Fact name={t("compare.residents")}>
        {t("unit.residents", { n: count(totals.residents_moved) })}
      </Fact>
    </Facts>
  );
}

function Files({ difference }: { difference: Difference }) {
  const t = useT();
  const plan = usePlan((state) => state.plan);
  const against = useCompare((state) => state.against);
  const synthetic = useWorkspace()?.synthetic ?? false;
  if (!plan) return null;
  const name = t("compare.file", { name: plan.name });

  function save(): void {
    const notice = synthetic ? [[t("app.synthetic"), t("app.syntheticHint")]] : [];
    download(`${name}.csv`, csvOf([...changeCells(t, difference), ...notice]), "text/csv");
  }

  return (
    <Group gap={6} mt="xs" className="compare-files">
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPrinter size={14} aria-hidden />}
        onClick={() => set({ dialog: "print" })}
      >
        {t("compare.print")}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t("compare.save", { format: "CSV" })}
        onClick={save}
      >
        CSV
      </Button>
      <Button
        component="a"
        variant="default"
        size="compact-sm"
        aria-label={t("compare.save", { format: "GeoJSON" })}
        href={differenceUrl(plan.id, { against, households: true })}
        download={`${name}.geojson`}
      >
        GeoJSON
      </Button>
    </Group>
  );
}

function Lists({ difference }: { difference: Difference }) {
  const t = useT();
  const [shown, setShown] = useState("grids");
  const { grids, households } = difference;
  return (
    <Card>
      <SegmentedControl
        fullWidth
        size="xs"
        mb={6}
        value={shown}
        onChange={setShown}
        aria-label={t("compare.lists")}
        data={[
          { value: "grids", label: `${t("compare.grids")} ${count(grids.length)}` },
          { value: "households", label: `${t("compare.movedTab")} ${count(households?.length)}` },
        ]}
      />
      {shown === "grids" ? (
        <ChangedGrids grids={grids} />
      ) : (
        <MovedHouseholds households={households ?? []} />
      )}
    </Card>
  );
}

export default function ComparePanel() {
  const t = useT();
  const sentence = useSentence();
  const name = usePlan((state) => state.plan?.name ?? "");
  const view = useCompare((state) => state.view);
  const { data, error, isFetching, refetch } = useComparison();
  return (
    <div className="compare-panel">
      <PanelTitle
        aside={
          <Tooltip label={t("compare.close")}>
            <ActionIcon
              variant="subtle"
              color="gray.7"
              aria-label={t("compare.close")}
              aria-keyshortcuts="D"
              onClick={toggleCompare}
            >
              <IconX size={18} />
            </ActionIcon>
          </Tooltip>
        }
      >
        {t("compare.title")}
      </PanelTitle>
      <Card title={name}>
        <Against />
        <SegmentedControl
          fullWidth
          size="xs"
          mt="xs"
          value={view}
          onChange={(value) => setCompare({ view: value })}
          aria-label={t("compare.view")}
          data={[
            { value: "overlay", label: t("compare.overlay") },
            { value: "swipe", label: t("compare.swipe") },
          ]}
        />
      </Card>
      {error ? (
        <Card>
          <div role="alert">
            {sentence(error)}{" "}
            <Button size="compact-xs" variant="light" onClick={() => void refetch()}>
              {t("app.retry")}
            </Button>
          </div>
        </Card>
      ) : data ? (
        <div className="refreshed" data-waiting={isFetching}>
          <Card>
            <Totals totals={data.totals} />
            {data.grids.length === 0 && <Hint>{t("compare.same")}</Hint>}
            <Files difference={data} />
          </Card>
          <JointChanges joint_villages={data.joint_villages} villages={data.villages} />
          {data.grids.length > 0 && <Lists difference={data} />}
        </div>
      ) : (
        <Skeleton height={260} />
      )}
    </div>
  );
}
