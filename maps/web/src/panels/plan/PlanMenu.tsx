/** What can be done with the open plan as a whole. */
import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconDotsVertical,
  IconFileDownload,
  IconGitBranch,
  IconPencil,
  IconRefresh,
  IconSend,
  IconTrash,
} from "@tabler/icons-react";
import { useRef } from "react";
import { type Plan, planFileUrl } from "../../api/plans";
import { useApp, useT } from "../../app/hooks";
import { setPlan, type PlanDialog } from "../../plan/store";
import { useReopen } from "./useReopen";

export function PlanMenu({ plan, onRename }: { plan: Plan; onRename: () => void }) {
  const t = useT();
  const reachable = useApp((state) => state.reachable);
  const reopen = useReopen();
  const { state } = plan;
  const button = useRef<HTMLButtonElement>(null);
  const ask = (dialog: PlanDialog) => () => {
    // The item goes with the menu: the dialog gives the focus back to what has it now.
    button.current?.focus();
    setPlan({ dialog });
  };
  return (
    <Menu position="bottom-end" width={230} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Tooltip label={t("plan.menu")}>
          <ActionIcon ref={button} variant="subtle" color="gray.7" aria-label={t("plan.menu")}>
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {state !== "published" && (
          <Menu.Item
            leftSection={<IconPencil size={15} />}
            disabled={!reachable}
            onClick={onRename}
          >
            {t("plan.rename")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconGitBranch size={15} />}
          disabled={!reachable}
          onClick={ask("branch")}
        >
          {t("plan.branch")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileDownload size={15} />}
          component="a"
          href={planFileUrl(plan.id)}
          download
        >
          {t("plan.export")}
        </Menu.Item>
        {state === "draft" && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconRefresh size={15} />}
              disabled={!reachable}
              onClick={ask("rebase")}
            >
              {t("plan.rebase")}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconSend size={15} />}
              disabled={!reachable}
              onClick={ask("publish")}
            >
              {t("plan.publish")}
            </Menu.Item>
          </>
        )}
        {(state === "submitted" || state === "withdrawn") && (
          <Menu.Item
            leftSection={<IconArrowBackUp size={15} />}
            disabled={!reachable}
            onClick={() => reopen.mutate()}
          >
            {t("plan.reopen")}
          </Menu.Item>
        )}
        {(state === "draft" || state === "submitted") && (
          <Menu.Item
            leftSection={<IconTrash size={15} />}
            color="red.8"
            disabled={!reachable}
            onClick={ask("withdraw")}
          >
            {t("plan.withdraw")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
