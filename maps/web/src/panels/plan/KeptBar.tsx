/** Offers the shape again that was being drawn when the page went away. */
import { Button } from "@mantine/core";
import { usePlan, useT } from "../../app/hooks";
import { dropSketch, type Sketch } from "../../plan/sketch";
import { isEditable, setPlan } from "../../plan/store";

export function KeptBar({ onContinue }: { onContinue: (sketch: Sketch) => void }) {
  const t = useT();
  const kept = usePlan((state) => (isEditable(state) ? state.kept : null));
  if (!kept) return null;
  const forget = () => {
    dropSketch();
    setPlan({ kept: null });
  };
  return (
    <div className="kept-bar" role="region" aria-label={t("tool.kept.title")}>
      <span>{t("tool.kept.offer", { tool: t(`tool.${kept.tool}`) })}</span>
      <Button size="compact-sm" onClick={() => onContinue(kept)}>
        {t("tool.kept.continue")}
      </Button>
      <Button size="compact-sm" variant="default" onClick={forget}>
        {t("tool.kept.forget")}
      </Button>
    </div>
  );
}
