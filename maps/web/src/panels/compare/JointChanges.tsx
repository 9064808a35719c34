/** The joint villages that differ: who is in them, who came and who left. */
import { useT } from "../../app/hooks";
import { count, spacedCode } from "../../i18n/format";
import { Card } from "../parts";
import { KindSwatch } from "./KindSwatch";
import { type Joined, type MemberChange, memberChanges } from "./members";

function Row({ joint, members, came, left, was }: MemberChange) {
  const t = useT();
  const { code, change, name } = joint;
  return (
    <li className="joint" data-code={code} data-kind={change}>
      <div className="change-head">
        <KindSwatch kind={change} />
        <strong>{name}</strong>
        <span>{t(`compare.kind.${change}`)}</span>
      </div>
      <div className="figures joint-figures">
        {spacedCode(code)}
        {was && ` · ${t("compare.joint.was", { name: was })}`}
      </div>
      <div>{t("compare.joint.members", { names: members })}</div>
      {came && <div>{t("compare.joint.came", { names: came })}</div>}
      {left && <div>{t("compare.joint.left", { names: left })}</div>}
    </li>
  );
}

export function JointChanges(joined: Joined) {
  const t = useT();
  const changes = memberChanges(t, joined);
  if (changes.length === 0) return null;
  return (
    <Card title={t("joint.title")} aside={<span className="figures">{count(changes.length)}</span>}>
      <ul className="plain-list joint-list" tabIndex={0} aria-label={t("joint.title")}>
        {changes.map((change) => (
          <Row key={change.joint.code} {...change} />
        ))}
      </ul>
    </Card>
  );
}
