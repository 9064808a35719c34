/** What am I doing: one button an activity. */
import { UnstyledButton } from "@mantine/core";
import {
  IconArrowsJoin2,
  IconDatabase,
  IconHelpCircle,
  IconMapPinSearch,
  IconPencil,
  IconStack2,
  IconTargetArrow,
} from "@tabler/icons-react";
import { useApp, useT } from "./hooks";
import { type PanelId, set, togglePanel } from "./state";

const ITEMS: readonly { id: PanelId; icon: typeof IconStack2 }[] = [
  { id: "layers", icon: IconStack2 },
  { id: "plan", icon: IconPencil },
  { id: "service", icon: IconTargetArrow },
  { id: "merges", icon: IconArrowsJoin2 },
  { id: "lookup", icon: IconMapPinSearch },
  { id: "data", icon: IconDatabase },
];

export function Rail() {
  const t = useT();
  const panel = useApp((state) => state.panel);
  return (
    <nav className="rail" aria-label={t("rail.label")}>
      {ITEMS.map(({ id, icon: Icon }) => (
        <UnstyledButton
          key={id}
          className="rail-item"
          data-panel={id}
          data-active={panel === id}
          aria-pressed={panel === id}
          onClick={() => togglePanel(id)}
        >
          <Icon size={22} stroke={1.6} aria-hidden />
          <span>{t(`rail.${id}`)}</span>
        </UnstyledButton>
      ))}
      <UnstyledButton className="rail-item rail-end" onClick={() => set({ dialog: "help" })}>
        <IconHelpCircle size={22} stroke={1.6} aria-hidden />
        <span>{t("rail.help")}</span>
      </UnstyledButton>
    </nav>
  );
}
