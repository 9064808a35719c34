/** The faults of lines, one after the other, and what can be done about the current one. */
import { Alert, Button, Group, Loader } from "@mantine/core";
import { useStore } from "zustand";
import { usePlan, useSentence, useT } from "../../../app/hooks";
import {
  type Fault,
  type FaultKind,
  faultsOf,
  faultStore,
  loadFaults,
  nextFault,
  pickFault,
  remediesOf,
} from "../../../plan/faults";
import { ask } from "../../../plan/session";
import { Hint } from "../../parts";
import { ProblemList } from "../../ProblemList";
import { useVillageGrids } from "./villageGrids";

const SAME = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function Remedies({ fault }: { fault: Fault }) {
  const t = useT();
  const { at, all } = useStore(faultStore);
  const pending = usePlan(({ preview, refusal }) => preview?.edit ?? refusal?.edit ?? null);
  const grids = useVillageGrids(fault.village);
  if (!at) return null;
  const nameOf = (code: string) => {
    const name = grids?.find(({ properties }) => properties.code === code)?.properties.name;
    return [code.slice(-3), name].filter(Boolean).join(" ");
  };
  const label = (grid: string | null) => {
    if (fault.kind === "mismatch") return t("overlap.match");
    if (grid === null) return t("gap.longest");
    if (fault.kind === "outside") return t("overlap.clip", { grid: nameOf(grid) });
    return t("fault.give", { grid: nameOf(grid) });
  };
  return (
    <div className="remedies" role="group" aria-label={t("fault.remedies")}>
      {remediesOf(fault, at, all).map(({ grid, edit }) => (
        <Button
          key={grid ?? ""}
          size="compact-sm"
          variant={SAME(edit, pending) ? "filled" : "default"}
          aria-pressed={SAME(edit, pending)}
          onClick={() => void ask(edit)}
        >
          {label(grid)}
        </Button>
      ))}
    </div>
  );
}

interface FaultOptionsProps {
  kinds: readonly FaultKind[];
  none: string;
}

function FaultOptions({ kinds, none }: FaultOptionsProps) {
  const t = useT();
  const sentence = useSentence();
  const { all, current, isLoading, failed } = useStore(faultStore);
  const mine = faultsOf(kinds, all);
  const index = mine.findIndex(({ id }) => id === current?.id);
  if (failed) {
    return (
      <Alert color="orange" p="xs">
        {sentence(failed)}
        <Button size="compact-xs" mt={4} onClick={() => void loadFaults()}>
          {t("app.retry")}
        </Button>
      </Alert>
    );
  }
  if (mine.length === 0) return isLoading ? <Loader size="xs" /> : <Hint>{none}</Hint>;
  return (
    <>
      <Group gap="xs" mb={4}>
        <Button size="compact-sm" variant="light" onClick={() => nextFault(kinds)}>
          {t("fault.next")}
          <kbd className="key">N</kbd>
        </Button>
        <span className="figures">
          {index >= 0
            ? t("data.position", { i: index + 1, n: mine.length })
            : t("fault.count", { n: mine.length })}
        </span>
      </Group>
      {current && <Remedies fault={current} />}
      <ProblemList
        problems={mine.map(({ problem }) => problem)}
        current={index < 0 ? null : index}
        onPick={(_, picked) => pickFault(mine[picked] ?? null)}
      />
    </>
  );
}

const GAPS = ["gap"] as const;
const OTHERS = ["overlap", "outside", "mismatch"] as const;

export function GapOptions() {
  const t = useT();
  return <FaultOptions kinds={GAPS} none={t("gap.none")} />;
}

export function OverlapOptions() {
  const t = useT();
  return <FaultOptions kinds={OTHERS} none={t("overlap.none")} />;
}
