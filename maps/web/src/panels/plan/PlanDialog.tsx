/** The frame of every question about the open plan. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import type { Plan } from "../../api/plans";
import { useT } from "../../app/hooks";

/** What every dialog is given. */
export interface DialogProps {
  plan: Plan;
  opened: boolean;
  onClose: () => void;
}

interface FrameProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function PlanDialog({ title, opened, onClose, children }: FrameProps) {
  const t = useT();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      transitionProps={{ duration: 100 }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {children}
    </Modal>
  );
}
