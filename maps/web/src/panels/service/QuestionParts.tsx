/** What the panels of analyses share: their title, the question folded to a line, and its form. */
import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { IconArrowAutofitWidth } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useApp, useSentence, useT } from "../../app/hooks";
import { set } from "../../app/state";
import { Card, Hint, PanelTitle } from "../parts";

/** A title with the button that makes room for wide tables. */
export function WideTitle({ children }: { children: ReactNode }) {
  const t = useT();
  const wide = useApp((state) => state.panelWide);
  const label = t(wide ? "servicePanel.narrow" : "servicePanel.widen");
  return (
    <PanelTitle
      aside={
        <Tooltip label={label}>
          <ActionIcon
            variant="subtle"
            color="gray.7"
            aria-label={label}
            aria-pressed={wide}
            // Beside a wide table there is no room for the details, too.
            onClick={() => set({ panelWide: !wide, ...(wide ? {} : { inspector: false }) })}
          >
            <IconArrowAutofitWidth size={18} />
          </ActionIcon>
        </Tooltip>
      }
    >
      {children}
    </PanelTitle>
  );
}

interface FoldedProps {
  /** What was asked, in one line. */
  text: string;
  isOfDraft: boolean;
  /** The runs asked before. */
  recent: ReactNode;
  onOpen: () => void;
  onClear: () => void;
}

export function FoldedQuestion({ text, isOfDraft, recent, onOpen, onClear }: FoldedProps) {
  const t = useT();
  return (
    <Card>
      <div className="question-line">{text}</div>
      {isOfDraft && <Hint>{t("question.ofDraft")}</Hint>}
      <Group gap={6} mt={6}>
        <Button variant="light" size="compact-xs" onClick={onOpen}>
          {t("question.change")}
        </Button>
        {recent}
        <Button variant="subtle" c="gray.8" size="compact-xs" ml="auto" onClick={onClear}>
          {t("run.clear")}
        </Button>
      </Group>
    </Card>
  );
}

interface FormProps {
  intro: string;
  /** What the button says. */
  ask: string;
  canAsk: boolean;
  isRunning: boolean;
  recent: ReactNode;
  /** What is missing in the county, if something is. */
  missing: string | null;
  error: Error | null;
  onAsk: () => void;
  /** Back to the line; null while there is no answer. */
  onFold: (() => void) | null;
  children: ReactNode;
}

export function QuestionForm(props: FormProps) {
  const { intro, ask, canAsk, isRunning, recent, missing, error, onAsk, onFold, children } = props;
  const t = useT();
  const sentence = useSentence();
  return (
    <Card>
      <Hint>{intro}</Hint>
      <form
        className="question-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (canAsk) onAsk();
        }}
      >
        {children}
        <Group gap={6} mt={4}>
          <Button type="submit" loading={isRunning} disabled={!canAsk}>
            {ask}
          </Button>
          {recent}
          {onFold && (
            <Button variant="subtle" c="gray.8" ml="auto" onClick={onFold}>
              {t("question.fold")}
            </Button>
          )}
        </Group>
      </form>
      {missing !== null && <Hint>{missing}</Hint>}
      {error && (
        <p className="service-error" role="alert">
          {t("run.refused", { reason: sentence(error) })}
        </p>
      )}
    </Card>
  );
}
