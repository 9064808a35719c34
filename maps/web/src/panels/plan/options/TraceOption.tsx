/** Whether drawn lines follow the borders that are there. */
import { Switch } from "@mantine/core";
import { usePlan, useT } from "../../../app/hooks";
import { setPlan } from "../../../plan/store";

export function TraceOption() {
  const t = useT();
  const tracing = usePlan((state) => state.tracing);
  return (
    <Switch
      size="xs"
      checked={tracing}
      onChange={(event) => setPlan({ tracing: event.currentTarget.checked })}
      label={t("tool.trace")}
    />
  );
}
