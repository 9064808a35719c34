/** How people go: only ways there is data for can be chosen, and how to get the others is said. */
import { Anchor, SegmentedControl } from "@mantine/core";
import type { Means, Mode } from "../../api/runs";
import { useT } from "../../app/hooks";
import { set } from "../../app/state";
import { Hint } from "../parts";
import { MODES, setQuestion, useQuestion } from "./question";

export function WayFields({ loaded }: { loaded: readonly Mode[] }) {
  const t = useT();
  const { mode, means } = useQuestion();
  const missing = MODES.filter((each) => !loaded.includes(each));
  return (
    <>
      <div>
        <div className="field-label" id="question-mode">
          {t("question.mode")}
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="question-mode"
          value={mode}
          onChange={(value) => setQuestion({ mode: value })}
          data={MODES.map((value) => ({
            value,
            label: t(`mode.${value}`),
            disabled: !loaded.includes(value),
          }))}
        />
        {missing.length > 0 && (
          <Hint>
            {missing.map((each) => t(`question.missing.${each as "road" | "terrain"}`)).join("")}{" "}
            <Anchor component="button" type="button" onClick={() => set({ panel: "data" })}>
              {t("question.import")}
            </Anchor>
          </Hint>
        )}
      </div>
      {mode === "road" && (
        <div>
          <div className="field-label" id="question-means">
            {t("question.means")}
          </div>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="question-means"
            value={means}
            onChange={(value) => setQuestion({ means: value })}
            data={(["walk", "drive"] as Means[]).map((value) => ({
              value,
              label: t(`means.${value}`),
            }))}
          />
        </div>
      )}
    </>
  );
}
