/** Which grids the table lists. */
import { Chip, SegmentedControl, Select, TextInput } from "@mantine/core";
import type { ProfileStatus } from "../../api/types";
import { useT } from "../../app/hooks";
import type { Question } from "./gridList";

const STATUSES: readonly ProfileStatus[] = ["within", "below", "above", "empty"];

interface TableFiltersProps {
  question: Question;
  isPlan: boolean;
  onChange: (change: Partial<Question>) => void;
}

export function TableFilters({ question, isPlan, onChange }: TableFiltersProps) {
  const t = useT();
  return (
    <>
      <SegmentedControl
        size="xs"
        flex="none"
        value={question.where}
        onChange={(where) => onChange({ where: where as Question["where"] })}
        aria-label={t("table.title")}
        data={[
          { value: "view", label: t("table.view") },
          ...(isPlan ? [{ value: "scope", label: t("table.scope") }] : []),
          { value: "all", label: t("table.all") },
        ]}
      />
      <TextInput
        className="drawer-filter"
        aria-label={t("table.filter")}
        placeholder={t("table.filter")}
        value={question.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
      />
      <Select
        className="drawer-status"
        aria-label={t("table.statusFilter")}
        placeholder={t("table.statusFilter")}
        clearable
        clearButtonProps={{ "aria-label": t("table.statusAll") }}
        value={question.status}
        onChange={(status) => onChange({ status: status })}
        data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
      />
      {isPlan && (
        <>
          <Chip size="xs" checked={question.changed} onChange={(changed) => onChange({ changed })}>
            {t("table.changedOnly")}
          </Chip>
          <Chip size="xs" checked={question.locked} onChange={(locked) => onChange({ locked })}>
            {t("table.lockedOnly")}
          </Chip>
        </>
      )}
    </>
  );
}
