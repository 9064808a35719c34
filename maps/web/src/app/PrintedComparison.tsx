/** One sheet: the map before and after, and the register of the grids that change. */
import type { Workspace } from "../api/types";
import type { GridChange } from "../api/difference";
import { count, day, spacedCode, squareKilometres } from "../i18n/format";
import { KindSwatch } from "../panels/compare/KindSwatch";
import { type Joined, memberChanges, membersInWords } from "../panels/compare/members";
import { CHANGE_KINDS } from "../plan/changeKinds";
import { titleOf, useApp, useT } from "./hooks";
import { useMapMark } from "./MapCorner";
import type { ComparisonSheet } from "./printed";

/** "121 → 64", or the one number where nothing changes. */
function Pair({ before, after }: { before: string; after: string }) {
  return <>{before === after ? after : `${before} → ${after}`}</>;
}

function Register({
  grids,
  villages,
}: {
  grids: readonly GridChange[];
  villages: Map<string, string>;
}) {
  const t = useT();
  return (
    <table className="register figures">
      <thead>
        <tr>
          <th>{t("table.code")}</th>
          <th>{t("table.name")}</th>
          <th>{t("table.village")}</th>
          <th>{t("compare.csv.change")}</th>
          <th className="number">{t("compare.sheet.households")}</th>
          <th className="number">{t("compare.sheet.residents")}</th>
          <th className="number">{t("table.area")}</th>
        </tr>
      </thead>
      <tbody>
        {grids.map((grid) => (
          <tr key={grid.code}>
            <td>{spacedCode(grid.code)}</td>
            <td>{grid.name || "—"}</td>
            <td>{villages.get(grid.village_code) ?? spacedCode(grid.village_code)}</td>
            <td>
              {t(`compare.kind.${grid.change}`)}
              {grid.change === "renumbered" &&
                ` (${t("compare.was", { code: spacedCode(grid.previous_code) })})`}
            </td>
            <td className="number">
              <Pair before={count(grid.households_before)} after={count(grid.households_after)} />
            </td>
            <td className="number">
              <Pair before={count(grid.residents_before)} after={count(grid.residents_after)} />
            </td>
            <td className="number">
              <Pair
                before={squareKilometres(grid.area_before_m2)}
                after={squareKilometres(grid.area_after_m2)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function JointRegister(joined: Joined) {
  const t = useT();
  const changes = memberChanges(t, joined);
  if (changes.length === 0) return null;
  return (
    <>
      <h2>{t("compare.sheet.joint")}</h2>
      <table className="register joint-register">
        <thead>
          <tr>
            <th>{t("table.code")}</th>
            <th>{t("table.name")}</th>
            <th>{t("compare.csv.change")}</th>
            <th>{t("compare.sheet.members")}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((one) => (
            <tr key={one.joint.code}>
              <td className="figures">{spacedCode(one.joint.code)}</td>
              <td>
                {one.joint.name}
                {one.was && ` (${t("compare.joint.was", { name: one.was })})`}
              </td>
              <td>{t(`compare.kind.${one.joint.change}`)}</td>
              <td>{membersInWords(t, one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface PrintedComparisonProps {
  sheet: ComparisonSheet;
  workspace: Workspace;
}

export default function PrintedComparison({ sheet, workspace }: PrintedComparisonProps) {
  const t = useT();
  const language = useApp((state) => state.language);
  const mark = useMapMark(workspace);
  const { plan, against, difference, pictures, size } = sheet;
  const { totals } = difference;
  const villages = new Map(
    [...plan.touched_villages, ...(against?.touched_villages ?? [])].map(({ code, name }) => [
      code,
      name,
    ]),
  );
  const style = { width: `${size.width_mm}mm`, height: `${size.height_mm}mm` };
  const sides = [
    { picture: pictures.before, name: against?.name ?? t("compare.inForce") },
    { picture: pictures.after, name: `${plan.name} · ${t(`plan.state.${plan.state}`)}` },
  ];
  return (
    <section className="comparison-sheet">
      <header>
        <h1>{sheet.heading}</h1>
        {workspace.synthetic && <strong>{t("app.synthetic")}</strong>}
      </header>
      <p className="sheet-line">
        <span>{titleOf(workspace, language)}</span>
        <span>{plan.scope_name ?? plan.scope}</span>
        <span>
          {plan.name} · {t(`plan.state.${plan.state}`)} · {t("plan.revision", { n: plan.revision })}
        </span>
        <span>{t("print.date", { date: day(new Date()) })}</span>
        {sheet.note && <span>{sheet.note}</span>}
      </p>
      <div className="sheet-maps">
        {sides.map(({ picture, name }) => (
          <figure key={name} style={{ width: style.width }}>
            <figcaption>{name}</figcaption>
            <img src={picture} alt={name} style={style} />
          </figure>
        ))}
      </div>
      <p className="sheet-line">
        <strong>{t("compare.sheet.scale", { n: count(pictures.scale) })}</strong>
        {CHANGE_KINDS.filter((kind) => totals[kind] > 0).map((kind) => (
          <span key={kind}>
            <KindSwatch kind={kind} /> {t(`compare.kind.${kind}`)} {count(totals[kind])}
          </span>
        ))}
        {difference.joint_villages.length > 0 && (
          <span className="sheet-joint">
            {t("joint.title")} {count(difference.joint_villages.length)}
          </span>
        )}
        <span>
          {t("compare.sheet.moved", {
            n: count(totals.households_moved),
            people: count(totals.residents_moved),
          })}
        </span>
        <span className="sheet-mark">{mark}</span>
      </p>
      {difference.grids.length > 0 && (
        <>
          <h2>{t("compare.sheet.register")}</h2>
          <Register grids={difference.grids} villages={villages} />
        </>
      )}
      <JointRegister {...difference} />
      <p className="sheet-line sheet-sign">
        <span>{t("compare.sheet.drawn")}</span>
        <span>{t("compare.sheet.checked")}</span>
      </p>
    </section>
  );
}
