/** What the tool wants next; after an edit, first what was made. */
import { useEffect, useState } from "react";
import { useApp, usePlan, useT } from "../../app/hooks";

/** As long the word of an edit stands at least: tools that look for faults say something new at once. */
const READ_MS = 4000;

export function HintLine() {
  const t = useT();
  const { hint, made } = usePlan((state) => ({ hint: state.hint, made: state.made }));
  const isPicking = useApp((state) => state.picking);
  /** The word of an edit stands until the tool says something new. */
  const [said, setSaid] = useState({ made, hint: null as typeof hint });
  if (said.made !== made) setSaid({ made, hint });
  const [read, setRead] = useState<typeof made>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRead(made), READ_MS);
    return () => clearTimeout(timer);
  }, [made]);
  if (!hint || isPicking) return null;
  const isFresh = made !== null && said.made === made && (said.hint === hint || read !== made);
  return (
    <div className="hint" role="status">
      {isFresh && (
        <strong className="made">
          {t(`tool.made.${made.type}`)} · {t("plan.revision", { n: made.revision })}
          {made.type !== "undo" && ` · ${t("tool.undoKey")}`}
        </strong>
      )}
      <span>{t(hint.key, hint.values)}</span>
    </div>
  );
}
