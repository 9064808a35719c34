/** Who takes the drawn area, from whom, and whether small remains go along. */
import { Button, Switch } from "@mantine/core";
import { usePlan, useT } from "../../../app/hooks";
import { setPlan } from "../../../plan/store";
import { setTool } from "../../../plan/toolStore";
import { Fact, Facts } from "../../parts";
import { TraceOption } from "./TraceOption";
import { useTool } from "./useTool";

export function TransferOptions() {
  const t = useT();
  const sources = usePlan((state) => state.sources);
  const { taker, picking, tidy } = useTool((state) => ({
    taker: state.chosen[0] ?? null,
    picking: state.picking,
    tidy: state.tidy,
  }));
  const isNaming = picking === "sources";
  return (
    <div className="transfer-options">
      <Facts>
        <Fact name={t("tool.transfer.to")} long>
          {taker ? `${taker.code.slice(-3)} ${taker.name}` : t("tool.transfer.none")}
          {taker && picking !== "taker" && (
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => setTool({ picking: "taker" })}
            >
              {t("tool.transfer.change")}
            </Button>
          )}
        </Fact>
        <Fact name={t("tool.transfer.from")} long>
          {sources.length === 0
            ? t("tool.transfer.anyone")
            : sources.map((code) => code.slice(-3)).join(" ")}
        </Fact>
      </Facts>
      <div className="option-line">
        <Button
          variant={isNaming ? "filled" : "default"}
          size="compact-sm"
          aria-pressed={isNaming}
          disabled={!taker}
          onClick={() => setTool({ picking: isNaming ? null : "sources" })}
        >
          {t(isNaming ? "tool.transfer.named" : "tool.transfer.only")}
        </Button>
        {sources.length > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => setPlan({ sources: [] })}>
            {t("tool.chosen.clear")}
          </Button>
        )}
      </div>
      <Switch
        size="xs"
        checked={tidy}
        onChange={(event) => setTool({ tidy: event.currentTarget.checked })}
        label={t("tool.transfer.tidy")}
      />
      <TraceOption />
    </div>
  );
}
