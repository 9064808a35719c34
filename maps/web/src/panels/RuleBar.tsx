/** A number against its rule: minimum, target and maximum are drawn into the bar. */
import type { ProfileStatus, SizeRule } from "../api/types";
import { useT } from "../app/hooks";
import { count } from "../i18n/format";

interface RuleBarProps {
  value: number | null;
  rule: SizeRule | null;
  status: ProfileStatus | null;
}

/** How far along the bar each mark stands, in percent; the bar ends a quarter above the maximum. */
export function ruleMarks(value: number | null, rule: SizeRule | null) {
  const end = Math.max(1, (rule?.maximum ?? value ?? 1) * 1.25, 1);
  const at = (number: number | null | undefined) =>
    number === null || number === undefined ? null : Math.min(100, (number / end) * 100);
  return {
    value: at(value) ?? 0,
    minimum: at(rule?.minimum),
    target: at(rule?.target),
    maximum: at(rule?.maximum),
  };
}

export function RuleBar({ value, rule, status }: RuleBarProps) {
  const t = useT();
  const marks = ruleMarks(value, rule);
  const label = t("inspector.ruleBar", {
    n: count(value),
    min: count(rule?.minimum),
    max: count(rule?.maximum),
  });
  const { minimum, target, maximum } = marks;
  return (
    <div className="rule-bar" role="img" aria-label={label} title={label}>
      {minimum !== null && maximum !== null && (
        <span
          className="rule-range"
          style={{ left: `${minimum}%`, width: `${maximum - minimum}%` }}
        />
      )}
      <span
        className="rule-value"
        data-status={status ?? "empty"}
        style={{ width: `${marks.value}%` }}
      />
      {target !== null && <span className="rule-target" style={{ left: `${target}%` }} />}
    </div>
  );
}

/** The bar of a table row: full at the maximum of the rule. */
export function SizeBar({ value, rule, status }: RuleBarProps) {
  const share = rule?.maximum && value !== null ? Math.min(100, (value / rule.maximum) * 100) : 0;
  return (
    <span className="size-bar" data-status={status ?? "empty"} aria-hidden="true">
      <span style={{ width: `${share}%` }} />
    </span>
  );
}
