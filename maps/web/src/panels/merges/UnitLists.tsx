/** Units nobody could join, and units that are too large: each with its reason. */
import { Button, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { AboveUnit, LeftUnit, MergeResult, UnitOut } from "../../api/merges";
import type { Edit } from "../../api/plans";
import { useApp, usePlan, useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { setMerges, useMerges } from "../../app/merges";
import { count } from "../../i18n/format";
import { make } from "../../plan/session";
import { planStore } from "../../plan/store";
import { LongList } from "../compare/LongList";
import { Hint } from "../parts";
import { useTell } from "./names";
import { Neighbours } from "./Neighbours";

const ROW_HEIGHT = 50;

export const unitName = ({ name, code, village }: UnitOut, unit: MergeResult["unit"]): string =>
  unit === "village" || !village ? name || code : `${village.name} ${name || code}`;

interface RowProps {
  unit: UnitOut;
  kind: MergeResult["unit"];
  about: string;
}

function UnitRow({ unit, kind, about }: RowProps) {
  const t = useT();
  const { current, hovered } = useMerges((now) => ({
    current: now.unit === unit.code,
    hovered: now.hovered === unit.code,
  }));
  return (
    <UnstyledButton
      className="area-button unit-button"
      data-unit={unit.code}
      data-current={current}
      data-hovered={hovered}
      aria-current={current}
      onPointerEnter={() => setMerges({ hovered: unit.code })}
      onPointerLeave={() => setMerges({ hovered: null })}
      onClick={() => {
        setMerges({ unit: unit.code, group: null });
        if (unit.point) theMap()?.panTo(unit.point, 13.5);
      }}
    >
      <span className="area-text">
        <span className="area-people figures">
          <strong>{unitName(unit, kind)}</strong>
          <span>
            {t("merges.people", {
              households: count(unit.households),
              residents: count(unit.residents),
            })}
          </span>
        </span>
        <span>{about}</span>
      </span>
    </UnstyledButton>
  );
}

function useCurrent<U extends UnitOut>(units: readonly U[]): [number | null, U | undefined] {
  const unit = useMerges((state) => state.unit);
  const at = units.findIndex(({ code }) => code === unit);
  return [at < 0 ? null : at, units[at]];
}

export function LeftList({ result }: { result: MergeResult }) {
  const t = useT();
  const tell = useTell();
  const [at, current] = useCurrent(result.left);
  if (result.left.length === 0) return <Hint>{t("merges.left.none")}</Hint>;
  return (
    <>
      <LongList
        label={t("merges.map.left")}
        count={result.left.length}
        rowHeight={ROW_HEIGHT}
        at={at}
        row={(index) => {
          const unit = result.left[index] as LeftUnit;
          return (
            <UnitRow unit={unit} kind={result.unit} about={tell(unit.reason, unit.village?.name)} />
          );
        }}
      />
      {current && (
        <section className="area-detail group-detail" aria-label={unitName(current, result.unit)}>
          <h4>{unitName(current, result.unit)}</h4>
          <p className="headline">{tell(current.reason, current.village?.name)}</p>
          <Neighbours
            title={t("merges.left.neighbours")}
            reasons={current.neighbours}
            from={current.code}
            home={current.village?.name}
            result={result}
          />
        </section>
      )}
    </>
  );
}

/** One line cannot make more than two parts; several lines make all of them at once. */
const isFirstCut = ({ edits: [edit], parts }: AboveUnit): boolean =>
  (parts?.length ?? 0) > 2 &&
  (edit as { line?: { type?: string } } | undefined)?.line?.type === "LineString";

function AboveDetail({ unit, kind }: { unit: AboveUnit; kind: MergeResult["unit"] }) {
  const t = useT();
  const tell = useTell();
  const language = useApp((state) => state.language);
  const { isDraft, writing } = usePlan((now) => ({
    isDraft: now.plan?.state === "draft",
    writing: now.writing,
  }));
  const [problem, setProblem] = useState<string | null>(null);
  const edit = unit.edits[0] as Edit | undefined;

  async function split(): Promise<void> {
    if (!edit) return;
    const isMade = await make(edit);
    setProblem(isMade ? null : (planStore.getState().refusal?.error.sentence(language) ?? null));
  }

  return (
    <section className="area-detail group-detail" aria-label={unitName(unit, kind)}>
      <h4>{unitName(unit, kind)}</h4>
      {unit.reason && <p className="headline">{tell(unit.reason, unit.village?.name)}</p>}
      {unit.parts && (
        <>
          <p className="headline">{t("merges.parts", { n: unit.parts.length })}</p>
          <ul className="reasons">
            {unit.parts.map((part, index) => (
              <li key={index}>
                {t("merges.part", { n: index + 1 })} ·{" "}
                {t("unit.households", { n: count(part.households) })} · {part.names.join("、")}
              </li>
            ))}
          </ul>
        </>
      )}
      {edit && (
        <div className="group-actions">
          <Button size="compact-sm" disabled={!isDraft || writing} onClick={() => void split()}>
            {t("merges.split")}
          </Button>
        </div>
      )}
      {isFirstCut(unit) && <Hint>{t("merges.above.more")}</Hint>}
      {edit && !isDraft && <Hint>{t("merges.draft.first")}</Hint>}
      {problem && (
        <p className="service-error" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

export function AboveList({ result }: { result: MergeResult }) {
  const t = useT();
  const tell = useTell();
  const [at, current] = useCurrent(result.above);
  if (result.above.length === 0) return <Hint>{t("merges.above.none")}</Hint>;
  return (
    <>
      <LongList
        label={t("merges.map.above")}
        count={result.above.length}
        rowHeight={ROW_HEIGHT}
        at={at}
        row={(index) => {
          const unit = result.above[index] as AboveUnit;
          const about = unit.parts
            ? t("merges.parts", { n: unit.parts.length })
            : unit.reason
              ? tell(unit.reason, unit.village?.name)
              : "";
          return <UnitRow unit={unit} kind={result.unit} about={about} />;
        }}
      />
      {current && <AboveDetail key={current.code} unit={current} kind={result.unit} />}
    </>
  );
}
